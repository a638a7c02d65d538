"""Reconciliation by the whole engine in memory: what is asked, compared, kept and refused."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest
from fakes.biller import FakeBiller, make_invoice
from fakes.faults import Fault, Script
from fakes.world import World
from msgspec.structs import replace
from reconcile_kit import DAY, NOON, StatingBiller, entry

from faturat import (
    ExchangeFile,
    FaturatError,
    FindingKind,
    HealthState,
    Payment,
    PaymentState,
    Reconciliation,
    Statement,
)
from faturat.clock import day_bounds
from faturat.gate import biller as gate
from faturat.operators.cases import CaseSource
from faturat.plugins.http import MAX_STATEMENT
from faturat.reconciliation.types import Note

HOURS = timedelta(hours=1)


@pytest.fixture
def world() -> World:
    return World(biller=StatingBiller())


async def reconcile(world: World, day: date = DAY, file: ExchangeFile | None = None) -> Reconciliation:
    world.clock.advance(timedelta(seconds=1))  # ids sort by the time when they were made
    return await world.faturat.reconciliation.run("fake", day, file)


async def paid(world: World, number: int = 1) -> Payment:
    """One more payment of its own invoice."""
    world.biller.invoices["AB12"] = [make_invoice(f"F{number}", 1000_00 + number)]
    payment = await world.pay(amount=1000_00 + number, key=f"k{number}")
    assert payment.state is PaymentState.PAID
    return payment


def kinds(made: Reconciliation) -> dict[str, FindingKind]:
    return {finding.order_id: finding.kind for finding in made.findings}


async def refusal(world: World, *arguments: Any) -> FaturatError:
    with pytest.raises(FaturatError) as caught:
        await world.faturat.reconciliation.run(*arguments)
    assert await world.faturat.reconciliation.of("fake") == [], "nothing is kept"
    return caught.value


async def test_a_day_on_which_all_matched_is_kept_whole(world: World) -> None:
    payments = [await paid(world, number) for number in range(3)]
    made = await reconcile(world)
    assert kinds(made) == dict.fromkeys([each.id for each in payments], FindingKind.MATCHED)
    assert await world.faturat.operators.cases() == []
    assert (made.totals.matched, made.totals.differences) == (3, 0)
    assert made.totals.amount_here == made.totals.amount_there == 3000_03
    assert await world.faturat.reconciliation.get(made.id) == made
    assert made.content == world.biller.listing(DAY)
    again = await reconcile(world)
    assert [each.id for each in await world.faturat.reconciliation.of("fake")] == [again.id, made.id]
    assert [each.id for each in await world.faturat.reconciliation.of("fake", 1)] == [again.id]


async def test_nothing_is_changed_in_the_payments(world: World) -> None:
    payment = await paid(world)
    events = await world.store.payment_events(payment.id)
    world.biller.entries = [entry(payment.id, 1), entry("pay_x")]
    assert (await reconcile(world)).totals.differences == 2
    assert await world.store.payment(payment.id) == payment
    assert await world.store.payment_events(payment.id) == events


async def test_a_payment_that_was_returned_and_booked_is_missing_here(world: World) -> None:
    payment = await paid(world)
    returned = replace(payment, state=PaymentState.FAILED, receipt=None)
    world.store._payments[payment.id] = returned
    finding = (await reconcile(world)).findings[0]
    assert (finding.kind, finding.state) == (FindingKind.MISSING_HERE, PaymentState.FAILED)
    (case,) = await world.faturat.operators.cases()
    assert (case.payment, case.source, case.state) == (payment.id, CaseSource.RECONCILIATION, "failed")
    assert case.said == f"booked company=fake day=2026-11-22 receipt=R-{payment.id} amount=100001"
    await reconcile(world)
    assert await world.faturat.operators.cases() == [case], "found again it is the same case"
    world.clock.advance(timedelta(days=1))
    await reconcile(world, DAY + timedelta(days=1))
    assert len(await world.faturat.operators.cases()) == 2, "in the list of another day it is another booking"


async def test_a_payment_of_another_company_is_none_of_this_one(world: World) -> None:
    payment = await paid(world)
    world.store._payments[payment.id] = replace(payment, order=replace(payment.order, biller="other"))
    finding = (await reconcile(world)).findings[0]
    assert (finding.kind, finding.state, finding.amount_here) == (FindingKind.MISSING_HERE, None, None)
    assert await world.faturat.operators.cases() == [], "there is no payment of ours to contradict"


@pytest.mark.parametrize("seconds", [-1, 0])
async def test_midnight_is_where_the_companies_have_it(world: World, seconds: int) -> None:
    """A second before it a payment is of this day, at it of the next."""
    world.clock.advance(day_bounds(DAY)[1] + timedelta(seconds=seconds) - world.clock.now())
    payment = await paid(world)
    days = [DAY, DAY + timedelta(days=1)]
    world.clock.advance(timedelta(days=1))
    its_own = days[seconds == 0]
    for day in days:
        world.biller.entries = None if day == its_own else []
        expected = {payment.id: FindingKind.MATCHED} if day == its_own else {}
        assert kinds(await reconcile(world, day)) == expected


async def test_a_booking_that_the_companys_list_has_a_day_early_or_late_is_no_difference(world: World) -> None:
    world.clock.advance(day_bounds(DAY)[1] - HOURS - world.clock.now())
    payment = await paid(world)
    world.clock.advance(timedelta(days=2))
    next_day = DAY + timedelta(days=1)
    late = await reconcile(world, next_day)
    assert (late.findings[0].kind, late.findings[0].notes) == (FindingKind.MATCHED, (Note.SETTLED_ON_ANOTHER_DAY,))
    world.biller.entries = []
    found = (await reconcile(world)).findings[0]
    assert (found.kind, found.order_id, found.listed_on) == (FindingKind.MATCHED, payment.id, next_day)

    await reconcile(world, next_day)
    assert (await reconcile(world)).findings[0].kind is FindingKind.MISSING_THERE, "the newest list of a day counts"


async def test_what_is_listed_on_its_own_day_and_on_the_next_is_a_duplicate(world: World) -> None:
    payment = await paid(world)
    world.clock.advance(timedelta(days=1))
    assert kinds(await reconcile(world)) == {payment.id: FindingKind.MATCHED}
    assert kinds(await reconcile(world, DAY + timedelta(days=1))) == {payment.id: FindingKind.DUPLICATE_THERE}
    assert kinds(await reconcile(world)) == {payment.id: FindingKind.MATCHED}, "and on its own day it stays matched"


async def test_what_settles_while_the_list_is_written_is_matched(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The company books between our reading of our payments and its list."""
    biller = world.biller
    fetch = biller.fetch_statement

    async def slow(day: date) -> ExchangeFile:
        await paid(world, 7)
        return await fetch(day)

    monkeypatch.setattr(world.faturat.reconciliation._gates["fake"]._relay, "fetch_statement", slow)
    made = await reconcile(world)
    assert (made.totals.matched, made.totals.differences) == (1, 0)


async def test_what_settles_after_the_list_was_written_is_not_missing_there(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch = world.biller.fetch_statement

    async def slow(day: date) -> ExchangeFile:
        file = await fetch(day)
        await paid(world, 7)
        return file

    monkeypatch.setattr(world.faturat.reconciliation._gates["fake"]._relay, "fetch_statement", slow)
    assert (await reconcile(world)).findings == ()


async def test_a_file_of_the_operators_is_read_instead_of_asking(world: World) -> None:
    payment = await paid(world)
    file = ExchangeFile("by-mail.json", world.biller.listing(DAY))
    world.biller.script = Script([Fault.LOST])
    made = await reconcile(world, file=file)
    assert (kinds(made), made.file) == ({payment.id: FindingKind.MATCHED}, "by-mail.json")


async def test_what_cannot_be_compared_is_refused_with_the_mend(world: World) -> None:
    assert (await refusal(world, "nobody", DAY)).code == "unknown_biller"
    assert (await refusal(world, "fake", DAY + timedelta(days=1))).code == "bad_day"
    assert (await refusal(world, "fake", date(1, 1, 1))).code == "bad_day"
    other = World(biller=FakeBiller())
    assert (await refusal(other, "fake", DAY)).code == "no_statements"
    with pytest.raises(FaturatError, match="unknown_reconciliation"):
        await world.faturat.reconciliation.get("rec_1")


async def test_a_company_that_does_not_answer_is_no_empty_statement(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await paid(world)

    async def silent(day: date) -> ExchangeFile:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(gate, "STATING", timedelta(milliseconds=10))
    monkeypatch.setattr(world.faturat.reconciliation._gates["fake"]._relay, "fetch_statement", silent)
    error = await refusal(world, "fake", DAY)
    assert error.code == "statement_unavailable"
    assert error.message("en").startswith("Fake did not hand out its statement of 22.11.2026 (timeout).")
    assert "FILE" in error.message("en")
    assert "22.11.2026 (timeout)" in error.message("sq")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no_json"),
        (b'{"day": "2026-11-21"}', "other_day"),
        (b'{"day": "2026-11-22"}', "KeyError"),
        (b'{"day": "2026-11-22", "total": "1.00", "rows": []}', "incomplete_statement"),
    ],
)
async def test_a_file_that_is_not_whole_or_of_another_day_is_refused(world: World, content: bytes, why: str) -> None:
    error = await refusal(world, "fake", DAY, ExchangeFile("list.json", content))
    assert error.code == "statement_unreadable"
    assert "list.json" in error.message("en")
    assert f"({why})" in error.message("en")


@pytest.mark.parametrize(
    "reply",
    [
        7,
        [entry()],
        Statement([entry(), "pay_1"]),
        Statement((entry("pay_1\n"),)),
        Statement((entry(""),)),
        Statement((entry("p" * 201),)),
        Statement((entry(receipt="\x1b[31mR"),)),
        Statement((entry(amount=0),)),
        Statement((entry(amount=-1),)),
        Statement((entry(amount=10**14),)),
        Statement((replace(entry(), amount="1"),)),
        Statement((replace(entry(), currency="EUR"),)),
        Statement((entry(at=NOON.replace(tzinfo=None)),)),
        Statement((entry(at=NOON.replace(year=1)),)),
        Statement((entry(),) * 200_001),
    ],
    ids=lambda reply: repr(reply)[:70],
)
async def test_a_hostile_reply_is_refused_whole(world: World, reply: object) -> None:
    world.biller.reply = reply
    error = await refusal(world, "fake", DAY)
    assert (error.code, "(bad_reply)" in error.message("en")) == ("statement_unreadable", True)


@pytest.mark.parametrize(
    "file", [None, b"list", ExchangeFile("../list", b""), ExchangeFile("list", b" " * (MAX_STATEMENT + 1))]
)
async def test_a_hostile_file_is_refused(world: World, file: object, monkeypatch: pytest.MonkeyPatch) -> None:
    async def hostile(day: date) -> object:
        return file

    monkeypatch.setattr(world.faturat.reconciliation._gates["fake"]._relay, "fetch_statement", hostile)
    error = await refusal(world, "fake", DAY)
    assert (error.code, "(bad_reply)" in error.message("en")) == ("statement_unavailable", True)


@pytest.mark.parametrize("file", [ExchangeFile("../list", b""), ExchangeFile("list", b" " * (MAX_STATEMENT + 1))])
async def test_so_is_one_of_an_operators(world: World, file: ExchangeFile) -> None:
    error = await refusal(world, "fake", DAY, file)
    assert (error.code, "(bad_reply)" in error.message("en")) == ("statement_unreadable", True)


async def test_what_a_file_says_is_no_word_on_whether_the_company_answers(world: World) -> None:
    await paid(world)
    await refusal(world, "fake", DAY, ExchangeFile("list.json", b""))
    assert (await world.faturat.health.of("fake")).state is HealthState.OK
