"""What a seed came to, and many of them together."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

TAIL = 40
"""Lines of its trace that a failed seed shows."""


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


def words_of(result: Result) -> str:
    """A failed seed: what it broke, the end of its trace, and how to see all of it."""
    lines = "\n".join(f"    {line[:200]}" for line in result.trace[-TAIL:])
    return f"seed {result.seed}: {result.violation}\n{lines}\n  the whole trace: make simulate SEED={result.seed}\n"
