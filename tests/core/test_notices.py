"""What a customer hears of: each event once, whatever restarts, and nothing that they see on the screen anyway."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from fakes.biller import make_invoice
from fakes.faults import Fault, Script
from fakes.world import World

from faturat import InvoiceState, KnownInvoice, Language, Notice, PaymentState, Reference
from faturat.autopay.service import LEFT, NOT_FROM_THIS_ACCOUNT
from faturat.clock import TIRANE, company_day
from faturat.notices import rules, wording
from faturat.notices.types import NoticeEvent, NoticeFacts
from faturat.payments.types import Rejection

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
LANGUAGES: tuple[Language, ...] = ("sq", "en")
E = NoticeEvent


async def pass_by(world: World, by: timedelta) -> None:
    world.clock.advance(by)
    while await world.faturat.run_due():
        pass


def heard(world: World) -> list[tuple[NoticeEvent, int | None]]:
    return [(each.event, each.facts.days) for each in world.listener.heard]


async def register(world: World) -> None:
    await world.faturat.contracts.register("c1", "fake", None, {"code": "AB12"}, "Home")


async def test_an_invoice_that_changes_and_comes_due_is_told_of_once_each(world: World) -> None:
    due = company_day(world.clock.now()) + 9 * DAY
    world.biller.invoices["AB12"] = [make_invoice(due_on=due)]
    await register(world)
    world.biller.invoices["AB12"] = [make_invoice(total=200_000, due_on=due)]
    await pass_by(world, 20 * MINUTE)
    (changed,) = world.listener.heard
    assert (changed.event, changed.facts.was, changed.facts.total) == (E.INVOICE_CHANGED, 170_740, 200_000)
    world.listener.heard.clear()
    for _ in range(60):
        world.restart()  # whoever starts anew looks at once
        await pass_by(world, 4 * 60 * MINUTE)
    assert heard(world) == [(E.INVOICE_DUE, days) for days in (7, 3, 1, 0)]
    hours = [each.created_at.astimezone(TIRANE).hour for each in world.listener.heard]
    assert min(hours) >= 8, "not when a day begins"


async def test_an_invoice_that_stays_away_is_told_of_a_day_later(world: World) -> None:
    await register(world)
    world.biller.invoices["AB12"] = []
    await pass_by(world, 20 * MINUTE)
    assert heard(world) == []
    for _ in range(12):
        await pass_by(world, DAY / 2)
    assert heard(world) == [(E.INVOICE_WITHDRAWN, None)]


async def test_a_payments_end_is_told_once_and_its_changed_invoice_not_too(world: World) -> None:
    await register(world)
    (row,) = await world.faturat.invoices.of("c1")
    world.biller.invoices["AB12"] = [make_invoice(total=200_000)]
    stopped = await world.faturat.payments.pay("c1", row.id, "savings", 170_740, "k0")
    assert stopped.state is PaymentState.CANCELLED
    await pass_by(world, MINUTE)
    assert heard(world) == [], "both were seen on the screen"
    world.biller.invoices["AB12"] = [make_invoice()]
    world.biller.reject = Rejection.NOT_ACCEPTED
    assert (await world.pay(key="k1")).state is PaymentState.FAILED
    world.biller.reject = None
    assert (await world.pay(key="k2")).state is PaymentState.PAID
    await pass_by(world, MINUTE)
    assert heard(world)[:2] == [(E.PAYMENT_FAILED, None), (E.PAYMENT_SETTLED, None)]
    assert world.listener.heard[0].facts.returned


async def test_an_outcome_that_stays_unknown_is_delayed_once_and_then_under_review(world: World) -> None:
    world.biller.script = Script([Fault.NONE, Fault.NONE, *[Fault.SILENT] * 200])
    assert (await world.pay()).state is PaymentState.UNKNOWN
    await pass_by(world, MINUTE)
    assert heard(world) == [], "it is too early to worry anybody"
    for _ in range(40):
        await pass_by(world, 60 * MINUTE)
    assert heard(world) == [(E.PAYMENT_DELAYED, None), (E.PAYMENT_REVIEW, None)]
    for notice in world.listener.heard:
        for language in LANGUAGES:
            words = wording.title(notice, language) + wording.body(notice, language)
            assert "fail" not in words
            assert "dështoi" not in words


@pytest.mark.parametrize("event", NoticeEvent)
def test_every_event_has_words_in_both_languages(event: NoticeEvent) -> None:
    due_on, why = date(2026, 3, 20), "above_invoice"
    facts = NoticeFacts("OSHEE", "Shtëpia", "No 1", 170_740, "ALL", due_on, was=100_00, days=3, unpayable=why)
    at = datetime(2026, 3, 1, tzinfo=UTC)
    notice = Notice(
        id="not_1", customer="c1", event=event, subject="x", version=1, invoice="inv_1", facts=facts, created_at=at
    )
    sq, en = ((wording.title(notice, to), wording.body(notice, to)) for to in LANGUAGES)
    assert sq[0] != en[0]
    assert "1.707,40 ALL" in sq[1]
    assert "1,707.40 ALL" in en[1]
    assert "{" not in "".join((*sq, *en))


@pytest.mark.parametrize("why", sorted(NOT_FROM_THIS_ACCOUNT | LEFT))
def test_why_autopay_cannot_pay_has_words_in_both_languages(why: str) -> None:
    row = KnownInvoice(
        id="inv_1",
        customer="c1",
        contract="con_1",
        biller="fake",
        reference=Reference("contract", {"code": "AB12"}),
        subscriber="Test Test",
        invoice=make_invoice(),
        state=InvoiceState.OPEN,
        read_at=datetime(2026, 3, 1, tzinfo=UTC),
        version=3,
    )
    notice = rules.unpayable(row, "Shtëpia", "OSHEE", why, row.read_at)
    assert (notice.subject, notice.version, notice.facts.contract) == ("con_1 F1", 1, "con_1")
    for language, choose in (
        (("sq", "aguajeni vetë"), ("en", "ay it yourself"))
        if why in LEFT
        else (
            ("sq", "Zgjidhni një llogari"),
            ("en", "Choose a"),
        )
    ):
        words = wording.title(notice, language) + wording.body(notice, language)
        assert choose in words
        assert "{" not in words


async def test_a_row_that_changes_each_morning_is_reminded_of_all_the_same(world: World) -> None:
    due = company_day(world.clock.now()) + 3 * DAY
    world.biller.invoices["AB12"] = [make_invoice(due_on=due)]
    await register(world)
    for number in range(4):
        said = make_invoice(due_on=due, number=f"F1-{number}")
        world.biller.invoices["AB12"] = [said]
        await pass_by(world, DAY)
    assert [days for event, days in heard(world) if event is E.INVOICE_DUE] == [1, 0]


async def test_due_tomorrow_is_not_said_on_the_day(world: World) -> None:
    due = company_day(world.clock.now()) + 2 * DAY
    world.biller.invoices["AB12"] = [make_invoice(due_on=due)]
    await register(world)
    tomorrow = company_day(world.clock.now()) + DAY
    late = datetime.combine(tomorrow, time(22, 30), TIRANE)
    world.listener.put_off = late + timedelta(hours=8)
    await pass_by(world, late - world.clock.now())
    world.listener.put_off = None
    await pass_by(world, timedelta(hours=10))
    assert heard(world) == [(E.INVOICE_DUE, 0)]


async def test_a_delay_is_told_though_nobody_asks_the_company(world: World) -> None:
    """Its breaker is open: the question is put off, not what its customer is to know."""
    world.biller.invoices["AB12"] = [make_invoice(f"F{number}") for number in range(3)]
    world.biller.script = Script([Fault.NONE, *[Fault.NONE, Fault.SILENT] * 3, *[Fault.SILENT] * 500])
    for quote in (await world.faturat.invoices.look_up("c1", "fake", None, {"code": "AB12"})).quotes:
        payment = await world.faturat.payments.pay("c1", quote.id, "savings", 170_740, quote.id)
        assert payment.state is PaymentState.UNKNOWN
    for _ in range(12):
        await pass_by(world, MINUTE)
    assert heard(world) == [(E.PAYMENT_DELAYED, None)] * 3
