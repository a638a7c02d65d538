"""Adding a channel: which kinds there are, an address that is read or confirmed, and only so many for a customer."""

import asyncpg

from faturat import FaturatError
from faturat.clock import Clock, new_id
from faturat.store.postgres import Database
from faturat_server.access.types import User
from faturat_server.channels.codes import new_code, new_start, started_channel, take_start, try_code
from faturat_server.channels.mail import read_mail
from faturat_server.channels.ntfy import read_ntfy
from faturat_server.channels.sending import send
from faturat_server.channels.settings import Settings, Telegram
from faturat_server.channels.signing import new_secret
from faturat_server.channels.sms import read_number
from faturat_server.channels.telegram import Start, read_start
from faturat_server.channels.types import Channel, Kind, Target
from faturat_server.channels.webhook import read_webhook

MAX_CHANNELS = 5

LOCK_CUSTOMER = "SELECT pg_advisory_xact_lock(hashtextextended('channel ' || $1, 0))"
COUNT = "SELECT count(*) FROM channel WHERE customer = $1"
ADD = """
INSERT INTO channel (id, customer, username, kind, address, secret, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
"""


class ChannelAdding:
    """`settings` are those of the channels observer, or None where it is not loaded. Needs schema.TABLES bound."""

    def __init__(self, database: Database, clock: Clock, settings: Settings | None) -> None:
        self._database = database
        self._clock = clock
        self._settings = settings

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Those that may be added; none where nothing would be sent."""
        if self._settings is None:
            return ()
        offered = {
            Kind.SMS: self._settings.sms is not None,
            Kind.TELEGRAM: self._settings.telegram is not None,
            Kind.MAIL: self._settings.mail is not None,
            Kind.NTFY: bool(self._settings.ntfy),
            Kind.WEBHOOK: True,
        }
        return tuple(kind for kind, is_offered in offered.items() if is_offered)

    @property
    def ntfy_servers(self) -> tuple[str, ...]:
        """Those that a customer may choose from."""
        return () if self._settings is None else self._settings.ntfy

    @property
    def telegram(self) -> Telegram | None:
        """The operator's bot, where there is one."""
        return None if self._settings is None else self._settings.telegram

    async def add_webhook(self, user: User, address: str) -> Channel:
        """Raises FaturatError channels_not_offered, too_many_channels, channel_known, and those of read_webhook."""
        read = read_webhook(address, self._offered().local_webhooks)
        return await self._add(user.customer, user.username, Kind.WEBHOOK, read, new_secret())

    async def add_ntfy(self, user: User, server: str, topic: str) -> Channel:
        """Raises FaturatError channels_not_offered, too_many_channels, channel_known, and those of read_ntfy."""
        read = read_ntfy(server, topic, self._offered())
        return await self._add(user.customer, user.username, Kind.NTFY, read)

    async def send_code(self, user: User, kind: Kind, typed: str) -> str:
        """Send a code to a mail address or phone number; returns its id, for `add_confirmed`.

        Raises FaturatError channels_not_offered, too_many_channels, too_many_codes, code_not_sent, and those of
        read_mail and read_number.
        """
        settings, now = self._offered(), self._clock.now()
        address = _read(settings, kind, typed)
        await self._check_room(user.customer)
        code = await new_code(self._database, user, kind, address, now)
        if await send(settings, Target("", kind, address, "", user.language), code.message, now) is not None:
            raise FaturatError("code_not_sent", field="adresa")
        return code.id

    async def add_confirmed(self, user: User, code: str, typed: str) -> Channel:
        """Add the address that a code was sent to.

        Raises FaturatError channels_not_offered, bad_code, code_over, too_many_channels, channel_known.
        """
        self._offered()
        kind, address = await try_code(self._database, user.customer, code, typed, self._clock.now())
        return await self._add(user.customer, user.username, kind, address)

    async def start_telegram(self, user: User) -> str:
        """The code of a link by which the user opens a chat with the bot, for `started`.

        Raises FaturatError channels_not_offered, too_many_channels, too_many_codes.
        """
        if self.telegram is None:
            raise FaturatError("channels_not_offered")
        await self._check_room(user.customer)
        return await new_start(self._database, user, self._clock.now())

    async def take_update(self, update: bytes) -> Start | None:
        """Add the chat from which somebody opened a link; everything else that a bot hears is forgotten.

        Returns the chat's start where it is theirs now, or was before.
        """
        start, now = read_start(update), self._clock.now()
        if self.telegram is None or start is None:
            return None
        owner = await take_start(self._database, start.code, start.chat, now)
        if owner is None:
            return None
        try:
            await self._add(owner.customer, owner.username, Kind.TELEGRAM, start.chat)
        except FaturatError as error:  # a chat that they have already is found again by `started`
            return start if error.code == "channel_known" else None
        return start

    async def started(self, customer: str, code: str) -> str:
        """The id of the channel that a link was opened for; raises FaturatError not_started, code_over."""
        return await started_channel(self._database, customer, code, self._clock.now())

    def _offered(self) -> Settings:
        if self._settings is None:
            raise FaturatError("channels_not_offered")
        return self._settings

    async def _check_room(self, customer: str) -> None:
        [row] = await self._database.fetch(COUNT, customer)
        if row["count"] >= MAX_CHANNELS:
            raise FaturatError("too_many_channels", limit=MAX_CHANNELS)

    async def _add(self, customer: str, username: str, kind: Kind, address: str, secret: str = "") -> Channel:
        now = self._clock.now()
        made = Channel(new_id("chn", now), kind, address, secret, now)
        try:
            async with self._database.transaction():
                await self._database.fetch(LOCK_CUSTOMER, customer)  # two at once are still counted
                await self._check_room(customer)
                values = (made.id, customer, username, kind.value, address, secret, now)
                await self._database.fetch(ADD, *values)
        except asyncpg.UniqueViolationError:
            raise FaturatError("channel_known") from None
        return made


def _read(settings: Settings, kind: Kind, typed: str) -> str:
    """An address that a code is sent to."""
    if kind is Kind.SMS and settings.sms is not None:
        return read_number(typed, settings.sms)
    if kind is Kind.MAIL and settings.mail is not None:
        return read_mail(typed)
    raise FaturatError("channels_not_offered")
