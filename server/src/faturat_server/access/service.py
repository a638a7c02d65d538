"""Users, their passwords, and who is logged in."""

import hashlib
import math
import re
import secrets
from datetime import timedelta
from typing import Any, Literal, TypeAlias

import asyncpg

from faturat import FaturatError, Language
from faturat.clock import Clock
from faturat.store.postgres import Database
from faturat_server.access.passwords import Passwords
from faturat_server.access.tables import AttemptRow, SecretRow, SessionRow, UserRow
from faturat_server.access.types import User
from faturat_server.settings import ServerSettings

Kind: TypeAlias = Literal["web", "token"]

USERNAME = re.compile(r"[a-z0-9._-]{1,40}", re.ASCII)
SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 1000
LONGEST_TOKEN = 64

WINDOW = timedelta(minutes=15)
"""For how long a failed log-in counts."""
FAILURES_OF_USERNAME = 5
FAILURES_FROM_SOURCE = 30

# the moment of the failure that has to grow old before the next try, if there are too many
BLOCKING_FAILURE = """
SELECT max(at) AS at FROM (
    (SELECT at FROM access_attempt WHERE username = $1 AND at > $3 ORDER BY at DESC OFFSET $4 LIMIT 1)
    UNION ALL
    (SELECT at FROM access_attempt WHERE source = $2 AND at > $3 ORDER BY at DESC OFFSET $5 LIMIT 1)
) AS failures
"""

USER_OF = """
SELECT username, customer, role, language FROM access_session JOIN access_user USING (username)
WHERE token_hash = $1 AND kind = $2 AND expires_at > $3
"""


class Access:
    """Needs schema.TABLES bound to `database`."""

    def __init__(
        self, database: Database, clock: Clock, settings: ServerSettings, passwords: Passwords | None = None
    ) -> None:
        self._database = database
        self._clock = clock
        self._lifetime = timedelta(hours=settings.web.session_hours)
        self._passwords = passwords or Passwords()

    async def add_user(self, username: str, password: str, customer: str, language: Language) -> User:
        """Add somebody who may log in as a customer of the bank.

        Raises FaturatError bad_username, bad_password or username_taken.
        """
        assert customer, "every customer has an id"
        return await self._add(User(username, customer, language), password)

    async def add_operator(self, username: str, password: str, language: Language) -> User:
        """Add somebody who may log in as an operator, and sees no customer's pages; raises as `add_user`."""
        return await self._add(User(username, "", language, "operator"), password)

    async def _add(self, user: User, password: str) -> User:
        if not USERNAME.fullmatch(user.username):
            raise FaturatError("bad_username", field="username")
        row = UserRow(
            username=user.username,
            password_hash=await self._hash(password),
            customer=user.customer,
            role=user.role,
            language=user.language,
            created_at=self._clock.now(),
        )
        try:
            await UserRow.insert(row)
        except asyncpg.UniqueViolationError:
            raise FaturatError("username_taken", field="username") from None
        return user

    async def set_password(self, username: str, password: str) -> None:
        """Give a user another password and end everything that they are logged in with.

        Raises FaturatError bad_password or unknown_user.
        """
        changed = await (
            UserRow.update({UserRow.password_hash: await self._hash(password)})
            .where(UserRow.username == username)
            .returning(UserRow.username)
        )
        if not changed:
            raise FaturatError("unknown_user", field="username")
        await SessionRow.delete().where(SessionRow.username == username)

    async def set_language(self, username: str, language: Language) -> None:
        await UserRow.update({UserRow.language: language}).where(UserRow.username == username)

    async def log_in(self, username: str, password: str, source: str, kind: Kind) -> tuple[str, User]:
        """A new token for whoever knows the password; `source` is the network address that asks.

        Raises FaturatError bad_login, too_many_attempts, or not_a_customer for an operator's bearer token: the API is
        for customers alone.
        """
        if not USERNAME.fullmatch(username) or len(password) > LONGEST_PASSWORD:
            raise FaturatError("bad_login")
        # failures are counted inside the turn, so that a burst passes the limit by no more than AT_ONCE
        async with self._passwords.turn:
            await self._refuse_too_many(username, source)
            row = await UserRow.select().where(UserRow.username == username).first()
            if not await self._passwords.verify(row["password_hash"] if row else None, password):
                await self._count_failure(username, source)
                raise FaturatError("bad_login")
        assert row is not None
        if kind == "token" and row["role"] != "customer":
            raise FaturatError("not_a_customer")
        if self._passwords.outdated(row["password_hash"]):
            renewed = await self._passwords.hash(password)
            # a password that was set meanwhile stays
            await UserRow.update({UserRow.password_hash: renewed}).where(
                UserRow.username == username, UserRow.password_hash == row["password_hash"]
            )
        return await self._open_session(username, kind), _user(row)

    async def user_of(self, token: str, kind: Kind) -> User | None:
        """Who is logged in with this token, if it is of this kind and not too old."""
        if len(token) > LONGEST_TOKEN:
            return None
        rows = await self._database.fetch(USER_OF, _hash_of(token), kind, self._clock.now())
        return _user(rows[0]) if rows else None

    async def log_out(self, token: str) -> None:
        await SessionRow.delete().where(SessionRow.token_hash == _hash_of(token))

    async def secret(self, name: str) -> str:
        """A secret that all processes on this database share, made by the first that asks."""
        row = await SecretRow.select().where(SecretRow.name == name).first()
        if row is None:
            made = SecretRow(name=name, value=secrets.token_hex())
            await SecretRow.insert(made).on_conflict(action="DO NOTHING")
            row = await SecretRow.select().where(SecretRow.name == name).first()
        assert row is not None
        return str(row["value"])

    async def _hash(self, password: str) -> str:
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            raise FaturatError("bad_password", field="password", least=SHORTEST_PASSWORD, most=LONGEST_PASSWORD)
        return await self._passwords.hash(password)

    async def _open_session(self, username: str, kind: Kind) -> str:
        token = secrets.token_urlsafe(32)
        now = self._clock.now()
        await SessionRow.delete().where(SessionRow.expires_at < now)
        row = SessionRow(
            token_hash=_hash_of(token),
            username=username,
            kind=kind,
            created_at=now,
            expires_at=now + self._lifetime,
        )
        await SessionRow.insert(row)
        return token

    async def _refuse_too_many(self, username: str, source: str) -> None:
        now = self._clock.now()
        offsets = FAILURES_OF_USERNAME - 1, FAILURES_FROM_SOURCE - 1
        [row] = await self._database.fetch(BLOCKING_FAILURE, username, source, now - WINDOW, *offsets)
        if row["at"] is not None:
            wait = row["at"] + WINDOW - now
            raise FaturatError("too_many_attempts", seconds=math.ceil(wait.total_seconds()))

    async def _count_failure(self, username: str, source: str) -> None:
        now = self._clock.now()
        await AttemptRow.delete().where(AttemptRow.at < now - WINDOW)
        await AttemptRow.insert(AttemptRow(username=username, source=source, at=now))


def _user(row: Any) -> User:
    return User(row["username"], row["customer"], row["language"], row["role"])


def _hash_of(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
