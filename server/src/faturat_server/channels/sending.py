"""One message to one channel, by its kind."""

from datetime import datetime

from faturat_server.channels import mail, ntfy, sms, telegram, webhook
from faturat_server.channels.message import Message
from faturat_server.channels.settings import Settings
from faturat_server.channels.types import Kind, Target
from faturat_server.push.deliveries import Failure


async def send(settings: Settings, target: Target, message: Message, now: datetime) -> Failure | None:
    """Send once; None where it was delivered. Takes some seconds at most."""
    match target.kind:
        case Kind.WEBHOOK:
            return await webhook.post(target, message, now, settings.local_webhooks)
        case Kind.NTFY:
            return await ntfy.publish(target.address, message, settings)
        case Kind.MAIL:
            if settings.mail is None:
                return Failure.NOT_OFFERED
            return await mail.post(target.address, message, settings.mail)
        case Kind.SMS:
            if settings.sms is None:
                return Failure.NOT_OFFERED
            return await sms.post(target.address, message, settings.sms)
        case Kind.TELEGRAM:
            if settings.telegram is None:
                return Failure.NOT_OFFERED
            return await telegram.post(target.address, message, settings.telegram)
