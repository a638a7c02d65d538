"""The six digits by which a customer shows that an address is theirs: ten minutes, five tries, few an hour."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from msgspec import Struct

from faturat import FaturatError, Language, Text
from faturat.clock import new_id
from faturat.store.postgres import Database
from faturat_server.channels.message import Message
from faturat_server.channels.types import Kind

LIFE = timedelta(minutes=10)
TRIES = 5
WINDOW = timedelta(hours=1)
MOST = 5
"""Codes in WINDOW for a customer, and for an address, whoever asks: nobody floods a stranger with them."""

TITLE = Text("Kodi juaj për njoftimet", "Your code for notices")
BODY = Text(
    "Kodi është {code}. Vlen 10 minuta. Shkruajeni te faqja ku e kërkuat. Nëse nuk e kërkuat ju, mos bëni asgjë.",
    "The code is {code}. It is good for 10 minutes. Enter it on the page where you asked for it. "
    "If it was not you, do nothing.",
)

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('channel_code', 0))"
COUNT = "SELECT count(*) FROM channel_code WHERE (customer = $1 OR address = $2) AND sent_at > $3"
FORGET = "DELETE FROM channel_code WHERE sent_at <= $1"
KEEP = "INSERT INTO channel_code (id, customer, kind, address, hash, sent_at) VALUES ($1, $2, $3, $4, $5, $6)"
# the try is counted before it is looked at, so that of many at once none is free
TRY = """
UPDATE channel_code SET tries = tries + 1 WHERE id = $1 AND customer = $2 AND tries < $3 AND sent_at > $4
RETURNING kind, address, hash, tries
"""
# used up, but still counted among those of the hour
USE_UP = "UPDATE channel_code SET tries = $2 WHERE id = $1"


class Code(Struct, frozen=True):
    """A code on its way to an address; `id` is what the form that takes it is about."""

    id: str
    message: Message


async def new_code(
    database: Database, customer: str, kind: Kind, address: str, language: Language, now: datetime
) -> Code:
    """A code, kept as a hash, and the message that carries it; raises FaturatError too_many_codes."""
    made, digits = new_id("cod", now), f"{secrets.randbelow(10**6):06d}"
    async with database.transaction():
        await database.fetch(LOCK)
        await database.fetch(FORGET, now - WINDOW)
        [row] = await database.fetch(COUNT, customer, address, now - WINDOW)
        if row["count"] >= MOST:
            raise FaturatError("too_many_codes", limit=MOST)
        await database.fetch(KEEP, made, customer, kind.value, address, _hash(made, digits), now)
    body = BODY.to(language).format(code=digits)
    return Code(made, Message(made, "code", now, TITLE.to(language), body, {}))


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


def _hash(code: str, digits: str) -> str:
    return hashlib.sha256(f"{code}.{digits}".encode()).hexdigest()
