"""One message to one channel, by its kind."""

from datetime import datetime

from faturat_server.channels import webhook
from faturat_server.channels.message import Message
from faturat_server.channels.settings import Settings
from faturat_server.channels.types import Target
from faturat_server.push.deliveries import Failure


async def send(settings: Settings, target: Target, message: Message, now: datetime) -> Failure | None:
    """Send once; None where it was delivered. Takes some seconds at most."""
    return await webhook.post(target, message, now, settings.local_webhooks)
