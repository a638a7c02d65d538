"""An observer that delivers each customer's notices to the channels that they added."""

import asyncio
from datetime import datetime

from faturat import Faturat, Notice, PluginContext, hookimpl
from faturat.clock import Clock
from faturat.logs import log_failure
from faturat_server.channels import outgoing, settings
from faturat_server.channels.message import notice_message
from faturat_server.channels.sending import send
from faturat_server.channels.types import Target
from faturat_server.push.deliveries import log_delivery
from faturat_server.push.service import quiet_hours

AT_ONCE = 20
"""Sends of one process at the same time."""


class NotReached(Exception):
    """At least one channel did not take the notice; the outbox tries again, and then those channels alone."""


class ChannelNotifier:
    """Needs schema.TABLES bound to a database, as the server does; opening it asks for nothing."""

    api = 1
    Settings = settings.Settings

    def __init__(self, settings: settings.Settings) -> None:
        self.settings = settings
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._under_way: set[asyncio.Task[bool]] = set()

    async def open(self, context: PluginContext) -> None:
        self._clock: Clock = context.clock
        self._log = context.logger

    async def close(self) -> None:
        """Waits for what is being sent, so that it is recorded."""
        await asyncio.gather(*self._under_way, return_exceptions=True)

    @hookimpl
    async def deliver_notice(self, notice: Notice) -> datetime | None:
        owed = await outgoing.owed(notice)
        if not owed:
            return None
        until = (await quiet_hours(notice.customer)).until(self._clock.now())
        targets = [each for each in owed if until is None or not each.kind.is_heard]
        reached = await asyncio.gather(*(self._in_turn(notice, target) for target in targets), return_exceptions=True)
        for failure in reached:
            if isinstance(failure, BaseException):
                log_failure("channel_failed", failure, notice=notice.id)
        if any(each is not True for each in reached):
            raise NotReached
        return until if len(targets) < len(owed) else None

    async def _in_turn(self, notice: Notice, target: Target) -> bool:
        """Reach one channel. Once begun it is also recorded, though the gate's time runs out meanwhile."""
        async with self._turn:
            task = asyncio.create_task(self._reach(notice, target))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
            return await asyncio.shield(task)

    async def _reach(self, notice: Notice, target: Target) -> bool:
        """Whether the channel took the notice."""
        message = notice_message(notice, target.language)
        failure = await send(self.settings, target, message, self._clock.now())
        await log_delivery(target.channel, notice.id, notice.event.value, failure, self._clock.now())
        # after the log: a crash in between sends again, and the log still has it once
        if failure is None:
            await outgoing.record_sent(notice.id, target.channel, self._clock.now())
        outcome = "sent" if failure is None else failure.value
        self._log.info("notice_sent", notice=notice.id, channel=target.channel, kind=target.kind, outcome=outcome)
        return failure is None


def settings_of(faturat: Faturat) -> settings.Settings | None:
    """The settings of the channels observer of this process; None where it is not loaded, so that nothing is sent."""
    observers = (each.plugin for each in faturat.plugins.observers)
    return next((each.settings for each in observers if isinstance(each, ChannelNotifier)), None)
