"""The default run of the simulation, in chunks, and that a seed replays to the same trace."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from simulation.run import DEFAULT_SEEDS, kept_seeds, run_seed
from simulation.summary import words_of

TESTS = Path(__file__).parents[1]
CHUNK = 25


@pytest.mark.parametrize("first", range(0, DEFAULT_SEEDS, CHUNK))
def test_no_invariant_is_broken(first: int) -> None:
    for seed in range(first, first + CHUNK):
        result = run_seed(seed)
        assert not result.violation, words_of(result)


def test_no_invariant_is_broken_in_a_seed_that_was_kept() -> None:
    for seed in kept_seeds():
        result = run_seed(seed)
        assert not result.violation, words_of(result)


def test_a_seed_replays_to_the_same_trace_in_any_process() -> None:
    seeds = (7, 12, 142)
    digests = [run_seed(seed, whole_trace=True).digest for seed in seeds]
    assert len(set(digests)) == len(seeds)
    assert digests == [run_seed(seed, whole_trace=True).digest for seed in seeds]
    for hash_seed in ("0", "4242"):
        environment = {**os.environ, "PYTHONPATH": str(TESTS), "PYTHONHASHSEED": hash_seed}
        command = [sys.executable, "-m", "simulation.run", "--digest", "--seed", *map(str, seeds)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        assert done.stdout.split() == digests
