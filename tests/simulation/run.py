"""Runs seeds: one with its whole trace, or many on all cores with progress and a summary.

make simulate SEEDS=2000 FROM=0      many
make simulate SEED=17                one, with its whole trace
make simulate BUGS=1                 each planted bug until a seed finds it
"""

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path

from simulation.bugs import BUGS
from simulation.checks import Violation
from simulation.steps import STEPS, Steps
from simulation.world import World

DEFAULT_SEEDS = 200
FAILED = Path(__file__).with_name("failed_seeds.txt")
"""Seeds that ever failed; they are run first."""
TAIL = 40


@dataclass
class Result:
    seed: int
    violation: str = ""
    steps: int = 0
    seconds: float = 0.0
    faults: Counter[str] = field(default_factory=Counter)
    payments: Counter[str] = field(default_factory=Counter)
    digest: str = ""
    trace: tuple[str, ...] = ()


@dataclass
class Summary:
    seeds: int = 0
    steps: int = 0
    seconds: float = 0.0
    faults: Counter[str] = field(default_factory=Counter)
    payments: Counter[str] = field(default_factory=Counter)
    failed: list[Result] = field(default_factory=list)

    def add(self, result: Result) -> None:
        self.seeds += 1
        self.steps += result.steps
        self.seconds += result.seconds
        self.faults += result.faults
        self.payments += result.payments
        if result.violation:
            self.failed.append(result)

    def __str__(self) -> str:
        return "\n".join((
            f"seeds           {self.seeds}",
            f"steps           {self.steps}",
            f"simulated time  {timedelta(seconds=round(self.seconds))}",
            f"faults          {_counted(self.faults)}",
            f"payments        {_counted(self.payments)}",
            f"violations      {len(self.failed)}",
        ))  # fmt: skip


def _counted(counter: Counter[str]) -> str:
    return f"{counter.total()}: " + ", ".join(f"{name} {number}" for name, number in counter.most_common())


def run_seed(seed: int, whole_trace: bool = False) -> Result:
    """One seed from its start to its end; the same seed always goes the same way."""
    world, result = World(seed), Result(seed)
    with world.set_up():
        try:
            Steps(world).run(STEPS)
        except Violation as violation:
            result.violation = str(violation)
        result.steps = sum(world.done.values())
        result.seconds = world.loop.time()
        result.faults = world.faults
        result.payments = Counter(str(payment.state) for payment in world.store._payments.values())
        if whole_trace or result.violation:
            result.digest = world.digest()
            shown = world.traced if whole_trace else world.traced[-TAIL:]
            result.trace = tuple(" ".join(map(str, line)) for line in shown)
        world.loop.close()
    return result


def run_seeds(seeds: Iterable[int], progress: bool = True) -> Summary:
    """Many seeds, on all cores."""
    summary, seeds = Summary(), list(seeds)
    start = shown = time.monotonic()
    with get_context("fork").Pool(os.cpu_count(), maxtasksperchild=200) as pool:
        for result in pool.imap_unordered(run_seed, seeds, chunksize=5):
            summary.add(result)
            if result.violation:
                print(words_of(result), flush=True)
            if progress and time.monotonic() - shown > 2:
                shown = time.monotonic()
                rate = summary.seeds / (shown - start)
                print(f"  {summary.seeds}/{len(seeds)} seeds, {rate:.1f}/s", file=sys.stderr, flush=True)
    return summary


def words_of(result: Result) -> str:
    """A failed seed: what it broke, the end of its trace, and how to see all of it."""
    lines = "\n".join(f"    {line[:200]}" for line in result.trace[-TAIL:])
    return f"seed {result.seed}: {result.violation}\n{lines}\n  the whole trace: make simulate SEED={result.seed}\n"


def failed_seeds() -> list[int]:
    return [int(line.split()[0]) for line in FAILED.read_text().splitlines() if line and not line.startswith("#")]


def find_bugs() -> int:
    """Each planted bug, seed by seed, until one finds it; prints the table that bugs.py keeps."""
    missed = 0
    for name, plant in BUGS.items():
        found = None
        with plant():
            for seed in range(DEFAULT_SEEDS):
                result = run_seed(seed)
                if result.violation:
                    found = result
                    break
        missed += found is None
        words = f'    "{name}": {found.seed},  # {found.violation}' if found else f"    {name} was not found"
        print(words[:150], flush=True)
    return missed


def main() -> int:
    parser = argparse.ArgumentParser(prog="simulate", description=__doc__)
    parser.add_argument("--seeds", type=int, default=DEFAULT_SEEDS)
    parser.add_argument("--from", type=int, default=0, dest="first")
    parser.add_argument("--seed", type=int, help="one seed, with its whole trace")
    parser.add_argument("--digest", action="store_true", help="of the one seed, nothing but the digest of its trace")
    parser.add_argument("--bugs", action="store_true", help="find each planted bug anew")
    chosen = parser.parse_args()
    if chosen.bugs:
        return find_bugs()
    if chosen.seed is not None:
        result = run_seed(chosen.seed, whole_trace=True)
        print(result.digest if chosen.digest else "\n".join((*result.trace, result.violation or "no violation")))
        return bool(result.violation)
    start = time.monotonic()
    seeds = dict.fromkeys((*failed_seeds(), *range(chosen.first, chosen.first + chosen.seeds)))
    summary = run_seeds(seeds)
    print(f"{summary}\nseeds a second  {summary.seeds / (time.monotonic() - start):.1f}")
    return bool(summary.failed)


if __name__ == "__main__":
    sys.exit(main())
