"""What a company says now of an invoice or of an order. Whoever asks here commits nothing of a payment."""

from collections.abc import Mapping
from contextlib import suppress

from faturat.clock import Clock
from faturat.contracts.types import Contract
from faturat.errors import FaturatError, NotAsked
from faturat.gate.biller import BillerGate
from faturat.health.types import Lane
from faturat.invoices.service import InvoiceService
from faturat.invoices.types import Invoice, InvoiceState, KnownInvoice
from faturat.payments.later import nobody_waits
from faturat.payments.types import Payment, Receipt, Settled, StatusReply, Unknown
from faturat.store.port import Store


class Asking:
    def __init__(self, store: Store, gates: Mapping[str, BillerGate], invoices: InvoiceService, clock: Clock) -> None:
        self._store = store
        self._gates = gates
        self._invoices = invoices
        self._clock = clock

    async def quote(self, payment: Payment, gate: BillerGate) -> Invoice | None:
        """The invoice as it stands before money is held for it; None: it is no longer asked for.

        Raises FaturatError where the company does not answer, NotAsked where nobody asks it.
        """
        known = await self._store.invoice(payment.invoice)
        contract = await self._contract_of(known)
        able = gate.biller.capabilities
        asks = able.live_quote or able.exchange_every is not None  # the register is at hand
        stands = not asks and await self._invoices.still_stands(known, contract)
        # money is not held for a company that is down: whether it is back is tried by asking it
        if stands and await gate.always_called():
            # again: what the contract's last check changed may have come after the row was read
            known = await self._store.invoice(payment.invoice)
            return known.invoice if known is not None and known.state is InvoiceState.OPEN else None
        # those of one morning come all at once: whoever waits for theirs goes first
        lane = Lane.BACKGROUND if nobody_waits(payment) else Lane.PAYMENT
        if contract is None:
            said = await self._invoices.read(gate, payment.order.reference, lane)
        else:
            # also stores what changed, so that the customer's list shows the new total
            said = await self._invoices.refresh(contract, lane, paying=payment.order.invoice_key)
        return next((invoice for invoice in said if invoice.invoice_key == payment.order.invoice_key), None)

    async def _contract_of(self, known: KnownInvoice | None) -> Contract | None:
        """The contract that an invoice belongs to; None for a quote, and where the contract was removed."""
        if known is None or known.contract is None:
            return None
        return await self._store.contract(known.contract)

    async def read_anew(self, payment: Payment) -> None:
        """The biller refused what it had listed: the customer sees at once what it asks for now."""
        contract = await self._contract_of(await self._store.invoice(payment.invoice))
        if contract is not None and contract.biller in self._gates:
            with suppress(FaturatError):  # the sweep asks again
                await self._invoices.refresh(contract, paying=payment.order.invoice_key)

    async def outcome_now(self, payment: Payment) -> StatusReply:
        """What the company says of an order, without sending it again; asked whatever the breaker says."""
        gate = self._gates.get(payment.order.biller)
        if gate is None:
            return Unknown("no_plugin")
        try:
            return await self.outcome(payment, gate, last=True)
        except NotAsked as error:
            return Unknown(error.why)

    async def outcome(self, payment: Payment, gate: BillerGate, last: bool) -> StatusReply:
        """What the company says of an order, by its status or by what it has booked; raises NotAsked.

        `last`: it is asked whatever the breaker says.
        """
        if gate.biller.capabilities.status_inquiry:
            return await gate.payment_status(payment.order, _lane(last), last)
        return await self._proof_in_contract(payment, gate, last)

    async def _proof_in_contract(self, payment: Payment, gate: BillerGate, last: bool) -> StatusReply:
        """Read the contract again: only this invoice's entry that carries our order id proves anything.

        Its total is what was booked; the rules compare it with what was held.
        """
        try:
            said = await self._invoices.read(gate, payment.order.reference, _lane(last), last)
        except NotAsked:
            raise
        except FaturatError as error:
            return Unknown(error.code)
        key = payment.order.invoice_key
        ours = (entry for entry in said if entry.paid_by_order == payment.id and entry.invoice_key == key)
        if (proof := next(ours, None)) is None:
            return Unknown("no_proof")
        return Settled(Receipt(proof.number, self._clock.now(), proof.total))


def _lane(last: bool) -> Lane:
    """A question about an earlier payment lets new ones go first, but for the last one."""
    return Lane.PAYMENT if last else Lane.BACKGROUND
