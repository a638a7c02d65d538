"""A customer's channels: which they have, and all about one."""

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from faturat import FaturatError
from faturat.notices.types import NoticeEvent
from faturat_server.access.types import User
from faturat_server.channels.adding import ChannelAdding
from faturat_server.channels.service import ChannelService
from faturat_server.failures import status_of
from faturat_server.pages.channel_adding import PAGE
from faturat_server.pages.delivery_words import EVENTS, FAILURES
from faturat_server.pages.forms import read_form
from faturat_server.pages.notice_settings import JUST_NOW, SOON
from faturat_server.pages.rendering import Page, PageRequest, go_to, render
from faturat_server.push.deliveries import Failure, last_test


@get(PAGE)
async def channel_list(
    request: PageRequest,
    channels: NamedDependency[ChannelService],
    channel_adding: NamedDependency[ChannelAdding],
    user: NamedDependency[User],
) -> Page:
    """The list; `hequr` is the channel that was found to be gone by a test, and so removed."""
    found, lost = await channels.of(user.customer), await channels.gone_lately(user.customer)
    gone = next((each for each in lost if each.id == request.query_params.get("hequr")), None)
    content = {"gone": gone, "removed": "hoqet" in request.query_params, "failures": FAILURES}
    return render(request, "channels.html", channels=found, kinds=channel_adding.kinds, **content)


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
    return go_to(f"{PAGE}?hoqet=po")


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
