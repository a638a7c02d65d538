"""One of a customer's devices: what was sent to it lately."""

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath

from faturat_server.access.types import User
from faturat_server.pages.delivery_words import EVENTS, FAILURES
from faturat_server.pages.rendering import Page, PageRequest, render
from faturat_server.push.service import NotificationService


@get("/njoftimet/pajisjet/{device:str}")
async def device_deliveries(
    request: PageRequest,
    notifications: NamedDependency[NotificationService],
    user: NamedDependency[User],
    device: FromPath[str],
) -> Page:
    found, deliveries = await notifications.deliveries(user.customer, device)
    return render(request, "device.html", device=found, deliveries=deliveries, events=EVENTS, failures=FAILURES)
