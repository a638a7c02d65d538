"""Users, passwords, sessions and the throttle, on a database."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from argon2 import PasswordHasher

from faturat import FaturatError
from faturat.store.postgres import Database
from faturat_server.access.passwords import AT_ONCE, Passwords
from faturat_server.access.service import FAILURES_FROM_SOURCE, FAILURES_OF_USERNAME, WINDOW, Access
from faturat_server.schema import APPS, TABLES
from faturat_server.settings import ServerSettings

PASSWORD = "correct horse"
QUICK = PasswordHasher(time_cost=1, memory_cost=64)


class HandClock:
    def __init__(self) -> None:
        self.moment = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def access(database_url: str, clock: HandClock) -> AsyncIterator[Access]:
    database = await Database.open(database_url, TABLES)
    await database.migrate(APPS)
    access = Access(database, clock, ServerSettings(), Passwords(QUICK))
    await access.add_user("user1", PASSWORD, "c-1", "sq")
    yield access
    await database.close()


async def refusal(work: Any) -> FaturatError:
    with pytest.raises(FaturatError) as caught:
        await work
    return caught.value


async def test_a_token_says_who_it_is_until_it_expires(access: Access, clock: HandClock) -> None:
    token, user = await access.log_in("user1", PASSWORD, "::1", "web")
    assert await access.user_of(token, "web") == user
    clock.moment += timedelta(hours=12, seconds=-1)
    assert await access.user_of(token, "web") == user
    clock.moment += timedelta(seconds=1)
    assert await access.user_of(token, "web") is None


async def test_an_operator_is_no_customer(access: Access) -> None:
    added = await access.add_operator("op", PASSWORD, "en")
    assert (added.role, added.customer, added.home) == ("operator", "", "/operatori")
    token, user = await access.log_in("op", PASSWORD, "::1", "web")
    assert await access.user_of(token, "web") == user == added
    assert (await refusal(access.log_in("op", PASSWORD, "::1", "token"))).code == "not_a_customer"
    assert (await refusal(access.add_user("op", PASSWORD, "c-2", "sq"))).code == "username_taken"
    for change in ("role = 'customer'", "customer = 'c-2'", "role = 'anybody'"):
        with pytest.raises(asyncpg.CheckViolationError):
            await access._database.fetch(f"UPDATE access_user SET {change} WHERE username = 'op'")


async def test_users_of_before_the_roles_are_customers(access: Access) -> None:
    """The schema and the rows as access_0001 left them, brought to this version."""
    database = access._database
    await database.fetch("ALTER TABLE access_user DROP COLUMN role")
    await database.fetch("DELETE FROM migration WHERE app_name = 'access' AND name = '0002'")
    assert await database.migrate(APPS) == [("access", "0002")]
    _, user = await access.log_in("user1", PASSWORD, "::1", "web")
    assert (user.role, user.customer) == ("customer", "c-1")


async def test_a_token_is_good_for_its_kind_alone(access: Access) -> None:
    token, _ = await access.log_in("user1", PASSWORD, "::1", "web")
    assert await access.user_of(token, "token") is None


async def test_each_log_in_brings_a_token_of_its_own(access: Access) -> None:
    first, _ = await access.log_in("user1", PASSWORD, "::1", "web")
    second, _ = await access.log_in("user1", PASSWORD, "::1", "web")
    await access.log_out(first)
    assert await access.user_of(first, "web") is None
    assert await access.user_of(second, "web") is not None


async def test_a_new_password_ends_every_session(access: Access) -> None:
    token, _ = await access.log_in("user1", PASSWORD, "::1", "web")
    await access.set_password("user1", "another one")
    assert await access.user_of(token, "web") is None
    assert (await refusal(access.log_in("user1", PASSWORD, "::1", "web"))).code == "bad_login"
    await access.log_in("user1", "another one", "::1", "web")


async def test_only_a_user_has_a_password(access: Access) -> None:
    assert (await refusal(access.set_password("nobody", PASSWORD))).code == "unknown_user"
    assert (await refusal(access.set_password("user1", "short"))).code == "bad_password"


async def test_the_language_is_kept(access: Access) -> None:
    token, _ = await access.log_in("user1", PASSWORD, "::1", "web")
    await access.set_language("user1", "en")
    user = await access.user_of(token, "web")
    assert user is not None
    assert user.language == "en"


async def test_neither_tokens_nor_passwords_are_stored(access: Access) -> None:
    token, _ = await access.log_in("user1", PASSWORD, "::1", "web")
    rows = await access._database.fetch(
        "SELECT access_session::text || access_user::text AS all FROM access_session, access_user"
    )
    assert rows
    assert not any(token in row["all"] or PASSWORD in row["all"] for row in rows)


@pytest.mark.parametrize(
    ("username", "password", "code"),
    [
        ("user1", PASSWORD, "username_taken"),
        ("Arta", PASSWORD, "bad_username"),
        ("", PASSWORD, "bad_username"),
        ("a" * 41, PASSWORD, "bad_username"),
        ("besa\n", PASSWORD, "bad_username"),
        ("user2", "1234567", "bad_password"),
        ("user2", "1" * 1001, "bad_password"),
    ],
)
async def test_who_cannot_be_added(access: Access, username: str, password: str, code: str) -> None:
    assert (await refusal(access.add_user(username, password, "c-2", "sq"))).code == code


@pytest.mark.parametrize("username", ["nobody", "NOT A NAME", "a\0b"])
async def test_who_is_not_there_is_refused_like_a_wrong_password(access: Access, username: str) -> None:
    assert (await refusal(access.log_in(username, PASSWORD, "::1", "web"))).code == "bad_login"


async def test_too_many_failures_of_a_username(access: Access, clock: HandClock) -> None:
    for number in range(FAILURES_OF_USERNAME):
        assert (await refusal(access.log_in("user1", "wrong", f"10.0.0.{number}", "web"))).code == "bad_login"
        clock.moment += timedelta(seconds=1)
    blocked = await refusal(access.log_in("user1", PASSWORD, "10.0.1.1", "web"))
    assert blocked.code == "too_many_attempts"
    seconds = blocked.params["seconds"]
    assert seconds == WINDOW.total_seconds() - FAILURES_OF_USERNAME
    clock.moment += timedelta(seconds=int(str(seconds)))
    await access.log_in("user1", PASSWORD, "10.0.1.1", "web")


async def test_too_many_failures_from_a_source(access: Access) -> None:
    for number in range(FAILURES_FROM_SOURCE):
        assert (await refusal(access.log_in(f"user{number}", "wrong", "10.0.0.1", "web"))).code == "bad_login"
    assert (await refusal(access.log_in("user1", PASSWORD, "10.0.0.1", "web"))).code == "too_many_attempts"
    await access.log_in("user1", PASSWORD, "10.0.0.2", "web")


async def test_a_burst_passes_the_limit_by_no_more_than_what_runs_at_once(access: Access) -> None:
    burst = [refusal(access.log_in("user1", "wrong", "10.0.0.1", "web")) for _ in range(40)]
    codes = [error.code for error in await asyncio.gather(*burst)]
    assert FAILURES_OF_USERNAME <= codes.count("bad_login") < FAILURES_OF_USERNAME + AT_ONCE


async def test_the_throttle_holds_over_processes(access: Access, clock: HandClock) -> None:
    for _ in range(FAILURES_OF_USERNAME):
        await refusal(access.log_in("user1", "wrong", "::1", "web"))
    other = Access(access._database, clock, ServerSettings(), Passwords(QUICK))
    assert (await refusal(other.log_in("user1", PASSWORD, "::1", "web"))).code == "too_many_attempts"


async def test_a_hash_of_older_parameters_is_replaced_at_log_in(access: Access) -> None:
    access._passwords = Passwords()
    await access.log_in("user1", PASSWORD, "::1", "web")
    [row] = await access._database.fetch("SELECT password_hash FROM access_user")
    assert not access._passwords.outdated(row["password_hash"])
    await access.log_in("user1", PASSWORD, "::1", "web")


async def test_two_servers_share_a_secret(access: Access, clock: HandClock) -> None:
    other = Access(access._database, clock, ServerSettings(), Passwords(QUICK))
    for name in ("csrf", "receipt"):
        made = await asyncio.gather(access.secret(name), other.secret(name))
        assert made[0] == made[1] == await access.secret(name)
        assert len(made[0]) == 64
    assert await access.secret("csrf") != await access.secret("receipt")
