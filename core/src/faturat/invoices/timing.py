"""How often contracts are checked, and for how long what was read is good."""

from datetime import timedelta

from msgspec import Struct


class SweepTiming(Struct, frozen=True):
    """How often contracts are checked and looked up, and how long a quote may be paid without reading it again."""

    every: timedelta = timedelta(minutes=15)
    after_failure: timedelta = timedelta(minutes=5)
    lease: timedelta = timedelta(minutes=2)
    quote_lives: timedelta = timedelta(minutes=15)
    look_ups_per_hour: int = 30
