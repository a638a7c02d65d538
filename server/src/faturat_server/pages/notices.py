"""The notices that the customer was sent, newest first."""

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from msgspec import Struct

from faturat import Faturat, Notice, Payment, Text
from faturat.notices import wording
from faturat.notices.types import NoticeEvent
from faturat_server.access.types import User
from faturat_server.pages.payments import is_skipped, stage_of
from faturat_server.pages.rendering import Page, PageRequest, render
from faturat_server.push.message import path_of

PAGE = 50


class NoticeLine(Struct, frozen=True):
    notice: Notice
    path: str
    title: Text
    body: Text
    autopay: str
    """How the payment stands that a standing order planned: skipped, or its stage; empty in other notices."""


@get("/njoftimet")
async def notices(
    request: PageRequest, faturat: NamedDependency[Faturat], user: NamedDependency[User], para: FromQuery[str] = ""
) -> Page:
    """The newest notices, or those before the notice `para`."""
    found = await faturat.notices(user.customer, para, PAGE + 1)
    planned = [each.subject for each in found if each.event is NoticeEvent.AUTOPAY_PLANNED]
    payments = await faturat.payments.find_all(user.customer, planned)
    lines = [
        NoticeLine(
            each,
            path_of(each),
            Text(wording.title(each, "sq"), wording.title(each, "en")),
            Text(wording.body(each, "sq"), wording.body(each, "en")),
            _standing(payments.get(each.subject)),
        )
        for each in found[:PAGE]
    ]
    return render(request, "notices.html", lines=lines, older=lines[-1].notice.id if len(found) > PAGE else None)


def _standing(payment: Payment | None) -> str:
    if payment is None:
        return ""
    return "skipped" if is_skipped(payment) else stage_of(payment)
