"""Codes by which a customer shows that an address is theirs: good for ten minutes, few an hour.

Six digits are sent to an address and typed, within five tries; a start is the 128 bits of a link that
opens a chat with a bot.
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from msgspec import Struct

from faturat import FaturatError, Text
from faturat.clock import new_id
from faturat.store.postgres import Database
from faturat_server.access.types import User
from faturat_server.channels.message import Message
from faturat_server.channels.types import Kind

LIFE = timedelta(minutes=10)
TRIES = 5
WINDOW = timedelta(hours=1)
MOST = 5
"""Codes in WINDOW for a customer, and for an address, whoever asks: nobody floods a stranger with them."""
MOST_OPENED = 10
"""Links in LIFE that may be opened from a chat, good or not: nobody tries one after the other."""

TITLE = Text("Kodi juaj për njoftimet", "Your code for notices")
BODY = Text(
    "Kodi është {code}. Vlen 10 minuta. Shkruajeni te faqja ku e kërkuat. Nëse nuk e kërkuat ju, mos bëni asgjë.",
    "The code is {code}. It is good for 10 minutes. Enter it on the page where you asked for it. "
    "If it was not you, do nothing.",
)

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('channel_code', 0))"
COUNT = "SELECT count(*) FROM channel_code WHERE (customer = $1 OR address = $2) AND sent_at > $3"
FORGET = "DELETE FROM channel_code WHERE sent_at <= $1"
KEEP = """
INSERT INTO channel_code (id, customer, username, kind, address, hash, sent_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
# the try is counted before it is looked at, so that of many at once none is free
TRY = """
UPDATE channel_code SET tries = tries + 1
WHERE id = $1 AND customer = $2 AND tries < $3 AND sent_at > $4 AND kind <> 'telegram'
RETURNING kind, address, hash, tries
"""
# used up, but still counted among those of the hour
USE_UP = "UPDATE channel_code SET tries = $2 WHERE id = $1"
COUNT_OPENING = """
WITH forgotten AS (DELETE FROM channel_opening WHERE at <= $3)
INSERT INTO channel_opening (chat, at)
SELECT $1, $2 WHERE (SELECT count(*) FROM channel_opening WHERE chat = $1 AND at > $3) < $4
RETURNING id
"""
# of two chats at once the first has it
TAKE = """
UPDATE channel_code SET address = $3 WHERE hash = $1 AND kind = 'telegram' AND address IS NULL AND sent_at > $2
RETURNING customer, username
"""
FIND = """
SELECT channel.id AS channel, code.address IS NULL AND code.sent_at > $3 AS waits
FROM channel_code AS code LEFT JOIN channel
    ON channel.customer = code.customer AND channel.kind = code.kind AND channel.address = code.address
WHERE code.hash = $1 AND code.customer = $2 AND code.kind = 'telegram'
"""


class Code(Struct, frozen=True):
    """A code on its way to an address; `id` is what the form that takes it is about."""

    id: str
    message: Message


class Owner(Struct, frozen=True):
    """Whose code it was."""

    customer: str
    username: str


async def new_code(database: Database, user: User, kind: Kind, address: str, now: datetime) -> Code:
    """A code, kept as a hash, and the message that carries it; raises FaturatError too_many_codes."""
    made, digits = new_id("cod", now), f"{secrets.randbelow(10**6):06d}"
    await _keep(database, made, user, kind, address, _hash(made, digits), now)
    body = BODY.to(user.language).format(code=digits)
    return Code(made, Message(made, "code", now, TITLE.to(user.language), body, {}))


async def try_code(database: Database, customer: str, code: str, typed: str, now: datetime) -> tuple[Kind, str]:
    """The kind and address that a code confirms, once; raises FaturatError bad_code, code_over."""
    found = await database.fetch(TRY, code, customer, TRIES, now - LIFE)
    if not found:
        raise FaturatError("code_over", field="kodi")
    row = found[0]
    if not hmac.compare_digest(row["hash"], _hash(code, "".join(typed.split()))):
        left = TRIES - row["tries"]
        raise FaturatError("bad_code", field="kodi", left=left) if left else FaturatError("code_over", field="kodi")
    await database.fetch(USE_UP, code, TRIES)
    return Kind(row["kind"]), str(row["address"])


async def new_start(database: Database, user: User, now: datetime) -> str:
    """The code of a link to a bot, kept as a hash; raises FaturatError too_many_codes."""
    code = secrets.token_urlsafe(16)
    await _keep(database, new_id("cod", now), user, Kind.TELEGRAM, None, _hash("start", code), now)
    return code


async def take_start(database: Database, code: str, chat: str, now: datetime) -> Owner | None:
    """Whose link was opened from a chat, once; None where it is nobody's, no longer good, or one too many."""
    if not await database.fetch(COUNT_OPENING, chat, now, now - LIFE, MOST_OPENED):
        return None
    found = await database.fetch(TAKE, _hash("start", code), now - LIFE, chat)
    return Owner(found[0]["customer"], found[0]["username"]) if found else None


async def started_channel(database: Database, customer: str, code: str, now: datetime) -> str:
    """The channel that a link was opened for; raises FaturatError not_started, code_over."""
    found = await database.fetch(FIND, _hash("start", code), customer, now - LIFE)
    if found and found[0]["channel"]:
        return str(found[0]["channel"])
    raise FaturatError("not_started" if found and found[0]["waits"] else "code_over")


async def _keep(
    database: Database, made: str, user: User, kind: Kind, address: str | None, hashed: str, now: datetime
) -> None:
    async with database.transaction():
        await database.fetch(LOCK)
        await database.fetch(FORGET, now - WINDOW)
        [row] = await database.fetch(COUNT, user.customer, address, now - WINDOW)
        if row["count"] >= MOST:
            raise FaturatError("too_many_codes", limit=MOST)
        await database.fetch(KEEP, made, user.customer, user.username, kind.value, address, hashed, now)


def _hash(code: str, secret: str) -> str:
    return hashlib.sha256(f"{code}.{secret}".encode()).hexdigest()
