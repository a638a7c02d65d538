"""The circuit breaker's rules, against a model that remembers every call; no store, no clock of its own."""

from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faturat import BillerError, FaturatError, NotFound, Pending, Rejected, Rejection, Unknown, UnknownReference
from faturat.gate.call import CallFailed
from faturat.gate.guard import sign_of
from faturat.health import breaker
from faturat.health.types import Circuit, HealthState, Sign

START = datetime(2026, 11, 24, 9, 40, tzinfo=UTC)
LEASE = timedelta(seconds=35)
EVENTS = st.lists(
    st.tuples(st.sampled_from(["failed", "answered", "try", "try failed", "try unclear"]), st.integers(0, 700)),
    max_size=60,
)


@given(EVENTS)
def test_it_opens_after_so_many_calls_in_a_row_and_closes_with_any_answer(events: list[tuple[str, int]]) -> None:
    circuit, now = Circuit(biller="b"), START
    in_row, since, opened = 0, None, 0
    tried: int | None = None
    for event, seconds in events:
        now += timedelta(seconds=seconds)
        before = circuit
        match event:
            case "failed":
                circuit = breaker.failed(circuit, now)
                if before.closed:
                    in_row, since = in_row + 1, since or now
                else:
                    assert circuit == before, "a call that was under way before changes nothing"
            case "answered":
                circuit = breaker.answered(circuit)
                in_row, since, opened = 0, None, 0
            case "try":
                circuit = breaker.probed(circuit, now, now + LEASE)
                if circuit != before:
                    assert before.open_until is not None
                    assert now >= before.open_until
                    assert before.probe_until is None or now >= before.probe_until, "two tries at once"
                    tried = circuit.version
            case "try failed" if tried is not None:
                circuit = breaker.failed(circuit, now, tried)
                if before.closed:
                    in_row, since = in_row + 1, since or now  # closed meanwhile: a failure as any other
                elif before.version == tried:
                    in_row += 1
                    assert circuit.opened == before.opened + 1
                    assert circuit.open_until is not None
                    assert circuit.open_until > now
            case "try unclear" if tried is not None:
                circuit = breaker.unclear(circuit, tried)
        if before.closed and not circuit.closed:
            assert in_row == breaker.FAILURES
        if circuit.open_until is not None and before.opened != circuit.opened:
            opened += 1
            assert circuit.open_until - now == min(breaker.FIRST * 2 ** (opened - 1), breaker.MOST)
        assert circuit.closed is (in_row < breaker.FAILURES)
        assert (circuit.failures, circuit.failing_since) == (in_row, since)
        assert circuit.version in (before.version, before.version + 1)
        assert (circuit == before) is (circuit.version == before.version)
        health = breaker.health_of(circuit, now)
        state = HealthState.DOWN if in_row >= 5 else HealthState.DISTURBED if in_row >= 2 else HealthState.OK
        assert (health.state, health.since) == (state, None if state is HealthState.OK else since)


def test_failures_that_lie_a_day_apart_are_not_in_a_row() -> None:
    circuit, now = Circuit(biller="b"), START
    for _ in range(20):
        circuit = breaker.failed(circuit, now)
        assert circuit.failing_since == now
        assert breaker.health_of(circuit, now).state is HealthState.OK
        now += breaker.ONE_ROW
    assert circuit.closed


def test_a_try_whose_process_died_is_followed_by_another() -> None:
    circuit, now = Circuit(biller="b"), START
    for _ in range(breaker.FAILURES):
        circuit = breaker.failed(circuit, now)
    now += breaker.FIRST
    first = breaker.probed(circuit, now, now + LEASE)
    assert breaker.probed(first, now + LEASE - timedelta(seconds=1), now + 2 * LEASE) == first
    second = breaker.probed(first, now + LEASE, now + 2 * LEASE)
    assert second.probe_until == now + 2 * LEASE
    # what the first one brought at last is not the second one's
    assert breaker.failed(second, now + LEASE, first.version) == second
    assert breaker.unclear(second, first.version) == second


@pytest.mark.parametrize(
    ("told", "sign"),
    [
        (CallFailed("timeout"), Sign.SILENT),
        (CallFailed("ConnectionResetError", ConnectionResetError()), Sign.SILENT),
        (CallFailed("ServerDisconnectedError", aiohttp.ServerDisconnectedError()), Sign.SILENT),
        (CallFailed("ClientPayloadError", aiohttp.ClientPayloadError()), Sign.SILENT),
        (BillerError("http_503"), Sign.SILENT),
        (Unknown("timeout"), Sign.SILENT),
        (Unknown("http_502"), Sign.SILENT),
        (Unknown("no_connection"), Sign.SILENT),
        (UnknownReference(), Sign.ANSWERED),
        (Rejected(Rejection.NOT_ACCEPTED), Sign.ANSWERED),
        (Pending(), Sign.ANSWERED),
        (NotFound(), Sign.ANSWERED),
        (CallFailed("bad_reply", ValueError()), Sign.UNCLEAR),
        (CallFailed("KeyError", KeyError()), Sign.UNCLEAR),
        (CallFailed("cancelled"), Sign.UNCLEAR),
        (BillerError("bad_xml", "biller_bad_reply"), Sign.UNCLEAR),
        (FaturatError("bad_amount", value="NaN"), Sign.UNCLEAR),
        (Unknown("already_paid"), Sign.UNCLEAR),
        (Unknown("http_409"), Sign.UNCLEAR),
        (Unknown("processing"), Sign.UNCLEAR),
    ],
)
def test_what_counts_as_silence(told: CallFailed | FaturatError | Unknown, sign: Sign) -> None:
    assert sign_of(told) is sign
