"""What a simulated company tells a bank of a day: its bookings, counted and summed up, or wrongly so."""

from collections.abc import Callable
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from faturat.clock import day_bounds
from faturat.testing.books import Booking, Books
from faturat.testing.faults import Fault

OTHER_CHANNELS = ("another-channel", "counter")
"""How the books' order ids begin for what the bank did not order; it stands in no statement for it."""
ONE_LEK = 1_00


class DailyList(Struct, frozen=True):
    """The bookings of a day, and how many there are of them with what sum, as the company counts: minor units."""

    day: date
    bookings: tuple[Booking, ...]
    count: int
    total: int


def list_day(books: Books, day: date, take: Callable[[str], Fault | None]) -> DailyList:
    """What the bank ordered and was booked on a companies' day; `take` says which faults to show."""
    begin, end = day_bounds(day)
    bookings = [each for each in books.booked_between(begin, end) if not each.order_id.startswith(OTHER_CHANNELS)]
    if bookings and take("missing_row"):
        bookings.pop()
    if bookings and take("other_amount"):
        bookings[-1] = replace(bookings[-1], amount=bookings[-1].amount + ONE_LEK)
    if bookings and take("double_row"):
        bookings.append(replace(bookings[-1], receipt=f"{bookings[-1].receipt}-2"))
    if take("extra_row"):
        bookings.append(Booking("pay_nobodys", "000000000", 1, 999_00, "R999999999", begin))
    count, total = len(bookings), sum(each.amount for each in bookings)
    if bookings and take("cut_statement"):
        bookings.pop()
    return DailyList(day, tuple(bookings), count, total)
