"""The plugin against its simulator over real sockets: every hook, every fault of the company's side, every case."""

from collections.abc import Callable
from datetime import date

import pluggy
import pytest
from gjobat_kit import FRESH, NOBODY, OVERDUE, SHEET, HandClock, fine, gate, order

from faturat.billers import Reference
from faturat.errors import BillerError, FaturatError, UnknownReference
from faturat.hookspecs import BillerSpec
from faturat.invoices.types import Invoice
from faturat.payments.types import NotFound, Order, Outcome, Rejected, Rejection, Settled, Unknown
from faturat.testing.books import CompanyContract, IssuedInvoice
from faturat.testing.cases import INVOICES, SLOW_SECONDS, Case
from faturat.testing.company import LATE
from faturat.testing.faults import FAULTS, SPOILT, STATEMENT_FAULTS
from faturat_gjobat.mapping import DISCOUNTED, WHOLE, WITH_PENALTY
from faturat_gjobat.plugin import Gjobat
from faturat_gjobat.simulator import Simulator


async def quote(plugin: Gjobat, reference: Reference) -> tuple[Invoice, ...]:
    entry = (await plugin.fetch_invoices((reference,)))[reference]
    if isinstance(entry, FaturatError):
        raise entry
    return entry


async def ordered(plugin: Gjobat, reference: Reference, id: str = "pay_0194f0000001") -> Order:
    """An order for the one fine of a reference, at today's price."""
    (invoice,) = await quote(plugin, reference)
    return order(id, reference=reference, invoice_key=invoice.invoice_key, amount=invoice.total)


def test_pluggy_knows_every_hook(unopened: Callable[..., Gjobat]) -> None:
    manager = pluggy.PluginManager("faturat")
    manager.add_hookspecs(BillerSpec)
    manager.register(unopened(not_found_final_after=600))
    manager.check_pending()
    biller = manager.hook.describe_biller()
    able = biller.capabilities
    assert (biller.id, biller.name) == ("gjobat", "GJOBAT E POLICISË")
    assert (able.status_inquiry, able.live_quote, able.idempotent_pay, able.parts) == (True, True, False, False)
    assert (able.max_bulk, able.not_found_final_after.total_seconds()) == (1, 600)


async def test_find_contract(plugin: Gjobat) -> None:
    for reference in (FRESH, SHEET, fine("000000101")):
        assert (await plugin.find_contract(reference)).name == "Test Test"
    for reference in (NOBODY, fine("000000102"), fine("000000999")):
        with pytest.raises(UnknownReference):
            await plugin.find_contract(reference)


async def test_what_is_owed_is_the_companys_word(plugin: Gjobat) -> None:
    (half,) = await quote(plugin, FRESH)
    assert (half.amount, half.penalty, half.discount, half.total) == (5000_00, 0, 2500_00, 2500_00)
    assert (half.issued_on, half.due_on) == (date(2026, 11, 11), date(2026, 11, 26))
    late, whole = await quote(plugin, OVERDUE)
    assert (late.amount, late.penalty, late.discount, late.total) == (2000_00, 600_00, 0, 2600_00)
    assert (late.issued_on, late.due_on) == (date(2026, 10, 2), date(2026, 11, 1))
    assert (whole.amount, whole.penalty, whole.discount, whole.total) == (1000_00, 0, 0, 1000_00)
    labels = [invoice.payable.choices[0].label for invoice in (half, late, whole)]
    assert labels == [DISCOUNTED, WITH_PENALTY, WHOLE]


async def test_an_unknown_vehicle_and_a_fine_that_nobody_asks_for(plugin: Gjobat) -> None:
    assert isinstance((await plugin.fetch_invoices((NOBODY,)))[NOBODY], UnknownReference)
    assert await quote(plugin, fine("000000999")) == ()


async def test_a_new_fine_appears_within_two_minutes(plugin: Gjobat, clock: HandClock) -> None:
    clock.move(seconds=99)
    assert len(await quote(plugin, FRESH)) == 1
    assert await quote(plugin, fine("000000102")) == ()
    clock.move(seconds=1)
    assert [invoice.number for invoice in await quote(plugin, FRESH)] == ["000000101", "000000102"]


@pytest.mark.parametrize("reference", [FRESH, fine("000000101")])
async def test_pay_and_ask_and_the_fine_is_gone(plugin: Gjobat, reference: Reference) -> None:
    paying = await ordered(plugin, reference)
    assert await plugin.payment_status(paying) == NotFound()
    settled = await plugin.pay_invoice(paying)
    assert isinstance(settled, Settled)
    assert settled.receipt.amount == 2500_00
    assert await plugin.payment_status(paying) == settled
    assert await quote(plugin, FRESH) == ()
    assert await quote(plugin, fine("000000101")) == ()
    with pytest.raises(UnknownReference):
        await plugin.find_contract(fine("000000101"))


async def test_paid_twice_is_booked_once(plugin: Gjobat, simulator: Simulator) -> None:
    settled = await plugin.pay_invoice(order())
    assert await plugin.pay_invoice(order()) == settled
    assert await plugin.pay_invoice(order("pay_0194f0000002")) == Rejected(Rejection.ALREADY_PAID)
    assert len(simulator.books.bookings()) == 1


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"amount": 2500_01}, Rejected(Rejection.AMOUNT_CHANGED)),
        ({"amount": 5000_00}, Rejected(Rejection.AMOUNT_CHANGED)),
        ({"currency": "EUR"}, Rejected(Rejection.NOT_ACCEPTED)),
        ({"invoice_key": "000000102"}, Unknown("result_unknown_fine")),
    ],
)
async def test_what_the_company_does_not_take(
    plugin: Gjobat, simulator: Simulator, changes: dict[str, object], outcome: Outcome
) -> None:
    assert await plugin.pay_invoice(order(**changes)) == outcome
    assert simulator.books.bookings() == ()


@pytest.mark.parametrize(
    ("fault", "why", "booked"),
    [
        ("timeout_before_debit", "timeout", False),
        ("timeout_after_debit", "timeout", True),
        ("hang_up_before_debit", "connection_lost", False),
        ("hang_up_after_debit", "connection_lost", True),
        ("error_500", "http_500", False),
        ("error_500_after_debit", "http_500", True),
        ("unknown_reference", "result_unknown_fine", False),
        ("malformed", "bad_json", True),
        ("empty", "bad_json", True),
        ("oversized", "reply_too_large", True),
        ("garbage", "bad_json", True),
        ("not_a_number", "payment_of_another_order", True),
        ("negative", "payment_of_another_order", True),
        ("wrong_currency", "payment_of_another_order", True),
    ],
)
async def test_pay_without_a_clear_answer_is_unknown_and_the_status_tells(
    plugin: Gjobat, simulator: Simulator, clock: HandClock, fault: str, why: str, booked: bool
) -> None:
    simulator.fault(fault)
    assert await plugin.pay_invoice(order()) == Unknown(why)
    assert isinstance(await gate(plugin, clock).payment_status(order()), Settled if booked else NotFound)
    assert len(simulator.books.bookings()) == booked


async def test_settles_late(plugin: Gjobat, simulator: Simulator, clock: HandClock) -> None:
    simulator.fault("settles_late")
    assert await plugin.pay_invoice(order()) == Unknown("result_in_progress")
    assert await plugin.pay_invoice(order()) == Unknown("result_in_progress")
    assert await plugin.pay_invoice(order("pay_0194f0000002")) == Rejected(Rejection.NOT_ACCEPTED)
    assert await plugin.payment_status(order()) == NotFound()
    clock.move(seconds=int(LATE.total_seconds()))
    assert isinstance(await plugin.payment_status(order()), Settled)
    assert await quote(plugin, FRESH) == ()


async def test_already_paid_by_another_channel(plugin: Gjobat, simulator: Simulator) -> None:
    simulator.fault("already_paid")
    assert await plugin.pay_invoice(order()) == Rejected(Rejection.ALREADY_PAID)
    assert await plugin.payment_status(order()) == NotFound()


async def test_rejects_payment(plugin: Gjobat, simulator: Simulator) -> None:
    simulator.fault("rejects_payment")
    assert await plugin.pay_invoice(order()) == Rejected(Rejection.NOT_ACCEPTED)
    assert isinstance(await plugin.pay_invoice(order("pay_0194f0000002")), Settled)


async def test_changed_total_shows_at_the_quote_or_refuses_the_payment(plugin: Gjobat, simulator: Simulator) -> None:
    simulator.fault("changed_total")
    (invoice,) = await quote(plugin, FRESH)
    assert (invoice.amount, invoice.penalty, invoice.discount, invoice.total) == (5000_00, 100_00, 2500_00, 2600_00)
    simulator.fault("changed_total")
    assert await plugin.pay_invoice(order(amount=2600_00)) == Rejected(Rejection.AMOUNT_CHANGED)
    assert isinstance(await plugin.pay_invoice(order(amount=2700_00)), Settled)


async def test_unknown_reference(plugin: Gjobat, simulator: Simulator) -> None:
    simulator.fault("unknown_reference", times=2)
    with pytest.raises(UnknownReference):
        await plugin.find_contract(FRESH)
    with pytest.raises(UnknownReference):
        await quote(plugin, FRESH)


LOOK_UP_FAULTS = {
    "error_500": "biller_unavailable",
    **dict.fromkeys(SPOILT, "biller_bad_reply"),
    "oversized": "biller_bad_reply",
}


@pytest.mark.parametrize(("fault", "code"), LOOK_UP_FAULTS.items())
async def test_a_look_up_without_a_clear_answer_is_an_error(
    plugin: Gjobat, simulator: Simulator, clock: HandClock, fault: str, code: str
) -> None:
    host = gate(plugin, clock)
    simulator.fault(fault)
    entry = (await host.fetch_invoices((FRESH,)))[FRESH]
    assert isinstance(entry, FaturatError)
    assert entry.code == code
    assert len((await host.fetch_invoices((FRESH,)))[FRESH]) == 1


async def test_slow_is_an_answer_until_the_time_out(plugin: Gjobat, simulator: Simulator) -> None:
    simulator.fault("slow", seconds=0.01)
    assert (await plugin.find_contract(FRESH)).name == "Test Test"
    simulator.fault("slow", seconds=3600)
    with pytest.raises(BillerError) as caught:
        await plugin.find_contract(FRESH)
    assert caught.value.why == "timeout"


ELSEWHERE = {
    "slow",
    "refused_connection",
    "settles_late",
    "already_paid",
    "rejects_payment",
    "changed_total",
    "redirect",
}


def test_every_fault_has_a_test() -> None:
    (pay,) = [mark.args[1] for mark in test_pay_without_a_clear_answer_is_unknown_and_the_status_tells.pytestmark]
    assert set(FAULTS) == {fault for fault, *_ in pay} | set(LOOK_UP_FAULTS) | ELSEWHERE | set(STATEMENT_FAULTS)


@pytest.mark.parametrize("name", ["<b>Test</b> & Test", "Test\u0000Test", "Test\u202eTest", "T" * 201, "T" * 3_000_000])
async def test_a_name_is_plain_text_or_refused(
    plugin: Gjobat, simulator: Simulator, clock: HandClock, name: str
) -> None:
    simulator.books.add_contract(CompanyContract("000000998", name))
    simulator.books.add_invoice(
        IssuedInvoice(
            key="000000998", contract="000000998", number="000000998", issued_on=date(2026, 11, 15), amount=100_00
        )
    )
    if name.startswith("<"):
        assert (await gate(plugin, clock).find_contract(fine("000000998"))).name == name
        return
    with pytest.raises(FaturatError, match="biller_bad_reply"):
        await gate(plugin, clock).find_contract(fine("000000998"))


@pytest.mark.parametrize("case", [Case.NO_DEBTS, Case.ONE, Case.MANY, Case.TWO_HUNDRED])
async def test_the_cases_that_owe_so_much(plugin: Gjobat, simulator: Simulator, clock: HandClock, case: Case) -> None:
    reference = simulator.case_reference(case)
    host = gate(plugin, clock)
    assert (await host.find_contract(reference)).name == "Test Test"
    assert len((await host.fetch_invoices((reference,)))[reference]) == INVOICES.get(case, 1)


async def test_the_case_unknown(plugin: Gjobat, simulator: Simulator) -> None:
    with pytest.raises(UnknownReference):
        await plugin.find_contract(simulator.case_reference(Case.UNKNOWN))


async def test_the_case_down(plugin: Gjobat, simulator: Simulator) -> None:
    with pytest.raises(BillerError) as caught:
        await plugin.find_contract(simulator.case_reference(Case.DOWN))
    assert caught.value.why == "http_503"


async def test_the_case_slow(plugin: Gjobat, simulator: Simulator) -> None:
    assert SLOW_SECONDS > 0.5
    with pytest.raises(BillerError) as caught:
        await plugin.find_contract(simulator.case_reference(Case.SLOW))
    assert caught.value.why == "timeout"


@pytest.mark.parametrize(
    ("case", "outcome"),
    [
        (Case.ALREADY_PAID, Rejected(Rejection.ALREADY_PAID)),
        (Case.CHANGED_TOTAL, Rejected(Rejection.AMOUNT_CHANGED)),
        (Case.REJECTS, Rejected(Rejection.NOT_ACCEPTED)),
        (Case.SETTLES_LATE, Unknown("result_in_progress")),
    ],
)
async def test_the_cases_of_a_payment(
    plugin: Gjobat, simulator: Simulator, clock: HandClock, case: Case, outcome: Outcome
) -> None:
    reference = simulator.case_reference(case)
    paying = await ordered(plugin, reference)
    assert await plugin.pay_invoice(paying) == outcome
    clock.move(seconds=int(LATE.total_seconds()))
    assert isinstance(await plugin.payment_status(paying), Settled if case is Case.SETTLES_LATE else NotFound)
    if case is not Case.SETTLES_LATE:
        again = await ordered(plugin, reference, "pay_0194f0000002")
        assert await plugin.pay_invoice(again) == outcome, "at every payment, not only once"
