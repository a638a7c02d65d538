"""The steps of a seed: what customers, workers, companies and accidents do."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from faturat import Faturat
from faturat.invoices.types import InvoiceState, KnownInvoice, PayChoices
from faturat.payments.several import Chosen
from faturat.payments.states import LIVE
from simulation.company import CODES
from simulation.ending import Ending, file_companies
from simulation.later import Later
from simulation.operators import decide, payments_to_decide
from simulation.swarm import ACCIDENTS, weights_of
from simulation.world import CUSTOMERS, World

STEPS = 200
CHANGED_MEANWHILE = 0.1
"""How often a company's total changes between looking and paying, where totals change at all."""


@dataclass
class Try:
    """One request to pay, as its customer sent it."""

    customer: str
    invoice: str
    account: str
    amount: int
    key: str
    seen_total: int | None


@dataclass
class Steps:
    world: World
    shown: list[KnownInvoice] = field(default_factory=list)
    tries: list[Try] = field(default_factory=list)
    contracts: list[tuple[str, str]] = field(default_factory=list)
    removed: list[tuple[str, str]] = field(default_factory=list)
    _keys: Iterator[int] = field(default_factory=count)

    def run(self, steps: int = STEPS) -> None:
        world, random = self.world, self.world.random
        often = weights_of(world.seed)
        names = list(often)
        weights = [self._weight(name, often[name]) for name in names]
        later = Later(world, self)
        for _ in range(steps):
            name = random.choices(names, weights)[0]
            world.done[name] += 1
            world.trace("step", name, "", "")
            getattr(self, name)()
            self._pass_time()
            later.after_a_step()
        Ending(world).run()
        later.at_end()

    def _weight(self, name: str, often: float) -> float:
        world = self.world
        if name in ACCIDENTS and world.swarm.accidents[name] == 0:
            return 0.0
        if name == "exchange" and not file_companies(self.world):
            return 0.0
        return often * world.swarm.weights.get(name, 1.0)

    def _pass_time(self) -> None:
        random, swarm = self.world.random, self.world.swarm
        drawn = random.random()
        if drawn < 0.4:
            self.world.let(0.05 * random.random())
        elif drawn < 0.72:
            self.world.let(2 * random.random())
        elif drawn < 0.9:
            self._minute(40 * random.random())
        else:
            self._minute(48)
            self.world.let((900 if drawn < 0.97 else 14_400) * random.random() * swarm.pace)
            self._work("recover")  # no day passes without any
            self._work("exchange")

    def _minute(self, seconds: float) -> None:
        slices = int(seconds / 4) if self.world.swarm.eager else 0
        for _ in range(slices):
            self._work("recover")
            self.world.let(seconds / slices)
        if not slices:
            self.world.let(seconds)

    # customers
    def ask_web(self, what: str, ask: Callable[[Faturat], Awaitable[Any]]) -> None:
        web = self.world.random.choice(self.world.webs)
        web.spawn(what, lambda: ask(web.faturat))

    def _where(self) -> tuple[str, str, str]:
        """A customer, a company and a reference; now and then one that does not exist."""
        random = self.world.random
        code = random.choice(CODES) if random.random() < 0.95 else "ZZ"
        return random.choice(CUSTOMERS), random.choice(list(self.world.companies)), code

    def look_up(self) -> None:
        customer, company, code = self._where()

        async def ask(faturat: Faturat) -> None:
            found = await faturat.invoices.look_up(customer, company, None, {"code": code})
            self.shown += found.quotes

        self.ask_web("look_up", ask)

    def register(self) -> None:
        customer, company, code = self._where()

        async def ask(faturat: Faturat) -> None:
            made = await faturat.contracts.register(customer, company, None, {"code": code}, "Shtëpia")
            self.contracts.append((customer, made.contract.id))
            self.shown += await faturat.invoices.of(customer)

        self.ask_web("register", ask)

    def list_invoices(self) -> None:
        customer = self.world.random.choice(CUSTOMERS)

        async def ask(faturat: Faturat) -> None:
            self.shown += await faturat.invoices.of(customer)

        self.ask_web("list_invoices", ask)

    def _draw_try(self) -> Try | None:
        """Pay something shown lately, mostly as it was shown."""
        if not self.shown:
            return None
        return self._try_for(self.world.random.choice(self.shown[-8:]))

    def _try_for(self, row: KnownInvoice) -> Try:
        random = self.world.random
        assert isinstance(row.invoice.payable, PayChoices)
        amount = random.choice(row.invoice.payable.choices).amount
        seen = row.invoice.total if random.random() < 0.7 else None
        account = "rich" if random.random() < 0.8 else "main"
        return Try(row.customer, row.id, account, amount, f"k{next(self._keys)}", seen)

    def _send(self, request: Try) -> None:
        self.ask_web("pay", lambda faturat: self._pay(faturat, request))

    async def _pay(self, faturat: Faturat, request: Try) -> None:
        self.tries.append(request)
        payment = await faturat.payments.pay(
            request.customer, request.invoice, request.account, request.amount, request.key, request.seen_total
        )
        self.world.checks.paid_by_key(request.customer, request.key, payment)

    def look_up_and_pay(self) -> None:
        """What most customers do; now and then the company asks for another total while they read."""
        customer, company, code = self._where()
        changes = self.world.swarm.accidents["amount_changes"] > 0 and self.world.random.random() < CHANGED_MEANWHILE

        async def ask(faturat: Faturat) -> None:
            found = await faturat.invoices.look_up(customer, company, None, {"code": code})
            self.shown += found.quotes
            if changes:
                self.world.faults["amount_changes"] += 1
                self.world.companies[company].change_total()
            if found.quotes:
                await self._pay(faturat, self._try_for(self.world.random.choice(found.quotes)))

        self.ask_web("look_up_and_pay", ask)

    def pay(self) -> None:
        if (request := self._draw_try()) is not None:
            self._send(request)

    def pay_twice(self) -> None:
        """One request, sent again before it is answered, perhaps to another process."""
        if (request := self._draw_try()) is not None:
            for _ in range(self.world.random.choice((2, 2, 5))):
                self._send(request)

    def pay_rivals(self) -> None:
        """One invoice, from everybody who was shown it, each with a key of their own."""
        if (request := self._draw_try()) is None:
            return
        key = next(row.invoice.invoice_key for row in reversed(self.shown) if row.id == request.invoice)
        rows = {row.id: row for row in self.shown[-40:] if row.invoice.invoice_key == key}
        for number, row in enumerate(rows.values()):
            amount = row.invoice.total if number else request.amount
            self._send(Try(row.customer, row.id, "rich", amount, f"{request.key}-{number}", None))

    def pay_several(self) -> None:
        """Look at the list and pay what is open with one confirmation, which is sent again now and then."""
        random, key = self.world.random, f"k{next(self._keys)}"
        customer = random.choice(CUSTOMERS)

        async def ask(faturat: Faturat) -> None:
            rows = await faturat.invoices.of(customer, states=(InvoiceState.OPEN,))
            chosen = [Chosen(row.id, row.invoice.total) for row in rows[: random.randint(1, 6)]]
            for _ in range(random.choice((1, 1, 2)) if chosen else 0):
                self.ask_web("pay_several", lambda faturat: self._pay_several(faturat, customer, chosen, key))

        self.ask_web("list_invoices", ask)

    async def _pay_several(self, faturat: Faturat, customer: str, chosen: list[Chosen], key: str) -> None:
        await faturat.several.pay(customer, chosen, "rich", key)
        begun = await faturat.several.begun(customer, [each.invoice for each in chosen], key)
        for invoice, payment in begun.payments.items():
            self.world.checks.paid_by_key(customer, f"{key} {invoice}", payment)

    def repeat(self) -> None:
        """An old request again, or another one with its key."""
        if self.tries:
            old = self.world.random.choice(self.tries)
            again = Try(**vars(old))
            if self.world.random.random() < 0.2:
                again.amount += 1
            self._send(again)

    def pay_badly(self) -> None:
        """A stale total, another's account, another's invoice, an amount that the company does not take."""
        if (request := self._draw_try()) is None:
            return
        random = self.world.random
        match random.randrange(4):
            case 0:
                request.seen_total = (request.seen_total or 0) + 100
            case 1:
                request.account = "c9-main"
            case 2:
                request.customer = random.choice(CUSTOMERS)
            case _:
                request.amount += 1
        self._send(request)

    def cancel(self) -> None:
        if self.world.store._payments:
            payment = list(self.world.store._payments.values())[-1]
            self.ask_web("cancel", lambda faturat: faturat.payments.cancel(payment.order.customer, payment.id))

    def remove(self) -> None:
        if self.contracts:
            customer, contract = self.contracts.pop(self.world.random.randrange(len(self.contracts)))
            self.removed.append((customer, contract))
            self.ask_web("remove", lambda faturat: faturat.contracts.remove(customer, contract))

    def restore(self) -> None:
        """Take back a removal, mostly the last one, and twice at once now and then."""
        random = self.world.random
        if self.removed:
            customer, contract = self.removed[-1] if random.random() < 0.7 else random.choice(self.removed)
            for _ in range(random.choice((1, 1, 2))):
                self.ask_web("restore", lambda faturat: self._restore(faturat, customer, contract))

    async def _restore(self, faturat: Faturat, customer: str, contract: str) -> None:
        restored = await faturat.contracts.restore(customer, contract)
        if (customer, restored.id) not in self.contracts:
            self.contracts.append((customer, restored.id))

    # operators
    def ask(self) -> None:
        """Put an open question again, whatever the payment waits for."""
        if waiting := [row for row in self.world.store._payments.values() if row.state in LIVE]:
            payment = self.world.random.choice(waiting)
            self.ask_web("ask", lambda faturat: faturat.operators.ask("op", payment.id))

    def decide(self) -> None:
        """Decide by what the company's own books say, and twice at once now and then."""
        if waiting := payments_to_decide(self.world):
            payment = self.world.random.choice(waiting)
            for _ in range(1 + (self.world.random.random() < 0.3)):
                self.ask_web("decide", lambda faturat: decide(self.world, faturat, payment))

    # workers
    def _work(self, name: str) -> None:
        workers = self.world.workers
        chosen = workers if self.world.random.random() < 0.3 else [self.world.random.choice(workers)]
        for worker in chosen:
            worker.one_pass(name)

    def recover(self) -> None:
        self._work("recover")

    def sweep(self) -> None:
        self._work("sweep")
        self._work("purge")

    def deliver(self) -> None:
        self._work("deliver")

    def exchange(self) -> None:
        self._work("exchange")
        for company in file_companies(self.world):
            if self.world.random.random() < 0.4:
                cut = self.world.faults_on and self.world.random.random() < self.world.swarm.accidents["cut_file"]
                self.world.faults["cut_file"] += cut
                company.work(cut)

    # companies
    def new_invoice(self) -> None:
        company = self.world.random.choice(list(self.world.companies.values()))
        company.issue(self.world.random.choice(CODES))

    def amount_changes(self) -> None:
        self.world.faults["amount_changes"] += 1
        self.world.random.choice(list(self.world.companies.values())).change_total()

    def paid_elsewhere(self) -> None:
        self.world.faults["paid_elsewhere"] += 1
        self.world.random.choice(list(self.world.companies.values())).pay_elsewhere()

    def company_down(self) -> None:
        self._down("company_down", self.world.random.choice(list(self.world.companies.values())))

    def bank_down(self) -> None:
        self._down("bank_down", self.world.bank)

    def _down(self, kind: str, peer: Any) -> None:
        self.world.faults[kind] += 1
        peer.down = True
        self.world.loop.after(1000 * self.world.random.random() ** 2, setattr, peer, "down", False)

    # accidents
    def crash(self) -> None:
        """A process dies within some steps of its own, and is started again later."""
        process = self.world.random.choice(self.world.processes)
        self.world.crash(process, self.world.random.choice((1, 10, 60)))
        self.world.loop.after(60 * self.world.random.random() ** 2, self.world.restart)

    def pause(self) -> None:
        process = self.world.random.choice(self.world.processes)
        if not process.life.dead:
            self.world.faults["pause"] += 1
            self.world.stall(process.life)
