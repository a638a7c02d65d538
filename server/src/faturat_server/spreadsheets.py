"""CSV for spreadsheets: whatever anybody wrote is text in it, and no formula."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any

FORMULA = "=+-@＝＋－＠"
"""What a spreadsheet takes for the beginning of a formula."""


def write_csv(headings: Sequence[str], rows: Iterable[Sequence[Any]], delimiter: str = ",") -> str:
    """A line per row under the headings; None is an empty cell."""
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip().startswith(tuple(FORMULA)) else text
