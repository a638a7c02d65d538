"""An observer that delivers each customer's notices to the channels that they added."""

from datetime import datetime
from functools import partial

from faturat import Faturat, Notice, PluginContext, hookimpl
from faturat.clock import Clock
from faturat_server.channels import outgoing, settings
from faturat_server.channels.message import notice_message
from faturat_server.channels.sending import send
from faturat_server.channels.types import Target
from faturat_server.push.deliveries import Failure, log_delivery
from faturat_server.push.service import quiet_hours
from faturat_server.turns import Turns


class NotReached(Exception):
    """At least one channel did not take the notice; the outbox tries again, and then those channels alone."""


class ChannelNotifier:
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
        owed = await outgoing.owed(notice)
        if not owed:
            return None
        until = (await quiet_hours(notice.customer)).until(self._clock.now())
        targets = [each for each in owed if until is None or not each.kind.is_heard]
        sends = [partial(self._reach, notice, target) for target in targets]
        if not await self._turns.take(sends, "channel_failed", notice.id):
            raise NotReached
        return until if len(targets) < len(owed) else None

    async def _reach(self, notice: Notice, target: Target) -> bool:
        """Whether the channel took the notice, or is no more."""
        message = notice_message(notice, target.language)
        failure = await send(self.settings, target, message, self._clock.now())
        await log_delivery(target.channel, notice.id, notice.event.value, failure, self._clock.now())
        # after the log: a crash in between sends again, and the log still has it once
        if failure is None:
            await outgoing.record_sent(notice.id, target.channel, self._clock.now())
        elif failure is Failure.GONE:
            await outgoing.forget(target.channel, self._clock.now())
        outcome = "sent" if failure is None else failure.value
        self._log.info("notice_sent", notice=notice.id, channel=target.channel, kind=target.kind, outcome=outcome)
        return failure in (None, Failure.GONE)


def settings_of(faturat: Faturat) -> settings.Settings | None:
    """The settings of the channels observer of this process; None where it is not loaded, so that nothing is sent."""
    observers = (each.plugin for each in faturat.plugins.observers)
    return next((each.settings for each in observers if isinstance(each, ChannelNotifier)), None)
