"""Adding a channel by a form of its kind: a field or two, and where it needs one a code or a link."""

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from faturat import FaturatError
from faturat_server.access.types import User
from faturat_server.channels import telegram
from faturat_server.channels.adding import ChannelAdding
from faturat_server.channels.types import Channel, Kind
from faturat_server.failures import status_of
from faturat_server.pages.forms import read_form
from faturat_server.pages.rendering import Page, PageRequest, go_to, render

PAGE = "/njoftimet/kanalet"


@get(f"{PAGE}/shto/{{kind:str}}")
async def channel_form(
    request: PageRequest, channel_adding: NamedDependency[ChannelAdding], kind: FromPath[str]
) -> Page:
    return _form(request, channel_adding, _kind(channel_adding, kind))


@post(f"{PAGE}/shto/{{kind:str}}")
async def add_channel(
    request: PageRequest,
    channel_adding: NamedDependency[ChannelAdding],
    user: NamedDependency[User],
    kind: FromPath[str],
) -> Page:
    chosen, form = _kind(channel_adding, kind), await read_form(request)
    try:
        if chosen in (Kind.MAIL, Kind.SMS):
            code = await channel_adding.send_code(user, chosen, form.get("adresa", ""))
            return go_to(f"{PAGE}/shto/{chosen}/kodi/{code}")
        if chosen is Kind.TELEGRAM:
            return _link(request, channel_adding, await channel_adding.start_telegram(user))
        made = await _add(channel_adding, user, chosen, form)
    except FaturatError as error:
        return _form(request, channel_adding, chosen, form, error)
    return go_to(f"{PAGE}/{made.id}")


@get(f"{PAGE}/shto/{{kind:str}}/kodi/{{code:str}}")
async def code_form(
    request: PageRequest, channel_adding: NamedDependency[ChannelAdding], kind: FromPath[str], code: FromPath[str]
) -> Page:
    """Where the code goes that was sent to a mail address or phone number."""
    return render(request, "channel_code.html", kind=_kind(channel_adding, kind), code=code, error=None)


@post(f"{PAGE}/shto/{{kind:str}}/kodi/{{code:str}}")
async def confirm(
    request: PageRequest,
    channel_adding: NamedDependency[ChannelAdding],
    user: NamedDependency[User],
    kind: FromPath[str],
    code: FromPath[str],
) -> Page:
    chosen, form = _kind(channel_adding, kind), await read_form(request)
    try:
        made = await channel_adding.add_confirmed(user, code, form.get("kodi", ""))
    except FaturatError as error:
        return render(request, "channel_code.html", status_of(error), kind=chosen, code=code, error=error)
    return go_to(f"{PAGE}/{made.id}")


@post(f"{PAGE}/telegram")
async def open_started(
    request: PageRequest, channel_adding: NamedDependency[ChannelAdding], user: NamedDependency[User]
) -> Page:
    """Look whether the link was opened, and lead to the channel that it made."""
    kind, form = _kind(channel_adding, Kind.TELEGRAM), await read_form(request)
    code = form.get("kodi", "")
    try:
        return go_to(f"{PAGE}/{await channel_adding.started(user.customer, code)}")
    except FaturatError as error:
        if error.code == "not_started":
            return _link(request, channel_adding, code, error)
        return _form(request, channel_adding, kind, error=error)


def _kind(channel_adding: ChannelAdding, named: str) -> Kind:
    """A kind that may be added; raises FaturatError not_found."""
    found = next((kind for kind in channel_adding.kinds if kind.value == named), None)
    if found is None:
        raise FaturatError("not_found")
    return found


async def _add(channel_adding: ChannelAdding, user: User, kind: Kind, form: dict[str, str]) -> Channel:
    if kind is Kind.NTFY:
        return await channel_adding.add_ntfy(user, form.get("serveri", ""), form.get("tema", ""))
    return await channel_adding.add_webhook(user, form.get("adresa", ""))


def _form(
    request: PageRequest,
    channel_adding: ChannelAdding,
    kind: Kind,
    typed: dict[str, str] | None = None,
    error: FaturatError | None = None,
) -> Page:
    status, servers = 200 if error is None else status_of(error), channel_adding.ntfy_servers
    content = {"kind": kind, "servers": servers, "typed": typed or {}, "error": error}
    return render(request, "channel_form.html", status, **content)


def _link(request: PageRequest, channel_adding: ChannelAdding, code: str, error: FaturatError | None = None) -> Page:
    """The link to the bot; nowhere but here is its code in clear."""
    if channel_adding.telegram is None:
        raise FaturatError("channels_not_offered")
    link = telegram.link(code, channel_adding.telegram)
    status = 200 if error is None else status_of(error)
    return render(request, "channel_telegram.html", status, link=link, code=code, error=error)
