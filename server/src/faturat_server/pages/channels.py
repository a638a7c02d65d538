"""A customer's channels: which they have, adding one by a form of its kind, and all about one."""

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from faturat import FaturatError
from faturat.notices.types import NoticeEvent
from faturat_server.access.types import User
from faturat_server.channels import telegram
from faturat_server.channels.service import ChannelService
from faturat_server.channels.types import Channel, Kind
from faturat_server.failures import status_of
from faturat_server.pages.delivery_words import EVENTS, FAILURES
from faturat_server.pages.forms import read_form
from faturat_server.pages.notice_settings import JUST_NOW, SOON
from faturat_server.pages.rendering import Page, PageRequest, go_to, render
from faturat_server.push.deliveries import Failure, last_test

PAGE = "/njoftimet/kanalet"


@get(PAGE)
async def channel_list(
    request: PageRequest, channels: NamedDependency[ChannelService], user: NamedDependency[User]
) -> Page:
    """The list; `hequr` is the channel that was found to be gone by a test, and so removed."""
    found, lost = await channels.of(user.customer), await channels.gone_lately(user.customer)
    gone = next((each for each in lost if each.id == request.query_params.get("hequr")), None)
    return render(request, "channels.html", channels=found, kinds=channels.kinds, gone=gone, failures=FAILURES)


@get(f"{PAGE}/shto/{{kind:str}}")
async def channel_form(request: PageRequest, channels: NamedDependency[ChannelService], kind: FromPath[str]) -> Page:
    return _form(request, channels, _kind(channels, kind))


@post(f"{PAGE}/shto/{{kind:str}}")
async def add_channel(
    request: PageRequest,
    channels: NamedDependency[ChannelService],
    user: NamedDependency[User],
    kind: FromPath[str],
) -> Page:
    chosen, form = _kind(channels, kind), await read_form(request)
    try:
        if chosen in (Kind.MAIL, Kind.SMS):
            code = await channels.send_code(user, chosen, form.get("adresa", ""))
            return go_to(f"{PAGE}/shto/{chosen}/kodi/{code}")
        if chosen is Kind.TELEGRAM:
            return _link(request, channels, await channels.start_telegram(user))
        made = await _add(channels, user, chosen, form)
    except FaturatError as error:
        return _form(request, channels, chosen, form, error)
    return go_to(f"{PAGE}/{made.id}")


@get(f"{PAGE}/shto/{{kind:str}}/kodi/{{code:str}}")
async def code_form(
    request: PageRequest, channels: NamedDependency[ChannelService], kind: FromPath[str], code: FromPath[str]
) -> Page:
    """Where the code goes that was sent to a mail address or phone number."""
    return render(request, "channel_code.html", kind=_kind(channels, kind), code=code, error=None)


@post(f"{PAGE}/shto/{{kind:str}}/kodi/{{code:str}}")
async def confirm(
    request: PageRequest,
    channels: NamedDependency[ChannelService],
    user: NamedDependency[User],
    kind: FromPath[str],
    code: FromPath[str],
) -> Page:
    chosen, form = _kind(channels, kind), await read_form(request)
    try:
        made = await channels.add_confirmed(user, code, form.get("kodi", ""))
    except FaturatError as error:
        return render(request, "channel_code.html", status_of(error), kind=chosen, code=code, error=error)
    return go_to(f"{PAGE}/{made.id}")


@post(f"{PAGE}/telegram")
async def open_started(
    request: PageRequest, channels: NamedDependency[ChannelService], user: NamedDependency[User]
) -> Page:
    """Look whether the link was opened, and lead to the channel that it made."""
    kind, form = _kind(channels, Kind.TELEGRAM), await read_form(request)
    code = form.get("kodi", "")
    try:
        return go_to(f"{PAGE}/{await channels.started(user.customer, code)}")
    except FaturatError as error:
        if error.code == "not_started":
            return _link(request, channels, code, error)
        return _form(request, channels, kind, error=error)


@get(f"{PAGE}/{{channel:str}}")
async def channel_page(
    request: PageRequest,
    channels: NamedDependency[ChannelService],
    user: NamedDependency[User],
    channel: FromPath[str],
) -> Page:
    error = FaturatError(JUST_NOW) if request.query_params.get("prova") == SOON else None
    return await _page(request, channels, user, channel, error)


@post(f"{PAGE}/{{channel:str}}/ngjarjet")
async def choose_events(
    request: PageRequest,
    channels: NamedDependency[ChannelService],
    user: NamedDependency[User],
    channel: FromPath[str],
) -> Page:
    """Keep what the switches say; a box that is not ticked is not sent."""
    form = await read_form(request)
    events = {event: event.value in form for event in NoticeEvent}
    await channels.choose(user.customer, channel, events)
    return go_to(f"{PAGE}/{channel}?ruajtur=po")


@post(f"{PAGE}/{{channel:str}}/prova")
async def test_channel(
    request: PageRequest,
    channels: NamedDependency[ChannelService],
    user: NamedDependency[User],
    channel: FromPath[str],
) -> Page:
    """Send a test; what became of it is the newest in the delivery log."""
    try:
        failure = await channels.test(user, channel)
    except FaturatError as error:
        if error.code == JUST_NOW:
            return go_to(f"{PAGE}/{channel}?prova={SOON}")
        return await _page(request, channels, user, channel, error, status_of(error))
    return go_to(f"{PAGE}?hequr={channel}" if failure is Failure.GONE else f"{PAGE}/{channel}?prova=po")


@post(f"{PAGE}/{{channel:str}}/hiq")
async def remove_channel(
    channels: NamedDependency[ChannelService], user: NamedDependency[User], channel: FromPath[str]
) -> Page:
    await channels.remove(user.customer, channel)
    return go_to(PAGE)


def _kind(channels: ChannelService, named: str) -> Kind:
    """A kind that may be added; raises FaturatError not_found."""
    found = next((kind for kind in channels.kinds if kind.value == named), None)
    if found is None:
        raise FaturatError("not_found")
    return found


async def _add(channels: ChannelService, user: User, kind: Kind, form: dict[str, str]) -> Channel:
    if kind is Kind.NTFY:
        return await channels.add_ntfy(user, form.get("serveri", ""), form.get("tema", ""))
    return await channels.add_webhook(user, form.get("adresa", ""))


def _form(
    request: PageRequest,
    channels: ChannelService,
    kind: Kind,
    typed: dict[str, str] | None = None,
    error: FaturatError | None = None,
) -> Page:
    status, servers = 200 if error is None else status_of(error), channels.ntfy_servers
    content = {"kind": kind, "servers": servers, "typed": typed or {}, "error": error}
    return render(request, "channel_form.html", status, **content)


def _link(request: PageRequest, channels: ChannelService, code: str, error: FaturatError | None = None) -> Page:
    """The link to the bot; nowhere but here is its code in clear."""
    if channels.telegram is None:
        raise FaturatError("channels_not_offered")
    link = telegram.link(code, channels.telegram)
    status = 200 if error is None else status_of(error)
    return render(request, "channel_telegram.html", status, link=link, code=code, error=error)


async def _page(
    request: PageRequest,
    channels: ChannelService,
    user: User,
    channel: str,
    error: FaturatError | None = None,
    status: int = 200,
) -> Page:
    found = await channels.details(user.customer, channel)
    asked = "prova" in request.query_params and error is None
    return render(
        request,
        "channel.html",
        status,
        channel=found.channel,
        wanted=found.events,
        deliveries=found.deliveries,
        tested=await last_test(channel) if asked else None,
        saved="ruajtur" in request.query_params and error is None,
        events=EVENTS,
        failures=FAILURES,
        error=error,
    )
