"""What a customer's own devices hear of, when not, and which devices those are."""

from collections.abc import Sequence

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from faturat import FaturatError
from faturat.notices.types import NoticeEvent
from faturat_server.access.types import User
from faturat_server.channels.service import ChannelService
from faturat_server.channels.types import GoneChannel
from faturat_server.failures import status_of
from faturat_server.pages.delivery_words import EVENTS, FAILURES
from faturat_server.pages.forms import read_form
from faturat_server.pages.rendering import Page, PageRequest, go_to, render
from faturat_server.push.deliveries import Failure, last_test
from faturat_server.push.quiet import QuietHours, read_hour
from faturat_server.push.service import NotificationService
from faturat_server.push.webpush import Outcome

PAGE = "/njoftimet/cilesimet"
JUST_NOW, SOON = "tested_just_now", "sapo"
"""The refusal of a test so soon after another, and its word in an address: the page is loaded again without a test."""
GONE = "iku"
"""The same word of a device that its test found to be gone, and removed."""
NEVER = QuietHours(QuietHours().begins, QuietHours().begins)


@get(PAGE)
async def notice_settings(
    request: PageRequest,
    notifications: NamedDependency[NotificationService],
    channels: NamedDependency[ChannelService],
    user: NamedDependency[User],
) -> Page:
    """The page; `prova` is the device that was just tested."""
    error = FaturatError(JUST_NOW) if request.query_params.get("prova") == SOON else None
    return await _page(request, notifications, user, error=error, gone=await channels.gone_lately(user.customer))


@post(PAGE)
async def choose(
    request: PageRequest, notifications: NamedDependency[NotificationService], user: NamedDependency[User]
) -> Page:
    """Keep what the switches say; a box that is not ticked is not sent."""
    form = await read_form(request)
    events = {event.value: event.value in form for event in NoticeEvent}
    try:
        quiet = _quiet_hours(form)
    except FaturatError as error:
        return await _page(request, notifications, user, error=error, status=status_of(error), typed=form)
    await notifications.choose(user.customer, events, quiet)
    return go_to(f"{PAGE}?ruajtur=po")


@post("/njoftimet/pajisjet")
async def add_device(
    request: PageRequest, notifications: NamedDependency[NotificationService], user: NamedDependency[User]
) -> Page:
    """Send notices to the browser that this comes from; static/push.js fills the form."""
    form = await read_form(request)
    try:
        await notifications.subscribe(user, *(form.get(name, "") for name in ("endpoint", "p256dh", "auth", "before")))
    except FaturatError as error:
        return await _page(request, notifications, user, error=error, status=status_of(error))
    return go_to(PAGE)


@post("/njoftimet/pajisjet/{device:str}/hiq")
async def remove_device(
    notifications: NamedDependency[NotificationService], user: NamedDependency[User], device: FromPath[str]
) -> Page:
    await notifications.remove(user.customer, device)
    return go_to(f"{PAGE}?hoqet=po")


@post("/njoftimet/pajisjet/{device:str}/prova")
async def test_device(
    request: PageRequest,
    notifications: NamedDependency[NotificationService],
    user: NamedDependency[User],
    device: FromPath[str],
) -> Page:
    """Send a device a test; what became of it is the newest in its delivery log."""
    try:
        outcome = await notifications.test(user, device)
    except FaturatError as error:
        if error.code == JUST_NOW:
            return go_to(f"{PAGE}?prova={SOON}")
        return await _page(request, notifications, user, error=error, status=status_of(error))
    return go_to(f"{PAGE}?prova={GONE if outcome is Outcome.GONE else device}")


def _quiet_hours(form: dict[str, str]) -> QuietHours:
    """Raises FaturatError bad_hour, and same_hours where they would say never, which the switch says."""
    if "qetesi" not in form:
        return NEVER
    quiet = QuietHours(read_hour("nga", form.get("nga", "")), read_hour("deri", form.get("deri", "")))
    if quiet.begins == quiet.ends:
        raise FaturatError("same_hours", field="deri")
    return quiet


async def _page(
    request: PageRequest,
    notifications: NotificationService,
    user: User,
    *,
    error: FaturatError | None = None,
    status: int = 200,
    gone: Sequence[GoneChannel] = (),
    typed: dict[str, str] | None = None,
) -> Page:
    """`typed` is a choice that could not be kept."""
    found, tested = await notifications.of(user.customer), request.query_params.get("prova", "")
    is_own = any(each.id == tested for each in found.devices)
    is_quiet = found.quiet.begins != found.quiet.ends
    quiet = found.quiet if is_quiet else QuietHours()
    kept = {"nga": f"{quiet.begins:%H:%M}", "deri": f"{quiet.ends:%H:%M}"}
    return render(
        request,
        "notice_settings.html",
        status,
        wanted=found.events if typed is None else {event: event.value in typed for event in NoticeEvent},
        events=EVENTS,
        is_quiet=is_quiet if typed is None else "qetesi" in typed,
        hours={field: (typed or kept).get(field, "") for field in kept},
        devices=found.devices,
        public_key=found.public_key,
        saved="ruajtur" in request.query_params and error is None,
        removed="hoqet" in request.query_params and error is None,
        tested=await last_test(tested) if is_own else None,
        device_gone=tested == GONE,
        gone=gone,
        why_gone=FAILURES[Failure.GONE],
        error=error,
    )
