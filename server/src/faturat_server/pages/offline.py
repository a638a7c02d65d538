"""What a customer sees without a connection: the copy of their bills, to be read only.

static/app.js keeps the copy, static/offline.js (the service worker) shows it. No other page is ever kept.
"""

import json
from datetime import timedelta
from email.utils import format_datetime

from litestar import Response, get
from litestar.di import NamedDependency

from faturat import Faturat
from faturat_server.access.types import User
from faturat_server.pages.facts import scheduled_for
from faturat_server.pages.owed import owed_sums, unpaid_invoices
from faturat_server.pages.rendering import Page, PageRequest, render
from faturat_server.pages.statics import FILES, static_address
from faturat_server.settings import ServerSettings

SHOWN = 500
"""The most invoices that the copy lists."""
KEPT = ("app.js", "faturat.css", "icon.svg")
"""The files that a page without a connection needs."""


@get("/offline.js")
async def worker() -> Response[bytes]:
    """The service worker; another content of a file that it keeps makes it another one, which a browser then takes."""
    files = json.dumps([static_address(name) for name in KEPT])
    script = f"const FILES = {files};\n".encode() + FILES["offline.js"].content
    return Response(script, media_type="text/javascript", headers={"Cache-Control": "no-cache"})


@get("/pa-lidhje")
async def no_connection(request: PageRequest) -> Page:
    """The page for whoever has no copy: the same for everybody, in both languages, for it is fetched long before."""
    return render(request, "no_connection.html")


@get("/faturat/kopja")
async def copy(
    request: PageRequest,
    faturat: NamedDependency[Faturat],
    user: NamedDependency[User],
    settings: NamedDependency[ServerSettings],
) -> Page:
    """The copy as it would be kept now; it is shown for no longer than a log-in lasts.

    It names no contract's number and no subscriber: those need not lie on the device.
    """
    now = faturat.clock.now()
    contracts = await faturat.contracts.of(user.customer)
    listed = await unpaid_invoices(faturat, user.customer, contracts)
    owed = [each for each in listed if each.is_owed]
    page = render(
        request,
        "copy.html",
        contracts=contracts,
        invoices=listed[:SHOWN],
        scheduled=await scheduled_for(faturat, user.customer, (each.known for each in owed)),
        sums=owed_sums(owed),
        count=len(owed),
        now=now,
    )
    page.headers["Expires"] = format_datetime(now + timedelta(hours=settings.web.session_hours), usegmt=True)
    return page
