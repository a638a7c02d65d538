"""The plugin against its simulator over real sockets: every hook, every case, and every fault of the company's side."""

import pluggy
import pytest
from aiohttp import ClientConnectorError
from ukt_kit import CURRENT, NOBODY, OVERDUE, HandClock, order, reference

from faturat.billers import Biller
from faturat.errors import BillerError, FaturatError, UnknownReference
from faturat.hookspecs import BillerSpec
from faturat.payments.types import Rejected, Rejection, Settled, Unknown
from faturat.references import read_reference
from faturat.testing.books import CompanyContract, IssuedInvoice
from faturat.testing.cases import Case
from faturat.testing.company import LATE
from faturat_ukt.plugin import MAX_BULK, Ukt
from faturat_ukt.settings import Settings
from faturat_ukt.simulator import COMES_AFTER, Simulator


def describe(**settings: int) -> Biller:
    return Ukt(Settings("http://127.0.0.1:1", "bank", "s3cret", **settings)).describe_biller()


async def quote(plugin: Ukt, number: str) -> tuple:
    return (await plugin.fetch_invoices((reference(number),)))[reference(number)]


def test_pluggy_knows_every_hook() -> None:
    manager = pluggy.PluginManager("faturat")
    manager.add_hookspecs(BillerSpec)
    manager.register(Ukt(Settings("http://127.0.0.1:1", "bank", "s3cret")))
    manager.check_pending()
    biller = manager.hook.describe_biller()
    assert (biller.id, biller.name) == ("ukt", "UKT")
    able = biller.capabilities
    assert (able.idempotent_pay, able.live_quote, able.max_bulk) == (True, True, MAX_BULK)
    assert (able.status_inquiry, able.parts, able.settles_later) == (False, False, None)


def test_length_is_the_banks_to_set() -> None:
    def length(**settings: int) -> int | None:
        return describe(**settings).reference_kinds[0].fields[0].exact_length

    assert length() is None
    assert length(contract_length=9) == 9


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("1000001", None),
        ("10 00 001", None),
        ("7", None),
        ("12/34-5.6", None),
        ("1" * 64, None),
        ("TR0.A0000000000000", "electricity"),
        ("tr0.a0000000000000", "electricity"),
        ("TR1.", "electricity"),
        ("TR0A", None),
        ("U-000000001", "invoice"),
        ("u000000001", "invoice"),
        ("U-1", None),
    ],
)
def test_look_alikes_warn_and_never_refuse(typed: str, word: str | None) -> None:
    read = read_reference(describe(), None, {"contract_number": typed}, register=True)
    assert read.reference.values["contract_number"] == typed.replace(" ", "")
    assert [word in warning.text.en for warning in read.warnings] == ([] if word is None else [True])


@pytest.mark.parametrize("typed", [".", "..", "../v1", "a b?c", "1%2F2", "1#2", "ë1"])
def test_what_could_lead_elsewhere_is_no_contract_number(typed: str) -> None:
    with pytest.raises(FaturatError) as caught:
        read_reference(describe(), None, {"contract_number": typed}, register=True)
    assert caught.value.field == "contract_number"


async def test_a_number_is_one_part_of_the_path(plugin: Ukt, simulator: Simulator) -> None:
    for number in ("1/../../1000001", "7/invoices", "A.b-9/"):
        with pytest.raises(UnknownReference):
            await plugin.find_contract(reference(number))
        simulator.books.add_contract(CompanyContract(number, number))
        assert (await plugin.find_contract(reference(number))).name == number
        assert await quote(plugin, number) == ()


async def test_find_contract(plugin: Ukt) -> None:
    assert (await plugin.find_contract(reference(CURRENT))).name == "Test Test"
    with pytest.raises(UnknownReference):
        await plugin.find_contract(reference(NOBODY))


async def test_fetch_answers_each_reference(plugin: Ukt) -> None:
    asked = (reference(CURRENT), reference(OVERDUE), reference(NOBODY))
    answers = await plugin.fetch_invoices(asked)
    assert set(answers) == set(asked)
    assert [invoice.number for invoice in answers[asked[0]]] == ["U-000000001"]
    assert [invoice.number for invoice in answers[asked[1]]] == ["U-000000003", "U-000000004"]
    assert isinstance(answers[asked[2]], UnknownReference)
    overdue, current = answers[asked[1]]
    assert (overdue.amount, overdue.penalty, overdue.total) == (2140_00, 42_80, 2182_80)
    assert [choice.amount for choice in overdue.payable.choices] == [2182_80]
    assert len(current.lines) == 5
    assert sum(line.amount for line in current.lines) == current.amount


async def test_a_new_invoice_appears_within_two_minutes(plugin: Ukt, clock: HandClock) -> None:
    clock.move(COMES_AFTER.total_seconds() - 1)
    assert len(await quote(plugin, CURRENT)) == 1
    clock.move(1)
    assert [invoice.number for invoice in await quote(plugin, CURRENT)] == ["U-000000001", "U-000000002"]


async def test_pay(plugin: Ukt, simulator: Simulator) -> None:
    settled = await plugin.pay_invoice(order())
    assert isinstance(settled, Settled)
    assert settled.receipt.amount == 1862_40
    assert await quote(plugin, CURRENT) == ()


async def test_the_same_order_answers_the_same_and_is_booked_once(
    plugin: Ukt, simulator: Simulator, clock: HandClock
) -> None:
    settled = await plugin.pay_invoice(order())
    clock.move(3600)
    assert await plugin.pay_invoice(order()) == settled
    assert await plugin.pay_invoice(order("pay_0194f0000002")) == Rejected(Rejection.ALREADY_PAID)
    assert len(simulator.books.bookings()) == 1


async def test_an_order_that_comes_again_as_another_one_is_no_answer(plugin: Ukt, simulator: Simulator) -> None:
    await plugin.pay_invoice(order())
    for changes in ({"amount": 1862_41}, {"invoice_key": "U-000000003", "number": OVERDUE, "amount": 2182_80}):
        assert await plugin.pay_invoice(order(**changes)) == Unknown("error_key_reused")
    assert len(simulator.books.bookings()) == 1


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"amount": 1862_41}, Rejection.AMOUNT_CHANGED),
        ({"amount": 1}, Rejection.AMOUNT_CHANGED),
        ({"number": NOBODY}, Rejection.UNKNOWN_REFERENCE),
        ({"number": OVERDUE}, Rejection.NOT_ACCEPTED),
        ({"invoice_key": "U-000000002"}, Rejection.NOT_ACCEPTED),
        ({"currency": "EUR"}, Rejection.NOT_ACCEPTED),
    ],
)
async def test_what_the_company_refuses(
    plugin: Ukt, simulator: Simulator, changes: dict[str, object], reason: Rejection
) -> None:
    assert await plugin.pay_invoice(order(**changes)) == Rejected(reason)
    assert simulator.books.bookings() == ()
    assert isinstance(await plugin.pay_invoice(order()), Settled), "a refusal is not remembered"


@pytest.mark.parametrize(
    ("fault", "why", "booked"),
    [
        ("timeout_before_debit", "timeout", False),
        ("timeout_after_debit", "timeout", True),
        ("hang_up_before_debit", "connection_lost", False),
        ("hang_up_after_debit", "connection_lost", True),
        ("error_500", "http_500", False),
        ("error_500_after_debit", "http_500", True),
    ],
)
async def test_pay_without_an_answer_is_unknown_and_once_more_tells(
    plugin: Ukt, simulator: Simulator, fault: str, why: str, booked: bool
) -> None:
    simulator.fault(fault)
    assert await plugin.pay_invoice(order()) == Unknown(why)
    assert len(simulator.books.bookings()) == booked
    assert isinstance(await plugin.pay_invoice(order()), Settled)
    assert len(simulator.books.bookings()) == 1


async def test_settles_late_is_unknown_until_it_is_booked(plugin: Ukt, simulator: Simulator, clock: HandClock) -> None:
    simulator.fault("settles_late")
    for _ in range(2):
        assert await plugin.pay_invoice(order()) == Unknown("processing")
    assert await plugin.pay_invoice(order("pay_0194f0000002")) == Rejected(Rejection.NOT_ACCEPTED)
    clock.move(LATE.total_seconds())
    settled = await plugin.pay_invoice(order())
    assert isinstance(settled, Settled)
    assert settled.receipt.settled_at == clock.now()
    assert len(simulator.books.bookings()) == 1


async def test_error_500_of_a_look_up(plugin: Ukt, simulator: Simulator) -> None:
    simulator.fault("error_500", times=2)
    with pytest.raises(BillerError) as caught:
        await plugin.find_contract(reference(CURRENT))
    assert caught.value.why == "http_500"
    assert (await quote(plugin, CURRENT)).why == "http_500"
    assert (await plugin.find_contract(reference(CURRENT))).name == "Test Test"


async def test_slow_is_an_answer_until_the_time_out(plugin: Ukt, simulator: Simulator) -> None:
    simulator.fault("slow", seconds=0.01)
    assert (await plugin.find_contract(reference(CURRENT))).name == "Test Test"
    simulator.fault("slow", seconds=3600)
    with pytest.raises(BillerError) as caught:
        await plugin.find_contract(reference(CURRENT))
    assert caught.value.why == "timeout"


async def test_refused_connection_lets_no_byte_out(plugin: Ukt, simulator: Simulator) -> None:
    await quote(plugin, CURRENT)
    simulator.fault("refused_connection")
    with pytest.raises(BillerError):
        await plugin.find_contract(reference(CURRENT))  # finds that the kept connection is gone
    with pytest.raises(ClientConnectorError):
        await plugin.pay_invoice(order())
    assert (await quote(plugin, CURRENT)).why == "no_connection"
    await simulator.listen()
    assert isinstance(await plugin.pay_invoice(order()), Settled)


async def test_unknown_reference(plugin: Ukt, simulator: Simulator) -> None:
    simulator.fault("unknown_reference", times=3)
    with pytest.raises(UnknownReference):
        await plugin.find_contract(reference(CURRENT))
    assert isinstance(await quote(plugin, CURRENT), UnknownReference)
    assert await plugin.pay_invoice(order()) == Rejected(Rejection.UNKNOWN_REFERENCE)


async def test_already_paid_and_refused(plugin: Ukt, simulator: Simulator) -> None:
    simulator.fault("already_paid")
    assert await plugin.pay_invoice(order()) == Rejected(Rejection.ALREADY_PAID)
    simulator.fault("rejects_payment")
    assert await plugin.pay_invoice(order()) == Rejected(Rejection.NOT_ACCEPTED)
    assert simulator.books.bookings() == ()


async def test_changed_total_shows_at_the_quote_or_refuses_the_payment(plugin: Ukt, simulator: Simulator) -> None:
    simulator.fault("changed_total")
    (invoice,) = await quote(plugin, CURRENT)
    assert (invoice.amount, invoice.penalty, invoice.total) == (1862_40, 100_00, 1962_40)
    simulator.fault("changed_total")
    assert await plugin.pay_invoice(order(amount=1962_40)) == Rejected(Rejection.AMOUNT_CHANGED)
    assert isinstance(await plugin.pay_invoice(order(amount=2062_40)), Settled)


def case(simulator: Simulator, name: Case) -> str:
    return simulator.case_reference(name).values["contract_number"]


async def test_cases_that_are_read(plugin: Ukt, simulator: Simulator) -> None:
    for name, count in ((Case.NO_DEBTS, 0), (Case.ONE, 1), (Case.MANY, 12), (Case.TWO_HUNDRED, 200)):
        invoices = await quote(plugin, case(simulator, name))
        assert len({invoice.invoice_key for invoice in invoices}) == len(invoices) == count, name
    with pytest.raises(UnknownReference):
        await plugin.find_contract(reference(case(simulator, Case.UNKNOWN)))
    assert (await quote(plugin, case(simulator, Case.DOWN))).why == "http_503"
    assert (await quote(plugin, case(simulator, Case.SLOW))).why == "timeout"


async def test_cases_that_are_paid(plugin: Ukt, simulator: Simulator, clock: HandClock) -> None:
    async def pay(name: Case) -> object:
        number = case(simulator, name)
        (invoice,) = await quote(plugin, number)
        asked = order(f"pay_{name}", number=number, invoice_key=invoice.invoice_key, amount=invoice.total)
        return await plugin.pay_invoice(asked)

    for _ in range(2):
        assert await pay(Case.ALREADY_PAID) == Rejected(Rejection.ALREADY_PAID)
        assert await pay(Case.CHANGED_TOTAL) == Rejected(Rejection.AMOUNT_CHANGED)
        assert await pay(Case.REJECTS) == Rejected(Rejection.NOT_ACCEPTED)
        assert await pay(Case.SETTLES_LATE) == Unknown("processing")
    assert isinstance(await pay(Case.ONE), Settled)
    clock.move(LATE.total_seconds())
    assert await quote(plugin, case(simulator, Case.SETTLES_LATE)) == ()


async def test_a_penalty_of_somebody_else_is_paid_as_the_company_says(plugin: Ukt, simulator: Simulator) -> None:
    simulator.books.raise_penalties(1, OVERDUE)
    asked = order(number=OVERDUE, invoice_key="U-000000003", amount=2182_81)
    settled = await plugin.pay_invoice(asked)
    assert isinstance(settled, Settled)
    assert settled.receipt.amount == 2182_81


async def test_a_small_invoice_has_the_lines_that_it_has(plugin: Ukt, simulator: Simulator) -> None:
    issued = IssuedInvoice(key="U-7", contract=CURRENT, number="U-7", issued_on=simulator.clock.now().date(), amount=1)
    simulator.books.add_invoice(issued)
    (small,) = (invoice for invoice in await quote(plugin, CURRENT) if invoice.number == "U-7")
    assert [(line.label, line.amount) for line in small.lines] == [("Furnizimi me ujë", 1)]
