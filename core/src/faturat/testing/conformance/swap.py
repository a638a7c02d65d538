"""The host of a company that swaps files, as far as a check needs it: files, register and orders in memory."""

from faturat.billers import Reference, Subscriber
from faturat.errors import FaturatError
from faturat.exchange.types import ExchangeFile, ExchangeReply, OutgoingFile, RegisterEntry
from faturat.gate.biller import BillerGate
from faturat.invoices.types import Invoice
from faturat.payments.types import Order, Outcome, Rejected, Settled


class SwapHost:
    """Keeps what the host would store between two exchanges."""

    def __init__(self) -> None:
        self.known: set[str] = set()
        self.register: dict[Reference, RegisterEntry] = {}
        self.orders: dict[str, Order] = {}
        self.carried: dict[str, str] = {}
        """The name of the file that carries an order, by the order's id."""
        self.outcomes: dict[str, Outcome] = {}
        self.heard: list[tuple[str, Outcome]] = []
        """Every outcome that was ever said, with its order's id."""
        self.unsent: tuple[OutgoingFile, ...] = ()

    @property
    def waiting(self) -> tuple[Order, ...]:
        """The queued orders that no file carries yet."""
        return tuple(order for order in self.orders.values() if order.id not in self.carried)

    def queue(self, order: Order) -> None:
        self.orders[order.id] = order

    async def cycle(self, gate: BillerGate) -> None:
        """One exchange: collect, exchange, keep what came of it, send. Raises what the gate raises."""
        inbox = await gate.collect_files(frozenset(self.known))
        self.keep(inbox, await gate.exchange(inbox, self.waiting))
        await gate.send_files(self.unsent)
        self.unsent = ()

    def keep(self, inbox: tuple[ExchangeFile, ...], reply: ExchangeReply) -> None:
        self.known |= {file.name for file in inbox} - set(reply.incomplete)
        for entry in reply.register:
            known = self.register.get(entry.reference)
            if known is None or known.as_of <= entry.as_of:
                self.register[entry.reference] = entry
        for file in reply.files:
            self.carried |= dict.fromkeys(file.orders, file.name)
        self.heard += reply.outcomes.items()
        for order, outcome in reply.outcomes.items():
            if not isinstance(self.outcomes.get(order), Settled | Rejected):
                self.outcomes[order] = outcome
        self.unsent += reply.files

    def find(self, reference: Reference) -> Subscriber | FaturatError:
        entry = self.register.get(reference)
        return FaturatError("unknown_reference", biller="", help="") if entry is None else Subscriber(entry.subscriber)

    def fetch(self, reference: Reference) -> tuple[Invoice, ...] | FaturatError:
        entry = self.register.get(reference)
        return FaturatError("unknown_reference", biller="", help="") if entry is None else entry.invoices
