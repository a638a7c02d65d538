"""Autopay's rules by themselves: never above the limits, whatever comes when; and the preview says the same."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from fakes.biller import make_invoice
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from faturat import FaturatError, InvoiceState, KnownInvoice, Order, PayChoice, PayChoices, Reference, Text
from faturat.autopay import rules
from faturat.autopay.types import Refused, Terms
from faturat.clock import company_day
from faturat.payments.rules import cancel, schedule
from faturat.payments.types import IdempotencyKey, Payment, PaymentState

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
TODAY = company_day(NOW)
DAY = timedelta(days=1)
TERMS = Terms(account="a", most_per_invoice=1000, most_per_month=2500, days_before=3)
REFERENCE = Reference("contract", {"code": "AB12"})


def row(key: str, total: int = 1000, **changes: Any) -> KnownInvoice:
    return KnownInvoice(
        id=f"inv_{key}",
        customer="c1",
        biller="fake",
        reference=REFERENCE,
        contract="con_1",
        invoice=make_invoice(key, total, **changes),
        state=InvoiceState.OPEN,
        version=1,
        read_at=NOW,
    )


def payment(known: KnownInvoice, on: date, number: int = 1) -> Payment:
    order = Order(
        id=f"pay_{number:04d}",
        customer="c1",
        account="a",
        biller="fake",
        reference=REFERENCE,
        invoice_key=known.invoice.invoice_key,
        amount=known.invoice.total,
        currency="ALL",
        created_at=NOW,
    )
    key = IdempotencyKey(customer="c1", key=order.id, body_hash="")
    return replace(schedule(order, known.id, known.invoice.total, key, on).payment, autopay="con_1")


def test_the_day_and_the_limits() -> None:
    due = TODAY + 10 * DAY
    assert rules.decide(TERMS, row("A", due_on=due), (), TODAY) == due - 3 * DAY
    assert rules.decide(TERMS, row("A", due_on=TODAY + 2 * DAY), (), TODAY) == TODAY + DAY
    assert rules.decide(TERMS, row("A", due_on=TODAY - DAY), (), TODAY) == TODAY + DAY
    assert rules.decide(TERMS, row("A"), (), TODAY) == TODAY + DAY
    assert rules.decide(TERMS, row("A", due_on=TODAY + 120 * DAY), (), TODAY) is Refused.TOO_EARLY
    assert rules.decide(TERMS, row("A", 1001), (), TODAY) is Refused.ABOVE_INVOICE
    parts = PayChoices((PayChoice(400, Text("Gjysma", "Half")),))
    assert rules.decide(TERMS, row("A", payable=parts), (), TODAY) is Refused.NOT_IN_FULL


def test_what_is_done_is_not_done_again_and_what_moved_nothing_leaves_its_part() -> None:
    first, second, third = row("A"), row("B"), row("C", 600)
    scheduled = [payment(first, TODAY + DAY, 1), payment(second, TODAY + DAY, 2)]
    assert rules.decide(TERMS, first, scheduled, TODAY) is Refused.DONE
    assert rules.decide(TERMS, third, scheduled, TODAY) is Refused.ABOVE_MONTH
    assert rules.decide(TERMS, row("C", 600, due_on=date(2026, 12, 20)), scheduled, TODAY) == date(2026, 12, 17)
    for reason, again in (("cancelled", False), ("amount_changed", True), ("autopay_stopped", True)):
        ended = [cancel(scheduled[0], NOW, reason).payment, scheduled[1]]
        assert rules.decide(TERMS, third, ended, TODAY) == TODAY + DAY, "its part of the month is free again"
        assert (rules.decide(TERMS, first, ended, TODAY) == TODAY + DAY) is again
    unsure = [replace(scheduled[0], state=PaymentState.UNKNOWN), replace(scheduled[1], state=PaymentState.UNDER_REVIEW)]
    assert rules.decide(TERMS, third, unsure, TODAY) is Refused.ABOVE_MONTH


Comes = st.tuples(st.integers(1, 1500), st.none() | st.integers(-5, 60), st.sampled_from(("pays", "ends", "skips")))


@given(st.lists(Comes, max_size=25), st.integers(1, 1200), st.integers(0, 4000), st.integers(0, 14))
def test_the_limits_are_never_exceeded(comes: list[Any], one: int, more: int, days: int) -> None:
    terms = Terms(account="a", most_per_invoice=one, most_per_month=one + more, days_before=days)
    made: list[Payment] = []
    for number, (total, due_in, fate) in enumerate(comes):
        today = TODAY + number * 2 * DAY
        known = row(str(number), total, due_on=None if due_in is None else today + due_in * DAY)
        decided = rules.decide(terms, known, made, today)
        if isinstance(decided, Refused):
            continue
        assert decided > today, "there is a night to say no"
        new = payment(known, decided, number)
        made.append(new if fate == "pays" else cancel(new, NOW, "cancelled" if fate == "skips" else "expired").payment)
        live = [each for each in made if each.state is PaymentState.SCHEDULED]
        assert all(each.order.amount <= one for each in made)
        months = {(rules.day(each).year, rules.day(each).month) for each in live}
        for month in months:
            spent = sum(each.order.amount for each in live if (rules.day(each).year, rules.day(each).month) == month)
            assert spent <= one + more
        if fate != "ends":
            assert rules.decide(terms, known, made, today) is Refused.DONE


Asks = st.lists(st.tuples(st.integers(1, 1500), st.none() | st.integers(-5, 120)), max_size=12)


@given(Asks, Asks, st.integers(1, 1200), st.integers(0, 4000), st.integers(0, 14))
def test_what_is_shown_before_is_what_is_planned(
    early: list[Any], asks: list[Any], one: int, more: int, days: int
) -> None:
    """One after the other, as workers plan them; some were planned before."""
    terms = Terms(account="a", most_per_invoice=one, most_per_month=one + more, days_before=days)
    made = [
        payment(row(f"E{number}", total), TODAY + (due_in or 6) % 60 * DAY, number)
        for number, (total, due_in) in enumerate(early)
    ]
    rows = [
        row(f"{number:02d}", total, due_on=None if due_in is None else TODAY + due_in * DAY)
        for number, (total, due_in) in enumerate(asks)
    ]
    shown = {each.known.id: each.on or each.refused for each in rules.upcoming(terms, rows, made, TODAY)}
    assert len(shown) == len(rows)
    for number, known in enumerate(sorted(rows, key=rules.urgency), len(made)):
        decided = rules.decide(terms, known, made, TODAY)
        assert shown[known.id] == decided
        if not isinstance(decided, Refused):
            made.append(payment(known, decided, number))


def test_the_preview_says_what_would_have_been() -> None:
    rows = [
        row("old", issued_on=TODAY - 400 * DAY),
        row("A", issued_on=date(2026, 5, 1), due_on=date(2026, 5, 20)),
        row("B", 1001, issued_on=date(2026, 5, 2)),
        row("C", issued_on=date(2026, 5, 3)),
        row("D", issued_on=date(2026, 5, 4)),
        row("E", issued_on=date(2026, 5, 31)),
    ]
    over = [replace(each, state=InvoiceState.PAID) for each in rows]
    still_open = row("F", issued_on=date(2026, 5, 2))
    found = [
        (each.known.invoice.number, each.on, each.refused) for each in rules.preview(TERMS, [still_open, *over], NOW)
    ]
    assert found == [
        ("A", date(2026, 5, 17), None),
        ("B", None, Refused.ABOVE_INVOICE),
        ("C", date(2026, 5, 4), None),
        ("D", None, Refused.ABOVE_MONTH),
        ("E", date(2026, 6, 1), None),
    ]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"most_per_invoice": 0}, "bad_limit"),
        ({"most_per_month": 10**14}, "bad_limit"),
        ({"most_per_month": 999}, "month_below_invoice"),
        ({"days_before": 15}, "bad_days_before"),
        ({"days_before": -1}, "bad_days_before"),
    ],
)
def test_terms_that_cannot_be(wrong: dict[str, int], code: str) -> None:
    rules.check_terms(TERMS)
    with pytest.raises(FaturatError) as caught:
        rules.check_terms(replace(TERMS, **wrong))
    assert (caught.value.code, caught.value.field in {*wrong, "most_per_month"}) == (code, True)
