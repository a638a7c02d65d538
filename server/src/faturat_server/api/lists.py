"""Lists in pages: a cursor is the id of the last row of the page before."""

import re
from collections.abc import Callable, Sequence
from typing import Annotated, Protocol, TypeAlias, TypeVar

from litestar.params import QueryParameter

from faturat import FaturatError
from faturat_server.api.wire import Page

Limit: TypeAlias = Annotated[int, QueryParameter(ge=1, le=100, description="The most items of the page.")]
Cursor: TypeAlias = Annotated[str, QueryParameter(description="`next` of the page before.", required=False)]

DEFAULT_LIMIT = 50

_CURSOR = re.compile(r"[a-z]{3}_[0-9a-f]{1,40}", re.ASCII)


class Row(Protocol):
    @property
    def id(self) -> str: ...


R = TypeVar("R", bound=Row)
T = TypeVar("T")


def check_cursor(cursor: str) -> str:
    """The cursor, if it can be one; raises FaturatError bad_cursor."""
    if cursor and not _CURSOR.fullmatch(cursor):
        raise FaturatError("bad_cursor", field="cursor")
    return cursor


def page_of(rows: Sequence[R], limit: int, write: Callable[[R], T]) -> Page[T]:
    """A page from one row more than it may hold: that one says that there is a next."""
    shown = rows[:limit]
    return Page([write(row) for row in shown], shown[-1].id if len(rows) > limit else None)
