"""An observer that delivers each customer's notices to their own devices."""

from datetime import datetime
from functools import partial

from cryptography.hazmat.primitives.asymmetric import ec

from faturat import Faturat, Notice, PluginContext, hookimpl
from faturat.clock import Clock
from faturat_server.push import outgoing, settings
from faturat_server.push.deliveries import Failure, log_delivery
from faturat_server.push.keys import server_key
from faturat_server.push.message import message
from faturat_server.push.service import quiet_hours
from faturat_server.push.types import Target
from faturat_server.push.webpush import Outcome, send
from faturat_server.turns import Turns

AT_ONCE = 5
"""Sends of one process at the same time; Apprise has a thread for each on the smallest machine."""


class NotReached(Exception):
    """At least one device did not get the notice; the outbox tries again, and then those devices alone."""


class PushNotifier:
    """Needs schema.TABLES bound to a database, as the server does; opening it asks for nothing."""

    api = 1
    Settings = settings.Settings

    def __init__(self, settings: settings.Settings) -> None:
        self.settings = settings
        self._turns = Turns()

    async def open(self, context: PluginContext) -> None:
        self._clock: Clock = context.clock
        self._log = context.logger

    async def close(self) -> None:
        await self._turns.close()

    @hookimpl
    async def deliver_notice(self, notice: Notice) -> datetime | None:
        targets = await outgoing.owed(notice)
        if not targets:
            return None
        if (until := (await quiet_hours(notice.customer)).until(self._clock.now())) is not None:
            return until
        key = await server_key()
        sends = [partial(self._reach, notice, target, key) for target in targets]
        if not await self._turns.take(sends, "push_failed", notice.id):
            raise NotReached
        return None

    async def _reach(self, notice: Notice, target: Target, key: ec.EllipticCurvePrivateKey) -> bool:
        """True where the device got the notice, or is no more; False where it is to be tried again."""
        host = target.subscription.host
        outcome = Outcome.GONE
        if self.settings.allows(host.removesuffix(":443")):
            text = message(notice, target.language)
            outcome = await send(target, notice.id, text, key, self.settings.contact)
        if outcome is not Outcome.GONE:
            failure = Failure.NOT_TAKEN if outcome is Outcome.FAILED else None
            await log_delivery(target.device, notice.id, notice.event.value, failure, self._clock.now())
        # after the log: a crash in between sends again, and the log still has it once
        if outcome is Outcome.SENT:
            await outgoing.record_sent(notice.id, target.device, self._clock.now())
        elif outcome is Outcome.GONE:
            await outgoing.forget(target.device, target.subscription.endpoint)
        self._log.info("notice_pushed", notice=notice.id, device=target.device, host=host, outcome=outcome.value)
        return outcome is not Outcome.FAILED


def settings_of(faturat: Faturat) -> settings.Settings | None:
    """The settings of the push observer of this process; None where it is not loaded, so that nothing is sent."""
    observers = (each.plugin for each in faturat.plugins.observers)
    return next((each.settings for each in observers if isinstance(each, PushNotifier)), None)
