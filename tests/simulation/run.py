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
from multiprocessing import get_context
from pathlib import Path

from simulation.bugs import BUGS
from simulation.checks import Violation
from simulation.soak import soak
from simulation.steps import STEPS, Steps
from simulation.summary import TAIL, Result, Summary, words_of
from simulation.world import World

DEFAULT_SEEDS = 200
KEPT = Path(__file__).with_name("kept_seeds.txt")
"""Seeds that ever failed, or that alone show something; they are run first."""


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


def kept_seeds() -> list[int]:
    return [int(line.split()[0]) for line in KEPT.read_text().splitlines() if line and not line.startswith("#")]


def find_bug(name: str) -> Result | None:
    """The first seed of the default run that finds a planted bug."""
    with BUGS[name]():
        found = (run_seed(seed) for seed in (*range(DEFAULT_SEEDS), *kept_seeds()))
        return next((result for result in found if result.violation), None)


def find_bugs(names: list[str]) -> int:
    """Each planted bug, seed by seed, until one finds it; prints the table that bugs.py keeps."""
    missed = 0
    with get_context("fork").Pool(os.cpu_count()) as pool:
        for name, found in zip(names, pool.imap(find_bug, names), strict=True):
            missed += found is None
            words = f'    "{name}": {found.seed},  # {found.violation}' if found else f"    {name} was not found"
            print(words[:150], flush=True)
    return missed


def main() -> int:
    parser = argparse.ArgumentParser(prog="simulate", description=__doc__)
    parser.add_argument("--seeds", type=int, default=DEFAULT_SEEDS)
    parser.add_argument("--from", type=int, default=0, dest="first")
    parser.add_argument("--seed", type=int, nargs="+", help="one seed, with its whole trace")
    parser.add_argument("--digest", action="store_true", help="of each seed, nothing but the digest of its trace")
    parser.add_argument("--bugs", nargs="*", metavar="NAME", help="find each planted bug anew, or those named")
    parser.add_argument("--soak", type=int, metavar="SEEDS", help="so many seeds in slices, those not done before")
    chosen = parser.parse_args()
    if chosen.bugs is not None:
        return find_bugs(chosen.bugs or list(BUGS))
    if chosen.soak is not None:
        summary = soak(chosen.soak, run_seeds)
        print(summary)
        return bool(summary.failed)
    if chosen.seed is not None:
        results = [run_seed(seed, whole_trace=True) for seed in chosen.seed]
        for result in results:
            print(result.digest if chosen.digest else "\n".join((*result.trace, result.violation or "no violation")))
        return any(result.violation for result in results)
    start = time.monotonic()
    seeds = dict.fromkeys((*kept_seeds(), *range(chosen.first, chosen.first + chosen.seeds)))
    summary = run_seeds(seeds)
    print(f"{summary}\nseeds a second  {summary.seeds / (time.monotonic() - start):.1f}")
    return bool(summary.failed)


if __name__ == "__main__":
    sys.exit(main())
