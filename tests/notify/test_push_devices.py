"""What is kept of a browser's subscription, and what is refused."""

import asyncio
from collections.abc import AsyncIterator
from datetime import time
from typing import Any

import msgspec
import pytest
from fakes.browser import Browser, base64url
from fakes.clock import FakeClock

from faturat import FaturatError
from faturat.notices.types import NoticeEvent
from faturat.store.postgres import Database
from faturat_server.access.types import User
from faturat_server.push.keys import public_half, server_key
from faturat_server.push.outgoing import forget
from faturat_server.push.quiet import QuietHours
from faturat_server.push.service import MAX_DEVICES, NotificationService
from faturat_server.push.settings import Settings
from faturat_server.push.subscriptions import digest_of, read_subscription
from faturat_server.schema import TABLES

ALL = dict.fromkeys(NoticeEvent, True)
SETTINGS = Settings("notices@bank.example")
MOZILLA = "https://updates.push.services.mozilla.com/wpush/v2/"
ONE, TWO = User("user1", "c1", "sq"), User("user2", "c2", "en")


@pytest.fixture
async def database(server_url: str) -> AsyncIterator[Database]:
    database = await Database.open(server_url, TABLES)
    yield database
    await database.close()


@pytest.fixture
def service(database: Database, clock: FakeClock) -> NotificationService:
    return NotificationService(database, clock, SETTINGS)


async def subscribe(service: NotificationService, user: User, browser: Browser) -> tuple[str, bool]:
    device, new = await service.subscribe(user, browser.endpoint, **browser.keys)
    return device.id, new


async def kept_by(service: NotificationService, user: User) -> list[str]:
    return [device.id for device in (await service.of(user.customer)).devices]


async def test_without_a_choice_every_event_is_heard_of(service: NotificationService) -> None:
    found = await service.of("c1")
    assert found.events == dict.fromkeys(NoticeEvent, True)
    assert found.quiet == QuietHours()
    assert found.devices == ()
    assert found.public_key == public_half(await server_key())


async def test_a_choice_is_kept_and_is_that_customer_s_alone(service: NotificationService) -> None:
    for wanted in (False, False, True, False):
        await service.choose("c1", {"invoice_new": wanted})
        assert (await service.of("c1")).events == ALL | {NoticeEvent.INVOICE_NEW: wanted}
        await service.choose("c1", {}, QuietHours(time(23, 30), time(6)))
        found = await service.of("c1")
        assert (found.events, found.quiet.begins) == (ALL | {NoticeEvent.INVOICE_NEW: wanted}, time(23, 30))
    assert (await service.of("c2")).events == ALL
    assert (await service.of("c2")).quiet == QuietHours(), "those of one customer are that customer's alone"
    with pytest.raises(FaturatError) as refused:
        await service.choose("c1", {"invoice_new": True, "invoice_paid": True})
    assert (refused.value.code, refused.value.field) == ("unknown_event", "invoice_paid")
    assert (await service.of("c1")).events == ALL | {NoticeEvent.INVOICE_NEW: False}, (
        "nothing of a refused choice is taken"
    )


async def test_the_same_browser_again_gets_its_new_keys(
    service: NotificationService, database: Database, clock: FakeClock
) -> None:
    first, renewed = Browser(f"{MOZILLA}a"), Browser(f"{MOZILLA}a")
    made = await subscribe(service, ONE, first)
    again = await subscribe(service, ONE, renewed)
    assert (made[1], again) == (True, (made[0], False))
    [row] = await database.fetch("SELECT p256dh, auth FROM push_device")
    assert dict(row) == renewed.keys


async def test_a_browser_that_got_another_endpoint_is_the_same_device(
    service: NotificationService, database: Database
) -> None:
    first, renewed = Browser(f"{MOZILLA}a"), Browser(f"{MOZILLA}b")
    made, _ = await subscribe(service, ONE, first)
    device, new = await service.subscribe(ONE, renewed.endpoint, **renewed.keys, before=first.endpoint)
    assert (device.id, device.digest, new) == (made, digest_of(renewed.endpoint), False)
    await forget(made, first.endpoint)  # whose push service only now says that it is gone
    [row] = await database.fetch("SELECT endpoint, p256dh, auth FROM push_device")
    assert dict(row) == {"endpoint": renewed.endpoint, **renewed.keys}
    await forget(made, renewed.endpoint)
    assert await kept_by(service, ONE) == []


async def test_what_a_browser_had_before_with_another_customer_is_no_device_of_theirs(
    service: NotificationService,
) -> None:
    first, renewed = Browser(f"{MOZILLA}a"), Browser(f"{MOZILLA}b")
    theirs, _ = await subscribe(service, ONE, first)
    device, new = await service.subscribe(TWO, renewed.endpoint, **renewed.keys, before=first.endpoint)
    assert (new, device.id != theirs) == (True, True)
    assert (await kept_by(service, ONE), await kept_by(service, TWO)) == ([], [device.id])


@pytest.mark.parametrize("before", ["", "nothing", f"{MOZILLA}\0", f"{MOZILLA}unknown", f"{MOZILLA}b", f"{MOZILLA}c"])
async def test_what_was_before_and_is_no_device_changes_nothing(service: NotificationService, before: str) -> None:
    kept = [await subscribe(service, ONE, Browser(f"{MOZILLA}{name}")) for name in "ab"]
    again = Browser(f"{MOZILLA}b")
    device, new = await service.subscribe(ONE, again.endpoint, **again.keys, before=before)
    assert (device.id, new) == (kept[1][0], False)
    assert set(await kept_by(service, ONE)) == {each for each, _ in kept}


async def test_a_browser_has_one_customer(service: NotificationService) -> None:
    browser = Browser(f"{MOZILLA}a")
    first, _ = await subscribe(service, ONE, browser)
    second, new = await subscribe(service, TWO, browser)
    assert new
    assert first != second
    assert (await kept_by(service, ONE), await kept_by(service, TWO)) == ([], [second])
    with pytest.raises(FaturatError, match="unknown_device"):
        await service.unsubscribe("c1", browser.endpoint)
    await service.unsubscribe("c2", browser.endpoint)
    assert await kept_by(service, TWO) == []


async def test_ten_devices_and_no_more_however_many_come_at_once(service: NotificationService) -> None:
    browsers = [Browser(f"{MOZILLA}{number}") for number in range(MAX_DEVICES + 6)]
    results = await asyncio.gather(*(subscribe(service, ONE, each) for each in browsers), return_exceptions=True)
    refused = [each for each in results if isinstance(each, FaturatError)]
    assert [each.code for each in refused] == ["too_many_devices"] * 6
    assert len(await kept_by(service, ONE)) == MAX_DEVICES
    known = next(browser for browser, result in zip(browsers, results, strict=True) if isinstance(result, tuple))
    assert (await subscribe(service, ONE, known))[1] is False
    other = Browser(f"{MOZILLA}other")
    await subscribe(service, TWO, other)
    with pytest.raises(FaturatError, match="too_many_devices"):
        await subscribe(service, ONE, other)
    assert len(await kept_by(service, TWO)) == 1
    await service.unsubscribe("c1", known.endpoint)
    await subscribe(service, ONE, other)
    assert await kept_by(service, TWO) == []


async def test_where_nothing_is_sent_nothing_is_kept(database: Database, clock: FakeClock) -> None:
    service = NotificationService(database, clock, None)
    with pytest.raises(FaturatError, match="push_not_offered"):
        await subscribe(service, ONE, Browser(f"{MOZILLA}a"))
    assert (await service.of("c1")).public_key is None


async def test_all_processes_have_one_key(database: Database) -> None:
    keys = {public_half(key) for key in await asyncio.gather(*(server_key() for _ in range(8)))}
    assert len(keys) == 1
    assert public_half(await server_key()) in keys
    assert len(await database.fetch("SELECT FROM access_secret WHERE name = 'vapid'")) == 1


GOOD = Browser(f"{MOZILLA}a")


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc:APA91b-_",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAAA-_=",
        "https://wns2-par02p.notify.windows.com/w/?token=BQYAAA%2bab%2f",
        "https://web.push.apple.com/QGKaXn-_",
        "https://api.sandbox.push.apple.com/abc",
        "https://fcm.googleapis.com:443/fcm/send/abc",
        MOZILLA + "a" * (1000 - len(MOZILLA)),
    ],
)
def test_endpoints_of_the_browsers_are_taken(endpoint: str) -> None:
    assert read_subscription(SETTINGS, endpoint, **GOOD.keys).endpoint == endpoint


@pytest.mark.parametrize(
    ("endpoint", "code"),
    [
        (MOZILLA + "a" * (1001 - len(MOZILLA)), "field_too_long"),
        ("", "bad_push_endpoint"),
        ("http://updates.push.services.mozilla.com/a", "bad_push_endpoint"),
        ("vapid://updates.push.services.mozilla.com/a", "bad_push_endpoint"),
        ("//updates.push.services.mozilla.com/a", "bad_push_endpoint"),
        ("https://updates.push.services.mozilla.com", "bad_push_endpoint"),
        ("https:///a", "bad_push_endpoint"),
        ("https://user@updates.push.services.mozilla.com/a", "bad_push_endpoint"),
        ("https://updates.push.services.mozilla.com@evil.example/a", "bad_push_endpoint"),
        ("https://evil.example\\@updates.push.services.mozilla.com/a", "bad_push_endpoint"),
        ("https://evil.example#@updates.push.services.mozilla.com/a", "bad_push_endpoint"),
        ("https://updates.push.services.mozilla.com/a#b", "bad_push_endpoint"),
        (f"{MOZILLA}a b", "bad_push_endpoint"),
        (f"{MOZILLA}a\r\nX: y", "bad_push_endpoint"),
        (f"{MOZILLA}a\n", "bad_push_endpoint"),
        (f" {MOZILLA}a", "bad_push_endpoint"),
        (f"{MOZILLA}ë", "bad_push_endpoint"),
        (f"{MOZILLA}\0", "bad_push_endpoint"),
        ("https://[::1]/a", "bad_push_endpoint"),
        ("https://-.notify.windows.com/a", "bad_push_endpoint"),
        ("https://fcm.googleapis.com:99999/a", "bad_push_endpoint"),
        ("https://fcm.googleapis.com:0/a", "bad_push_endpoint"),
        ("https://127.0.0.1/a", "push_service_not_allowed"),
        ("https://localhost/a", "push_service_not_allowed"),
        ("https://evil.example/a", "push_service_not_allowed"),
        ("https://updates.push.services.mozilla.com.evil.example/a", "push_service_not_allowed"),
        ("https://evilfcm.googleapis.com/a", "push_service_not_allowed"),
        ("https://x.fcm.googleapis.com/a", "push_service_not_allowed"),
        ("https://notify.windows.com/a", "push_service_not_allowed"),
        ("https://evilnotify.windows.com/a", "push_service_not_allowed"),
        ("https://fcm.googleapis.com:22/a", "push_service_not_allowed"),
        ("https://fcm.googleapis.com./a", "push_service_not_allowed"),
    ],
)
def test_other_endpoints_are_refused(endpoint: str, code: str) -> None:
    with pytest.raises(FaturatError) as refused:
        read_subscription(SETTINGS, endpoint, **GOOD.keys)
    assert (refused.value.code, refused.value.field) == (code, "endpoint")
    assert refused.value.message("sq") != refused.value.message("en")


POINT = GOOD.point
OFF_THE_CURVE = POINT[:-1] + bytes([POINT[-1] ^ 1])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"p256dh": ""}, "p256dh"),
        ({"p256dh": base64url(POINT[:-1])}, "p256dh"),
        ({"p256dh": base64url(POINT + b"\0")}, "p256dh"),
        ({"p256dh": base64url(b"\x02" + POINT[1:33])}, "p256dh"),
        ({"p256dh": base64url(b"\x05" + POINT[1:])}, "p256dh"),
        ({"p256dh": base64url(OFF_THE_CURVE)}, "p256dh"),
        ({"p256dh": base64url(b"\x04" + bytes(64))}, "p256dh"),
        ({"p256dh": base64url(POINT) + "!"}, "p256dh"),
        ({"p256dh": base64url(POINT) + "A"}, "p256dh"),
        ({"p256dh": base64url(POINT)[:40] + "\n" + base64url(POINT)[40:]}, "p256dh"),
        ({"auth": ""}, "auth"),
        ({"auth": base64url(bytes(15))}, "auth"),
        ({"auth": base64url(bytes(17))}, "auth"),
        ({"auth": "+" * 22}, "auth"),
        ({"auth": "ë" * 22}, "auth"),
    ],
)
def test_keys_that_no_browser_gives_are_refused(change: dict[str, str], field: str) -> None:
    with pytest.raises(FaturatError) as refused:
        read_subscription(SETTINGS, GOOD.endpoint, **(GOOD.keys | change))
    assert (refused.value.code, refused.value.field) == ("bad_push_key", field)
    assert refused.value.message("sq") != refused.value.message("en")


def test_keys_are_kept_in_one_way_of_writing() -> None:
    padded = {"p256dh": GOOD.keys["p256dh"] + "=", "auth": GOOD.keys["auth"] + "=="}
    read = read_subscription(SETTINGS, GOOD.endpoint, **padded)
    assert {"p256dh": read.p256dh, "auth": read.auth} == GOOD.keys


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "contact"),
        ({"contact": "nobody"}, "contact"),
        ({"contact": "a@bank.example", "hosts": []}, "hosts"),
        ({"contact": "a@bank.example", "hosts": ["push.bank.example", "https://push.bank.example"]}, "number 2"),
        ({"contact": "a@bank.example", "hosts": ["*"]}, "number 1"),
        ({"contact": "a@bank.example", "hosts": ["*.bank.*"]}, "number 1"),
        ({"contact": "a@bank.example", "ttl": 60}, "ttl"),
    ],
)
def test_settings_that_cannot_be_meant_stop_the_start(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=words):
        msgspec.convert(settings, Settings)
