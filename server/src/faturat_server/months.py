"""Months as the clocks in Albania count them, each by its first day."""

import re
from datetime import date, datetime, timedelta

from faturat import FaturatError
from faturat.clock import company_day, day_bounds


def month_of(moment: datetime) -> date:
    return company_day(moment).replace(day=1)


def month_bounds(month: date) -> tuple[datetime, datetime]:
    """The first moment of a month, and that of the one after."""
    return day_bounds(month)[0], day_bounds(_next(month))[0]


def months_to(last: date, count: int) -> tuple[date, ...]:
    """So many months up to the last one, the newest first."""
    found = [last]
    while len(found) < count:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return tuple(found)


def read_month(code: str) -> date:
    """The month `2026-11`. Raises FaturatError unknown_choice."""
    if re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", code, re.ASCII) is None:
        raise FaturatError("unknown_choice", field="month", value=code[:32])
    return date.fromisoformat(f"{code}-01")


def month_code(month: date) -> str:
    return f"{month:%Y-%m}"


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)
