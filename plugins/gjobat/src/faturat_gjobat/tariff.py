"""What a fine costs on a day, by which the simulator stands in for the company; the plugin never computes it."""

from datetime import date, timedelta

from msgspec import Struct

HALF_PRICE_DAYS = 15
"""From the day of registration (lajmifundit.al, in force since 21.04.2023); ASSUMED that the 15th still counts."""
FULL_PRICE_DAYS = 30
"""ASSUMED: until this day after registration the fine costs what it says."""
PERCENT_A_DAY = 2
"""From then on (2025)."""
MOST_PERCENT = 60
"""ASSUMED: sources differ, one month or 60 %."""


class Price(Struct, frozen=True):
    """What is to be paid, in minor units, and until when the discount or the price without penalty lasts."""

    amount: int
    penalty: int
    discount: int
    due_on: date

    @property
    def total(self) -> int:
        return self.amount + self.penalty - self.discount


def price(amount: int, registered_on: date, today: date) -> Price:
    """The price of a fine of `amount` minor units on one day; halves and percents are rounded down (ASSUMED)."""
    age = (today - registered_on).days
    if age <= HALF_PRICE_DAYS:
        return Price(amount, 0, amount // 2, registered_on + timedelta(days=HALF_PRICE_DAYS))
    percent = min(MOST_PERCENT, PERCENT_A_DAY * max(0, age - FULL_PRICE_DAYS))
    return Price(amount, amount * percent // 100, 0, registered_on + timedelta(days=FULL_PRICE_DAYS))
