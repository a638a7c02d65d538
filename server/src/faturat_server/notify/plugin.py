"""An observer that delivers notices through Apprise, to the URLs of the settings, and writes each to the log."""

import apprise

from faturat import Notice, PluginContext, hookimpl
from faturat.notices import wording
from faturat_server.notify import settings


class NotDelivered(Exception):
    """At least one URL did not take the notice; the outbox tries again."""


class AppriseNotifier:
    api = 1
    Settings = settings.Settings

    def __init__(self, settings: settings.Settings) -> None:
        self._language = settings.language
        self._apprise = apprise.Apprise()
        for url in settings.urls:
            self._apprise.add(url)

    async def open(self, context: PluginContext) -> None:
        self._log = context.logger

    async def close(self) -> None:
        """Nothing stays open."""

    @hookimpl
    async def deliver_notice(self, notice: Notice) -> None:
        title = wording.title(notice, self._language)
        if len(self._apprise) and not await self._apprise.async_notify(
            title=title, body=wording.body(notice, self._language)
        ):
            raise NotDelivered
        self._log.info("notice_delivered", notice=notice.id, event_kind=notice.event.value, title=title)
