"""The state machine: whatever customers, company and time do, the engine shows what the model says."""

from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from itertools import cycle
from typing import Any, TypeVar

from fakes.world import World
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)
from machine_company import CODES, Company, Pays, Reads, bill
from machine_model import ACCOUNTS, DAY, MINUTE, SURE, Model, Refused
from machine_view import compare

from faturat import EngineSettings, FaturatError, Invoice, Payment, PaymentState, verify
from faturat.health.breaker import answered
from faturat.notices.types import NoticeEvent
from faturat.store.port import Store

T = TypeVar("T")
Run = Callable[[Coroutine[Any, Any, T]], T]

TOTALS = st.integers(1, 300_000)
SHARES = st.sampled_from(["all", "half"])
TWISTS = st.sampled_from(["", "", "", "", "stale", "too much", "poor", "nobody's", "another's"])
CHANGES = st.sampled_from(["total", "withdrawn", "elsewhere", "elsewhere, shown", "back"])
MEANWHILE = st.sampled_from(["", "", "", "total", "withdrawn", "total, read by others", "withdrawn, read by others"])
NAMES = st.sampled_from(["Shtëpia", "Zyra", "Garazhi"])


class Machine(RuleBasedStateMachine):
    """One engine with its store, the model beside it. `run` runs a coroutine on the loop that the store lives on."""

    run: Run[Any]
    new_store: Callable[[], Awaitable[Store]]
    live: bool

    customers = Bundle("customers")
    contracts = Bundle("contracts")
    invoices = Bundle("invoices")
    quotes = Bundle("quotes")
    payments = Bundle("payments")

    def __init__(self) -> None:
        super().__init__()
        self.company = Company(self.live)
        # the model does not count how often a customer looks
        settings = EngineSettings(look_ups_per_hour=100_000)
        self.world = World(biller=self.company, store=self.run(self.new_store()), settings=settings)
        self.engine = self.world.faturat
        self.model = Model(self.world.clock.now(), self.live)
        self.world.bank.balances = dict(self.model.balances)
        self.codes: dict[str, str] = {}
        self.pressed = 0
        self.withdrawn: Invoice | None = None

    @initialize(target=customers)
    def people(self) -> MultipleResults[str]:
        return multiple(*ACCOUNTS)

    @initialize(target=invoices, totals=st.lists(TOTALS, min_size=2, max_size=4))
    def first_invoices(self, totals: list[int]) -> MultipleResults[str]:
        return multiple(*(self.issue(code, total) for code, total in zip(cycle(CODES), totals, strict=False)))

    @initialize(
        target=contracts,
        customers=st.sampled_from([("c1",), ("c1", "c2")]),
        reads=st.sampled_from(["up", "half"]),
    )
    def first_contracts(self, customers: tuple[str, ...], reads: Reads) -> MultipleResults[str]:
        self.fall_silent(reads, "up")
        made = [self.register(customer, CODES[0], "Shtëpia") for customer in customers]
        self.fall_silent("up", "up")
        return multiple(*made)

    def same(self, expected: Callable[[], Any], call: Coroutine[Any, Any, T]) -> T | None:
        """Run the call; it is refused where the model refuses, with the same code."""
        try:
            expected()
        except Refused as refusal:
            code = str(refusal)
        else:
            return self.run(call)
        try:
            self.run(call)
        except FaturatError as error:
            assert error.code == code
        else:
            raise AssertionError(f"was not refused with {code}")
        return None

    # contracts
    @rule(target=contracts, customer=customers, code=st.sampled_from(CODES), name=NAMES)
    def register(self, customer: str, code: str, name: str) -> Any:
        made: list[dict[str, Any]] = []
        call = self.engine.contracts.register(customer, "fake", None, {"code": code}, name)
        registered = self.same(lambda: made.append(self.model.register(customer, code, name)), call)
        if registered is None:
            return multiple()
        self.model.contracts[registered.contract.id] = made[0]
        return registered.contract.id

    @rule(customer=customers, contract=contracts, name=NAMES)
    def rename(self, customer: str, contract: str, name: str) -> None:
        call = self.engine.contracts.rename(customer, contract, name)
        self.same(lambda: self.owned(customer, contract), call)
        if self.is_of(customer, contract):
            self.model.contracts[contract]["name"] = name

    @rule(contract=contracts, name=NAMES)
    def rename_while_it_is_read(self, contract: str, name: str) -> None:
        if contract not in self.model.contracts:
            return
        customer = self.model.contracts[contract]["customer"]
        before = self.run(self.engine.contracts.get(customer, contract))
        self.run(self.engine.contracts.rename(customer, contract, name))
        self.same(lambda: self.model.read(self.model.contracts[contract]), self.engine.invoices.refresh(before))
        self.model.contracts[contract]["name"] = name  # only now: what the reading told was told under the old name

    @precondition(lambda self: len(self.model.contracts) > 1)
    @rule(customer=customers, contract=contracts)
    def remove(self, customer: str, contract: str) -> None:
        call = self.engine.contracts.remove(customer, contract)
        self.same(lambda: self.owned(customer, contract), call)
        if self.is_of(customer, contract):
            self.model.remove(contract)

    def is_of(self, customer: str, contract: str) -> bool:
        return contract in self.model.contracts and self.model.contracts[contract]["customer"] == customer

    def owned(self, customer: str, contract: str) -> None:
        if not self.is_of(customer, contract):
            raise Refused("unknown_contract")

    @rule(customer=customers)
    def refresh(self, customer: str) -> None:
        mine = [each for each in self.model.contracts.values() if each["customer"] == customer]
        contracts = self.run(self.engine.contracts.of(customer))
        if contracts:
            call = self.engine.invoices.refresh_all("fake", contracts)
            self.same(lambda: [self.model.read(each) for each in mine], call)

    # the company
    def both(self, change: Callable[[Any], None]) -> None:
        change(self.company.ledger)
        change(self.model.company)

    @rule(target=invoices, code=st.sampled_from(CODES), total=TOTALS)
    def issue(self, code: str, total: int) -> str:
        key = f"F{len(self.codes) + 1}"
        self.codes[key] = code
        self.both(lambda ledger: ledger.ask(code, bill(key, total)))
        return key

    @rule(key=invoices, how=CHANGES, total=TOTALS)
    def the_company_changes(self, key: str, how: str, total: int) -> None:
        """Another total, or the same key anew once it is gone; withdrawn; paid on another channel; back as it was."""
        code = self.codes[key]
        owed = self.model.company.owed[code].get(key)
        if how == "total":
            again = bill(key, total, 1 if owed is None else owed.part)
            self.both(lambda ledger: ledger.ask(code, again))
        elif how == "elsewhere" or how == "elsewhere, shown":
            self.both(lambda ledger: ledger.take_elsewhere(code, key, how == "elsewhere, shown"))
        elif how == "withdrawn" and owed is not None:
            self.withdrawn = owed
            self.both(lambda ledger: ledger.withdraw(code, key))
        elif how == "back" and self.withdrawn is not None:
            back, self.withdrawn = self.withdrawn, None
            self.both(lambda ledger: ledger.ask(self.codes[back.invoice_key], back))

    def meanwhile(self, key: str, what: str, customer: str) -> None:
        """What the company did since this customer looked; perhaps others have heard of it."""
        self.the_company_changes(key, what.removesuffix(", read by others"), 50_000)
        if what.endswith("read by others"):
            for other in ACCOUNTS:
                if other != customer:
                    self.refresh(other)

    @rule(lags=st.booleans())
    def lag(self, lags: bool) -> None:
        def change(ledger: Any) -> None:
            ledger.lags = lags
            ledger.show()

        self.both(change)

    @rule(reads=st.sampled_from(["up", "up", "half", "down"]), pays=st.sampled_from(["up", "silent", "lost"]))
    def fall_silent(self, reads: Reads, pays: Pays) -> None:
        """Or wake up; how it reads and how it pays are two things."""
        self.company.reads = self.model.reads = reads
        self.company.pays = self.model.pays = pays

    # paying
    @rule(target=quotes, customer=customers, code=st.sampled_from(CODES))
    def look_up(self, customer: str, code: str) -> MultipleResults[str]:
        found: list[dict[str, Any]] = []
        call = self.engine.invoices.look_up(customer, "fake", None, {"code": code})
        answer = self.same(lambda: found.extend(self.model.look_up(customer, code)), call)
        quotes = {} if answer is None else {quote.invoice.invoice_key: quote.id for quote in answer.quotes}
        assert quotes.keys() == {quote["said"].invoice_key for quote in found}
        self.model.quotes |= {quotes[quote["said"].invoice_key]: quote for quote in found}
        return multiple(*quotes.values())

    @rule(target=payments, customer=customers, share=SHARES, what=MEANWHILE)
    def pay_what_is_open(self, customer: str, share: str, what: str) -> Any:
        for contract, kept in self.model.contracts.items():
            for key, row in kept["rows"].items():
                if row["state"] == "open" and kept["customer"] == customer:
                    self.meanwhile(key, what, customer)
                    return self._pay_row(customer, contract, key, share)
        return multiple()

    @rule(target=payments, customer=customers, key=invoices, share=SHARES, twist=TWISTS)
    def pay_from_a_contract(self, customer: str, key: str, share: str, twist: str) -> Any:
        whose = [each["customer"] == customer or twist == "another's" for each in self.model.contracts.values()]
        known = [each for each, mine in zip(self.model.contracts, whose, strict=True) if mine]
        known = [each for each in known if key in self.model.contracts[each]["rows"]]
        return self._pay_row(customer, known[-1], key, share, twist) if known else multiple()

    def _pay_row(self, customer: str, contract: str, key: str, share: str, twist: str = "") -> Any:
        kept = self.model.contracts[contract]
        rows = self.run(self.engine.invoices.of(kept["customer"], contract=contract))
        row_id = next(row.id for row in rows if row.invoice.invoice_key == key)
        row = kept["rows"][key]
        mine = row if kept["customer"] == customer else None
        return self._pay(customer, row_id, mine, kept, row["said"].total, share, twist)

    @rule(target=payments, customer=customers, quote=quotes, share=SHARES, what=MEANWHILE)
    def pay_from_a_quote(self, customer: str, quote: str, share: str, what: str) -> Any:
        kept = self.model.quotes[quote]
        self.meanwhile(kept["said"].invoice_key, what, customer)
        fresh = self.model.now <= kept["since"] + 15 * MINUTE
        mine = kept if kept["customer"] == customer and fresh else None
        return self._pay(customer, quote, mine, None, kept["said"].total, share)

    def _pay(
        self,
        customer: str,
        row_id: str,
        row: dict[str, Any] | None,
        contract: dict[str, Any] | None,
        total: int,
        share: str,
        twist: str = "",
    ) -> Any:
        """Pay under a new key; `row` is None where the customer must not see it, `contract` for a quote."""
        amount = max(1, total // 2) if share == "half" else total + (twist == "too much")
        account = {"poor": "main", "nobody's": "nobody's"}.get(twist, "savings")
        seen = total + (twist == "stale")
        self.pressed += 1
        asked = (customer, row_id, account, amount, f"k{self.pressed}", seen)
        balance = self.model.balances.get((customer, account))

        def refuse() -> None:
            if row is None:
                raise Refused("unknown_invoice")
            self.model.refuse_pay(row, amount, seen, balance)

        answer = self.same(refuse, self.engine.payments.pay_by_key(*asked))
        if answer is None:
            return multiple()
        assert row is not None
        assert not answer.repeated
        code = row["code"] if contract is None else contract["code"]
        payment = self.model.pay(customer, row, contract, code, account, amount)
        self.model.payments[answer.payment.id] = payment | {"asked": asked}
        return answer.payment.id

    @rule(payment=payments, other=st.booleans())
    def press_again(self, payment: str, other: bool) -> None:
        """The same key leads to the same payment as it now stands, and to no other."""
        customer, row_id, account, amount, key, seen = self.model.payments[payment]["asked"]

        def refuse() -> None:
            if other:
                raise Refused("key_reused")

        call = self.engine.payments.pay_by_key(customer, row_id, account, amount + other, key, seen)
        answer = self.same(refuse, call)
        if answer is not None:
            assert (answer.repeated, answer.payment.id) == (True, payment)

    @rule(customer=customers, payment=payments)
    def cancel(self, customer: str, payment: str) -> None:
        def refuse() -> None:
            if self.model.payments[payment]["customer"] != customer:
                raise Refused("unknown_payment")

        self.same(refuse, self.engine.payments.cancel(customer, payment))

    # time
    @rule(by=st.sampled_from([MINUTE, 6 * MINUTE, 16 * MINUTE, timedelta(hours=2), timedelta(hours=26)]))
    def time_passes(self, by: timedelta) -> None:
        self.world.clock.advance(by)
        self.model.now = self.world.clock.now()

    @rule()
    def a_quarter_passes_and_the_worker(self) -> None:
        self.time_passes(16 * MINUTE)
        self.worker_passes()

    @rule()
    def worker_passes(self) -> None:
        while self.run(self.engine.run_due()):
            pass
        for payment_id, payment in self.model.payments.items():
            if payment["state"] == "unknown":
                self._learn(payment, self.run(self.engine.payments.get(payment["customer"], payment_id)))
        self.model.sweep()
        told = sum(map(len, self.model.notices.values()))
        heard = [each for each in self.world.listener.heard if each.event is NoticeEvent.INVOICE_NEW]
        assert len(heard) == told, "each notice is delivered once"

    def _learn(self, payment: dict[str, Any], now: Payment) -> None:
        """When an unknown payment is asked about is the engine's matter; what may come of it is not."""
        payment |= {"state": now.state.value, "reason": now.reason}
        since = self.model.now - payment["at"]
        if now.state is PaymentState.PAID:
            assert payment["booked"]
        elif now.state is PaymentState.FAILED:
            assert (payment["booked"], now.reason) == (False, "not_accepted")
            assert since >= SURE
        elif now.state is PaymentState.UNDER_REVIEW:
            assert since >= DAY  # a person decides; nothing here does yet
        else:
            assert (now.state, now.reason) == (PaymentState.UNKNOWN, "outcome_unknown")
        if now.state in (PaymentState.PAID, PaymentState.FAILED):
            self.model.end(payment, paid=payment["booked"])

    # what must hold after every step
    @invariant()
    def customers_see_what_the_model_says(self) -> None:
        self.run(compare(self.engine, self.model))
        # five calls in a row without an answer would open the breaker, which has tests of its own
        self.run(self.engine.health.move("fake", answered))
        assert self.company.ledger.bookings == self.model.company.bookings

    def teardown(self) -> None:
        """The company is well again: nothing stays unknown, and every invariant holds."""
        self.fall_silent("up", "up")
        for _ in range(3):
            self.time_passes(timedelta(hours=2))
            self.worker_passes()
            self.customers_see_what_the_model_says()
        assert "unknown" not in [payment["state"] for payment in self.model.payments.values()]
        assert self.run(verify(self.engine)).faults == ()
