"""The table of states, and what the rules make of it."""

from faturat.payments.states import BEFORE_HOLDING, OCCUPYING, TERMINAL, TRANSITIONS
from faturat.payments.types import PaymentState as S


def test_every_state_is_in_the_table_and_reachable() -> None:
    assert set(TRANSITIONS) == set(S)
    reached, front = {S.SCHEDULED}, [S.SCHEDULED]
    while front:
        for state in TRANSITIONS[front.pop()] - reached:
            reached.add(state)
            front.append(state)
    assert reached == set(S)


def test_every_state_leads_to_an_end() -> None:
    ending = set(TERMINAL)
    while more := {state for state in S if state not in ending and TRANSITIONS[state] & ending}:
        ending |= more
    assert ending == set(S)


def test_ends_are_ends() -> None:
    assert {S.CANCELLED, S.EXPIRED, S.DECLINED, S.PAID, S.FAILED} == TERMINAL


def test_money_can_only_come_back_or_arrive_once_it_was_asked_for() -> None:
    """From holding on, no way leads to an end but paid, failed, or the bank's own no."""
    for state in S:
        if state in BEFORE_HOLDING:
            continue
        assert TRANSITIONS[state].isdisjoint({S.CANCELLED, S.EXPIRED})
        assert TRANSITIONS[state].isdisjoint(BEFORE_HOLDING)
    assert [state for state in S if S.DECLINED in TRANSITIONS[state]] == [S.HOLDING, S.RELEASING]
    assert [state for state in S if S.PAID in TRANSITIONS[state]] == [S.CAPTURING]
    assert [state for state in S if S.FAILED in TRANSITIONS[state]] == [S.RELEASING]


def test_unknown_is_never_failed_nor_released_directly() -> None:
    assert TRANSITIONS[S.UNKNOWN].isdisjoint({S.FAILED, S.RELEASING, S.NOT_SENT})
    assert S.SUBMITTING not in TRANSITIONS[S.UNKNOWN]


def test_what_occupies_an_invoice() -> None:
    assert S.PAID in OCCUPYING
    assert OCCUPYING.isdisjoint(BEFORE_HOLDING | {S.FAILED, S.DECLINED, S.CANCELLED, S.EXPIRED})
