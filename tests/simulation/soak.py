"""Many seeds in slices; which are done is remembered for this version of the code, so that a soak can go on."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from simulation.summary import Summary

ROOT = Path(__file__).parents[2]
DONE = ROOT / "build" / "simulation-soak.json"
SLICE = 500
CODE = ("core/src/faturat/**/*.py", "tests/simulation/*.py")


class Slice(msgspec.Struct):
    seeds: int
    steps: int
    seconds: float
    faults: dict[str, int]
    payments: dict[str, int]


class Done(msgspec.Struct):
    """What is done of one version of the code: each slice by its first seed."""

    version: str
    slices: dict[int, Slice] = {}


def soak(seeds: int, run_seeds: Callable[[Iterable[int]], Summary]) -> Summary:
    """Run seeds 0 to `seeds`, those that this version has not passed yet; a slice with a failed seed is not passed."""
    done = _remembered()
    failed = Summary()
    for first in range(0, seeds, SLICE):
        if first not in done.slices:
            summary = run_seeds(range(first, first + SLICE))
            failed.failed += summary.failed
            if not summary.failed:
                done.slices[first] = Slice(
                    summary.seeds, summary.steps, summary.seconds, dict(summary.faults), dict(summary.payments)
                )
                DONE.parent.mkdir(exist_ok=True)
                DONE.write_bytes(msgspec.json.encode(done))
            print(f"seeds {first} to {first + SLICE - 1}: {len(summary.failed)} failed", flush=True)
    return _total(done, failed)


def _remembered() -> Done:
    version = _version()
    if DONE.exists():
        known = msgspec.json.decode(DONE.read_bytes(), type=Done)
        if known.version == version:
            return known
    return Done(version)


def _version() -> str:
    digest = hashlib.sha256()
    for path in sorted(path for pattern in CODE for path in ROOT.glob(pattern)):
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def _total(done: Done, total: Summary) -> Summary:
    for each in done.slices.values():
        total.seeds += each.seeds
        total.steps += each.steps
        total.seconds += each.seconds
        total.faults += Counter(each.faults)
        total.payments += Counter(each.payments)
    return total
