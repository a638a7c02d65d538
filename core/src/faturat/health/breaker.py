"""The circuit breaker's rules: pure functions from what is known of a biller, and a call's end, to what is known then.

A number of calls in a row without an answer open it: nobody calls then. After a while one call may try, which closes it
or opens it for twice as long. Any answer closes it, whoever's it is and however late.
"""

from datetime import datetime, timedelta

from msgspec.structs import replace

from faturat.health.types import Circuit, Health, HealthState

FAILURES = 5
"""Calls in a row without an answer, of all processes together, that open it."""
DISTURBED = 2
"""Calls in a row without an answer that are worth telling."""
FIRST = timedelta(seconds=30)
"""How long it is open at first; twice as long each time that a try fails."""
MOST = timedelta(minutes=10)
ONE_ROW = timedelta(days=1)
"""Failures further apart than this are not in a row."""


def failed(circuit: Circuit, now: datetime, probe: int | None = None) -> Circuit:
    """A call brought no answer. `probe` is the version at which it was let through, where it was the try.

    While it is not closed, only the try counts: the others were under way before.
    """
    if not circuit.closed and circuit.version != probe:
        return circuit
    in_row = not circuit.closed or _in_row(circuit, now)
    after = replace(
        circuit,
        version=circuit.version + 1,
        failures=circuit.failures + 1 if in_row else 1,
        failing_since=circuit.failing_since if in_row else now,
        failed_at=now,
        probe_until=None,
    )
    if circuit.closed and after.failures < FAILURES:
        return after
    return replace(after, opened=circuit.opened + 1, open_until=now + min(FIRST * 2 ** min(circuit.opened, 10), MOST))


def answered(circuit: Circuit) -> Circuit:
    """The biller answered: all is well again."""
    if circuit.closed and not circuit.failures:
        return circuit
    return Circuit(biller=circuit.biller, version=circuit.version + 1)


def unclear(circuit: Circuit, probe: int) -> Circuit:
    """The try told nothing; the next call is the next try."""
    if circuit.closed or circuit.version != probe:
        return circuit
    return replace(circuit, version=circuit.version + 1, probe_until=None)


def probed(circuit: Circuit, now: datetime, until: datetime) -> Circuit:
    """Let one call try, which is back by `until`; unchanged where none may."""
    if circuit.closed or may_try_at(circuit) > now:
        return circuit
    return replace(circuit, version=circuit.version + 1, probe_until=until)


def may_try_at(circuit: Circuit) -> datetime:
    """When the next call may try; the process of one that is under way may have died, so its time is limited."""
    assert circuit.open_until is not None, "a closed one lets every call through"
    return max(circuit.open_until, circuit.probe_until or circuit.open_until)


def health_of(circuit: Circuit, now: datetime) -> Health:
    if not circuit.closed:
        return Health(HealthState.DOWN, circuit.failing_since)
    if circuit.failures >= DISTURBED and _in_row(circuit, now):
        return Health(HealthState.DISTURBED, circuit.failing_since)
    return Health(HealthState.OK)


def _in_row(circuit: Circuit, now: datetime) -> bool:
    """Whether a failure now comes soon enough after the last one."""
    return circuit.failed_at is not None and now - circuit.failed_at < ONE_ROW
