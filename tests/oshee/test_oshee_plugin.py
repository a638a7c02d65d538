"""The plugin against its simulator over real sockets: every hook, and every fault of the company's side."""

import pluggy
import pytest
from aiohttp import ClientConnectorError
from oshee_kit import GUIDE, NOBODY, OVERDUE, HandClock, order, reference

from faturat.errors import BillerError, UnknownReference
from faturat.hookspecs import BillerSpec
from faturat.payments.types import NotFound, Rejected, Rejection, Settled, Unknown
from faturat.testing.books import CompanyContract
from faturat_oshee.plugin import Oshee
from faturat_oshee.settings import Settings
from faturat_oshee.simulator import Simulator


async def quote(plugin: Oshee, code: str) -> tuple:
    return (await plugin.fetch_invoices((reference(code),)))[reference(code)]


def test_pluggy_knows_every_hook() -> None:
    manager = pluggy.PluginManager("faturat")
    manager.add_hookspecs(BillerSpec)
    manager.register(Oshee(Settings("http://127.0.0.1:1/billing")))
    manager.check_pending()
    biller = manager.hook.describe_biller()
    assert (biller.id, biller.name) == ("oshee", "OSHEE")
    assert not biller.capabilities.idempotent_pay
    assert biller.capabilities.not_found_final_after.total_seconds() == 300


def test_length_is_the_banks_to_set() -> None:
    def length(**settings: int) -> int | None:
        biller = Oshee(Settings("http://127.0.0.1:1/billing", **settings)).describe_biller()
        return biller.reference_kinds[0].fields[0].exact_length

    assert length() is None
    assert length(contract_length=18) == 18


async def test_find_contract(plugin: Oshee) -> None:
    assert (await plugin.find_contract(reference(GUIDE))).name == "Test Test"
    with pytest.raises(UnknownReference):
        await plugin.find_contract(reference(NOBODY))


async def test_fetch_answers_each_reference(plugin: Oshee) -> None:
    asked = (reference(GUIDE), reference(OVERDUE), reference(NOBODY))
    answers = await plugin.fetch_invoices(asked)
    assert [invoice.number for invoice in answers[asked[0]]] == ["000000001"]
    assert [invoice.number for invoice in answers[asked[1]]] == ["000000003", "000000004"]
    assert isinstance(answers[asked[2]], UnknownReference)


async def test_a_new_invoice_appears_within_two_minutes(plugin: Oshee, clock: HandClock) -> None:
    clock.move(99)
    assert len(await quote(plugin, GUIDE)) == 1
    clock.move(1)
    assert [invoice.number for invoice in await quote(plugin, GUIDE)] == ["000000001", "000000002"]


async def test_pay_and_ask(plugin: Oshee) -> None:
    assert await plugin.payment_status(order()) == NotFound()
    settled = await plugin.pay_invoice(order())
    assert isinstance(settled, Settled)
    assert settled.receipt.amount == 1707_40
    assert await plugin.payment_status(order()) == settled
    assert await quote(plugin, GUIDE) == ()


async def test_paid_twice_is_booked_once(plugin: Oshee, simulator: Simulator) -> None:
    settled = await plugin.pay_invoice(order())
    assert await plugin.pay_invoice(order()) == settled
    assert await plugin.pay_invoice(order("pay_0194f0000002")) == Rejected(Rejection.ALREADY_PAID)
    assert len(simulator.books.bookings()) == 1


async def test_principal_first_then_the_penalty_alone(plugin: Oshee) -> None:
    overdue, _ = await quote(plugin, OVERDUE)
    assert [choice.amount for choice in overdue.payable.choices] == [2420_50, 2350_00]
    first = order("pay_1", code=OVERDUE, invoice_key=overdue.invoice_key, amount=2350_00)
    second = order("pay_2", code=OVERDUE, invoice_key=overdue.invoice_key, amount=70_50, part=2)
    assert await plugin.pay_invoice(second) == Rejected(Rejection.NOT_ACCEPTED)
    assert isinstance(await plugin.pay_invoice(first), Settled)
    left, _ = await quote(plugin, OVERDUE)
    assert (left.part, left.amount, left.penalty, left.total) == (2, 0, 70_50, 70_50)
    assert [choice.amount for choice in left.payable.choices] == [70_50]
    assert isinstance(await plugin.pay_invoice(second), Settled)
    assert len(await quote(plugin, OVERDUE)) == 1


async def test_principal_and_penalty_in_one_sum(plugin: Oshee) -> None:
    whole = order(code=OVERDUE, invoice_key="000000003", amount=2420_50)
    assert isinstance(await plugin.pay_invoice(whole), Settled)
    assert [invoice.number for invoice in await quote(plugin, OVERDUE)] == ["000000004"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"amount": 1707_41}, Rejection.AMOUNT_CHANGED),
        ({"code": NOBODY}, Rejection.UNKNOWN_REFERENCE),
        ({"code": OVERDUE}, Rejection.NOT_ACCEPTED),
        ({"invoice_key": "000000002"}, Rejection.NOT_ACCEPTED),
        ({"currency": "EUR"}, Rejection.NOT_ACCEPTED),
    ],
)
async def test_what_the_company_refuses(
    plugin: Oshee, simulator: Simulator, changes: dict[str, object], reason: Rejection
) -> None:
    assert await plugin.pay_invoice(order(**changes)) == Rejected(reason)
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
        ("malformed", "bad_xml", True),
    ],
)
async def test_pay_without_an_answer_is_unknown_and_the_status_tells(
    plugin: Oshee, simulator: Simulator, fault: str, why: str, booked: bool
) -> None:
    simulator.fault(fault)
    assert await plugin.pay_invoice(order()) == Unknown(why)
    assert isinstance(await plugin.payment_status(order()), Settled if booked else NotFound)


@pytest.mark.parametrize(("fault", "why"), [("error_500", "http_500"), ("malformed", "bad_xml")])
async def test_look_ups_without_an_answer(plugin: Oshee, simulator: Simulator, fault: str, why: str) -> None:
    simulator.fault(fault, times=3)
    for look_up in (
        plugin.find_contract(reference(GUIDE)),
        plugin.fetch_invoices((reference(GUIDE),)),
        plugin.payment_status(order()),
    ):
        with pytest.raises(BillerError) as caught:
            await look_up
        assert caught.value.why == why
    assert (await plugin.find_contract(reference(GUIDE))).name == "Test Test"


async def test_slow_is_an_answer_until_the_time_out(plugin: Oshee, simulator: Simulator) -> None:
    simulator.fault("slow", seconds=0.01)
    assert (await plugin.find_contract(reference(GUIDE))).name == "Test Test"
    simulator.fault("slow", seconds=3600)
    with pytest.raises(BillerError) as caught:
        await plugin.find_contract(reference(GUIDE))
    assert caught.value.why == "timeout"


async def test_refused_connection_lets_no_byte_out(plugin: Oshee, simulator: Simulator) -> None:
    await quote(plugin, GUIDE)
    simulator.fault("refused_connection")
    with pytest.raises(BillerError):
        await quote(plugin, GUIDE)  # finds that the kept connection is gone
    with pytest.raises(ClientConnectorError):
        await plugin.pay_invoice(order())
    with pytest.raises(BillerError) as caught:
        await plugin.payment_status(order())
    assert caught.value.why == "no_connection"
    await simulator.listen()
    assert isinstance(await plugin.pay_invoice(order()), Settled)


async def test_unknown_reference(plugin: Oshee, simulator: Simulator) -> None:
    simulator.fault("unknown_reference", times=3)
    with pytest.raises(UnknownReference):
        await plugin.find_contract(reference(GUIDE))
    assert isinstance(await quote(plugin, GUIDE), UnknownReference)
    assert await plugin.pay_invoice(order()) == Rejected(Rejection.UNKNOWN_REFERENCE)


async def test_already_paid_by_another_channel(plugin: Oshee, simulator: Simulator) -> None:
    simulator.fault("already_paid")
    assert await plugin.pay_invoice(order()) == Rejected(Rejection.ALREADY_PAID)
    assert await plugin.payment_status(order()) == NotFound()


async def test_changed_total_shows_at_the_quote_or_refuses_the_payment(plugin: Oshee, simulator: Simulator) -> None:
    simulator.fault("changed_total")
    (invoice,) = await quote(plugin, GUIDE)
    assert (invoice.amount, invoice.penalty, invoice.total) == (1707_40, 100_00, 1807_40)
    simulator.fault("changed_total")
    assert await plugin.pay_invoice(order(amount=1807_40)) == Rejected(Rejection.AMOUNT_CHANGED)
    assert isinstance(await plugin.pay_invoice(order(amount=1907_40)), Settled)


async def test_no_reply_larger_than_allowed_is_read(plugin: Oshee, simulator: Simulator) -> None:
    simulator.books.add_contract(CompanyContract("TR0.D0000000000000", "T" * 3_000_000))
    with pytest.raises(BillerError) as caught:
        await plugin.find_contract(reference("TR0.D0000000000000"))
    assert caught.value.why == "reply_too_large"
