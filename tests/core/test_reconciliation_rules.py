"""The comparison with a statement: every kind of finding, and that nothing depends on the order in which it comes."""

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reconcile_kit import DAY, NOON, entry, payment

from faturat import Finding, FindingKind, Payment, PaymentState, Statement, StatementEntry
from faturat.clock import company_day, day_bounds
from faturat.payments.states import TERMINAL
from faturat.reconciliation.rules import SETTLED, compare, is_contrary, totals
from faturat.reconciliation.types import Note
from faturat.reconciliation.wording import KINDS, NOTES, next_step

NEXT_DAY, HOURS = DAY + timedelta(days=1), timedelta(hours=1)
WAITING = (PaymentState.PENDING, PaymentState.UNKNOWN)


def compared(
    ours: list[Payment],
    theirs: list[StatementEntry],
    named: tuple[Payment, ...] = (),
    listed: dict[str, date] | None = None,
    day: date = DAY,
) -> tuple[Finding, ...]:
    return compare(day, ours, Statement(tuple(theirs)), {each.id: each for each in named}, listed or {})


def only(findings: tuple[Finding, ...]) -> Finding:
    (finding,) = findings
    return finding


def test_what_both_have_is_matched() -> None:
    found = only(compared([payment()], [entry()]))
    assert found == Finding(
        kind=FindingKind.MATCHED,
        order_id="pay_1",
        state=PaymentState.PAID,
        amount_here=1000_00,
        amount_there=1000_00,
        receipt_here="R-pay_1",
        receipt_there="R-pay_1",
        settled_here=NOON,
        settled_there=NOON,
    )
    assert next_step(found) is None


def test_what_the_company_lacks_is_missing_there() -> None:
    found = only(compared([payment()], []))
    assert (found.kind, found.amount_here, found.amount_there) == (FindingKind.MISSING_THERE, 1000_00, None)
    assert found.receipt_here == "R-pay_1"


@pytest.mark.parametrize("state", PaymentState)
def test_what_is_not_settled_here_is_missing_here(state: PaymentState) -> None:
    """Without a receipt nothing is settled, whatever the state; each says what to do next."""
    found = only(compared([], [entry()], named=(payment(at=None, state=state),)))
    assert (found.kind, found.state, found.amount_here) == (FindingKind.MISSING_HERE, state, 1000_00)
    assert is_contrary(found) is (state in TERMINAL)
    step = next_step(found)
    assert step is not None
    assert ("still being asked" in step.en) is (state in WAITING)
    assert ("has the money back" in step.en) is (state in TERMINAL)


def test_a_payment_that_was_returned_is_not_settled_whatever_receipt_it_has() -> None:
    returned = payment(state=PaymentState.FAILED)
    assert only(compared([], [entry()], named=(returned,))).kind is FindingKind.MISSING_HERE


def test_what_nobody_ordered_here_is_missing_here() -> None:
    found = only(compared([], [entry("pay_x")]))
    assert (found.kind, found.state, found.amount_here) == (FindingKind.MISSING_HERE, None, None)
    assert not is_contrary(found)


def test_another_amount() -> None:
    found = only(compared([payment(amount=1000_00)], [entry(amount=1000_01)]))
    assert (found.kind, found.amount_here, found.amount_there) == (FindingKind.DIFFERENT_AMOUNT, 1000_00, 1000_01)


def test_another_receipt_is_a_note() -> None:
    found = only(compared([payment()], [entry(receipt="R-other")]))
    assert (found.kind, found.notes) == (FindingKind.MATCHED, (Note.ANOTHER_RECEIPT,))


def test_a_second_booking_is_a_duplicate_and_the_one_most_like_ours_is_compared() -> None:
    second = entry(amount=500_00, at=NOON - HOURS, receipt="A-first")
    duplicate, matched = compared([payment()], [second, entry()])
    assert (matched.kind, matched.receipt_there, matched.notes) == (FindingKind.MATCHED, "R-pay_1", ())
    assert (duplicate.kind, duplicate.amount_there) == (FindingKind.DUPLICATE_THERE, 500_00)
    same = [entry(), entry()]
    assert [each.kind for each in compared([payment()], same)] == [FindingKind.DUPLICATE_THERE, FindingKind.MATCHED]


def test_what_settled_on_another_day_is_matched_with_a_note() -> None:
    late = payment(at=day_bounds(NEXT_DAY)[0])
    found = only(compared([], [entry()], named=(late,)))
    assert (found.kind, found.notes) == (FindingKind.MATCHED, (Note.SETTLED_ON_ANOTHER_DAY,))
    other = only(compared([], [entry(amount=1)], named=(late,)))
    assert (other.kind, other.notes) == (FindingKind.DIFFERENT_AMOUNT, (Note.SETTLED_ON_ANOTHER_DAY,))


def test_what_another_days_statement_has_is_not_missing() -> None:
    found = only(compared([payment()], [], listed={"pay_1": NEXT_DAY}))
    assert (found.kind, found.notes, found.listed_on) == (
        FindingKind.MATCHED,
        (Note.LISTED_ON_ANOTHER_DAY,),
        NEXT_DAY,
    )
    assert totals([found]).amount_here == totals([found]).amount_there == 0


def test_what_the_statement_of_its_own_day_has_too_is_a_duplicate() -> None:
    found = only(compared([], [entry()], named=(payment(),), listed={"pay_1": DAY}, day=NEXT_DAY))
    assert found.kind is FindingKind.DUPLICATE_THERE


def test_a_day_of_the_companies_is_that_of_tirana() -> None:
    winter, summer = day_bounds(date(2026, 1, 15)), day_bounds(date(2026, 7, 15))
    assert [each.isoformat() for each in winter] == ["2026-01-14T23:00:00+00:00", "2026-01-15T23:00:00+00:00"]
    assert [each.isoformat() for each in summer] == ["2026-07-14T22:00:00+00:00", "2026-07-15T22:00:00+00:00"]
    changes = [day_bounds(date(2026, 3, 29)), day_bounds(date(2026, 10, 25))]
    assert [end - begin for begin, end in changes] == [23 * HOURS, 25 * HOURS]


@given(st.dates(date(2000, 1, 1), date(2050, 1, 1)))
def test_every_moment_is_in_one_day(day: date) -> None:
    begin, end = day_bounds(day)
    assert company_day(begin) == company_day(end - timedelta(microseconds=1)) == day
    assert company_day(end) == day + timedelta(days=1)
    assert day_bounds(day + timedelta(days=1))[0] == end


IDS = st.sampled_from([f"pay_{letter}" for letter in "abcdef"])
AMOUNTS = st.integers(1, 3)
SIDES = st.dictionaries(IDS, AMOUNTS)


@given(SIDES, SIDES)
def test_it_is_symmetric(ours: dict[str, int], theirs: dict[str, int]) -> None:
    """What is missing there is missing here when the sides change places, and the rest stays."""

    def kinds(here: dict[str, int], there: dict[str, int]) -> dict[str, FindingKind]:
        found = compared(
            [payment(each, amount) for each, amount in here.items()],
            [entry(each, amount) for each, amount in there.items()],
        )
        return {finding.order_id: finding.kind for finding in found}

    turned = {FindingKind.MISSING_THERE: FindingKind.MISSING_HERE, FindingKind.MISSING_HERE: FindingKind.MISSING_THERE}
    there_and_back = {each: turned.get(kind, kind) for each, kind in kinds(theirs, ours).items()}
    assert kinds(ours, theirs) == there_and_back


PAYMENTS = st.builds(
    payment,
    IDS,
    AMOUNTS,
    st.sampled_from([None, NOON, NOON + 24 * HOURS]),
    st.sampled_from([PaymentState.PAID, PaymentState.UNDER_REVIEW, PaymentState.UNKNOWN, PaymentState.FAILED]),
)
ENTRIES = st.lists(st.builds(entry, IDS, AMOUNTS, st.just(NOON), st.sampled_from(["R1", "R2"])), max_size=8)


@given(st.lists(PAYMENTS, unique_by=lambda each: each.id), ENTRIES, st.sets(IDS), st.randoms(use_true_random=False))
def test_everything_is_found_once_and_the_sums_add_up(
    payments: list[Payment], theirs: list[StatementEntry], elsewhere: set[str], random: Random
) -> None:
    settled = [each for each in payments if each.receipt is not None and each.state in SETTLED]
    ours = [each for each in settled if each.receipt and company_day(each.receipt.settled_at) == DAY]
    named = tuple(each for each in payments if each not in ours)
    listed = dict.fromkeys(elsewhere, NEXT_DAY)
    found = compared(ours, theirs, named, listed)
    counts = totals(found)

    def shuffled(values: list) -> list:
        return random.sample(values, len(values))

    assert compared(shuffled(ours), shuffled(theirs), tuple(shuffled(list(named))), listed) == found

    there = [finding for finding in found if finding.amount_there is not None]
    assert sorted((each.order_id, each.amount_there) for each in there) == sorted(
        (each.order_id, each.amount) for each in theirs
    ), "each booking of the statement is one finding"
    here = [finding for finding in found if finding.kind is not FindingKind.DUPLICATE_THERE]
    assert {each.id for each in ours} <= {finding.order_id for finding in here}
    assert len({finding.order_id for finding in here}) == len(here), "and each payment is one"
    assert counts.matched + counts.differences == len(found)
    assert counts.amount_there == sum(each.amount for each in theirs)
    apart = 0
    for finding in found:
        match finding.kind:
            case FindingKind.MISSING_THERE:
                apart -= finding.amount_here or 0
            case FindingKind.MISSING_HERE | FindingKind.DUPLICATE_THERE:
                apart += finding.amount_there or 0
            case FindingKind.DIFFERENT_AMOUNT:
                apart += (finding.amount_there or 0) - (finding.amount_here or 0)
    assert counts.amount_there - counts.amount_here == apart


def test_everything_has_words_in_both_languages() -> None:
    assert set(KINDS) == set(FindingKind)
    assert set(NOTES) == set(Note)
    for text in (*KINDS.values(), *NOTES.values()):
        assert text.sq
        assert text.sq != text.en
