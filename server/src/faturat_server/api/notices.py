"""The notices that the customer was sent."""

from litestar import get
from litestar.di import NamedDependency

from faturat import Faturat, Language, Notice
from faturat.notices import wording
from faturat_server.access.types import User
from faturat_server.api import wire
from faturat_server.api.lists import DEFAULT_LIMIT, Cursor, Limit, check_cursor, page_of
from faturat_server.api.problems import problems


@get("/notices", summary="List notices", tags=["Notices"], responses=problems("bad_cursor"))
async def list_notices(
    faturat: NamedDependency[Faturat],
    user: NamedDependency[User],
    language: NamedDependency[Language],
    cursor: Cursor = "",
    limit: Limit = DEFAULT_LIMIT,
) -> wire.Page[wire.Notice]:
    """The customer's notices, newest first."""
    rows = await faturat.notices(user.customer, check_cursor(cursor), limit + 1)
    return page_of(rows, limit, lambda row: write_notice(row, language))


def write_notice(notice: Notice, language: Language) -> wire.Notice:
    return wire.Notice(
        id=notice.id,
        event=notice.event.value,
        invoice=notice.invoice,
        payment=notice.payment,
        title=wording.title(notice, language),
        body=wording.body(notice, language),
        created_at=notice.created_at,
    )
