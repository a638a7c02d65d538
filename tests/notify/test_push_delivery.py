"""A new invoice reaches each of its customer's devices once, by Web Push, to the byte; nothing is replaced.

The push service is a real one on 127.0.0.1 over TLS, and the browser's side is RFC 8291's, not Apprise's.
"""

import asyncio
import json
import re
import socket
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from fakes.browser import Browser, from_base64url
from fakes.clock import FakeClock
from fakes.push_service import Arrived, PushService, serve_push
from fakes.trusted import BUNDLE, trusted
from notify_kit import Bench
from structlog.testing import capture_logs

from faturat import FaturatError, PluginChoice
from faturat.clock import TIRANE
from faturat.host import open_host
from faturat.notices import wording
from faturat.settings import Settings
from faturat_oshee.simulator import Simulator
from faturat_server import addresses
from faturat_server.access.tables import UserRow
from faturat_server.access.types import User
from faturat_server.addresses import open_blocking_session
from faturat_server.push.plugin import settings_of
from faturat_server.push.quiet import QuietHours
from faturat_server.push.service import NotificationService
from faturat_server.push.types import Subscription, Target
from faturat_server.push.webpush import Outcome, send
from faturat_server.schema import APPS, TABLES

CONTACT = "notices@bank.example"
A_DAY = 24 * 3600

OpenBench = Callable[..., AbstractAsyncContextManager[Bench]]


@pytest.fixture
async def push(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[PushService]:
    """A push service whose certificate this process trusts, as an operator would have it trusted."""
    async with serve_push(trusted(tmp_path)) as service:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / BUNDLE))
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield service


@pytest.fixture
def open_bench(server_url: str, company: Simulator, clock: FakeClock, push: PushService) -> OpenBench:
    """Opens hosts on one database, as restarts do; `hosts` are the push services that are sent to."""

    @asynccontextmanager
    async def open_one(*hosts: str) -> AsyncIterator[Bench]:
        plugins = PluginChoice(
            billers={"oshee": company.address},
            bank={"memory": {}},
            observers={"push": {"contact": CONTACT, "hosts": hosts or [push.host]}},
        )
        async with open_host(Settings(database_url=server_url, plugins=plugins), TABLES, APPS, clock) as host:
            yield Bench(host, company, clock)

    return open_one


@pytest.fixture
async def bench(open_bench: OpenBench) -> AsyncIterator[Bench]:
    """Customer c1 has a contract; the next check of it finds one new invoice."""
    async with open_bench() as bench:
        await bench.register("c1")
        yield bench


def service(bench: Bench) -> NotificationService:
    return NotificationService(bench.host.database, bench.clock, settings_of(bench.host.faturat))


async def subscribe(bench: Bench, browser: Browser, customer: str = "c1", username: str = "user1") -> None:
    await service(bench).subscribe(User(username, customer, "sq"), browser.endpoint, **browser.keys)


async def devices(bench: Bench, customer: str = "c1") -> int:
    return len((await service(bench).of(customer)).devices)


def check_token(arrived: Arrived, public_key: str) -> dict[str, Any]:
    """The claims of an Authorization header (RFC 8292), whose signature must be the server's."""
    scheme, _, rest = arrived.headers["Authorization"].partition(" ")
    fields = dict(each.strip().split("=", 1) for each in rest.split(","))
    assert (scheme, fields["k"]) == ("vapid", public_key)
    head, claims, signature = fields["t"].split(".")
    assert json.loads(from_base64url(head))["alg"] == "ES256"
    raw = from_base64url(signature)
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    point = from_base64url(public_key)
    assert (len(point), point[0]) == (65, 4)
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    key.verify(der, f"{head}.{claims}".encode(), ec.ECDSA(SHA256()))
    return dict(json.loads(from_base64url(claims)))


async def test_what_a_device_gets_to_the_byte(bench: Bench, push: PushService) -> None:
    browser = push.browser("phone")
    await subscribe(bench, browser)
    await bench.later()
    [arrived] = push.tried
    [notice] = await bench.host.faturat.notices("c1")

    assert browser.read(arrived.body) == {
        "id": notice.id,
        "event": "invoice_new",
        "invoice": notice.invoice,
        "title": "Faturë e re nga OSHEE",
        "body": wording.body(notice, "sq"),
        "path": f"/faturat/fatura/{notice.invoice}",
    }
    assert "Home: fatura 000000002, 1.832,60 ALL" in wording.body(notice, "sq")
    assert b"OSHEE" not in arrived.body

    assert arrived.headers["Content-Encoding"] == "aes128gcm"
    assert int(arrived.headers["TTL"]) >= A_DAY
    assert arrived.headers["Topic"] == notice.id.removeprefix("not_")
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,32}", arrived.headers["Topic"]), "as RFC 8030 has it"
    public_key = (await service(bench).of("c1")).public_key
    assert public_key is not None
    claims = check_token(arrived, public_key)
    assert (claims["aud"], claims["sub"]) == (push.origin, f"mailto:{CONTACT}")
    assert 0 < claims["exp"] - time.time() <= A_DAY


def test_the_test_decrypts_as_the_standard_says() -> None:
    """The example of RFC 8291, section 5."""
    private = from_base64url("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94")
    key = ec.derive_private_key(int.from_bytes(private, "big"), ec.SECP256R1())
    body = (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl"
        "7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    browser = Browser("", key, from_base64url("BTBZMqHH6r4Tts7J_aSIgg"))
    assert browser.decrypt(from_base64url(body)) == b"When I grow up, I want to be a watermelon"


async def test_each_device_in_the_language_of_who_subscribed_it(bench: Bench, push: PushService) -> None:
    for username, language in (("user1", "en"), ("user2", "sq")):
        await UserRow.insert(
            UserRow(username=username, password_hash="", customer="c1", language=language, created_at=bench.clock.now())
        )
    browsers = {name: push.browser(name) for name in ("user1", "user2", "elsewhere")}
    for username, browser in browsers.items():
        await subscribe(bench, browser, username=username)
    await bench.later()
    titles = {each.name: browsers[each.name].read(each.body)["title"] for each in push.tried}
    sq, en = "Faturë e re nga OSHEE", "New invoice from OSHEE"
    assert titles == {"user1": en, "user2": sq, "elsewhere": sq}


async def test_two_notices_are_two_messages_to_each_device(bench: Bench, push: PushService) -> None:
    browsers = [push.browser("phone"), push.browser("laptop")]
    for browser in browsers:
        await subscribe(bench, browser)
    bench.issue("N1")
    await bench.later()
    await bench.later()
    ids = {notice.id for notice in await bench.host.faturat.notices("c1")}
    assert len(ids) == 2
    for browser, name in zip(browsers, ("phone", "laptop"), strict=True):
        assert sorted(browser.read(each.body)["id"] for each in push.tries(name)) == sorted(ids)


@pytest.mark.parametrize("status", [404, 410])
async def test_a_subscription_that_is_gone_is_removed(bench: Bench, push: PushService, status: int) -> None:
    for name in ("gone", "stays"):
        await subscribe(bench, push.browser(name))
    push.answers["gone"] = status
    await bench.later()
    await bench.later()
    assert [len(push.tries(name)) for name in ("gone", "stays")] == [1, 1]
    assert await devices(bench) == 1


@pytest.mark.parametrize("status", [500, 429, 403, 307])
async def test_what_fails_is_tried_again_for_that_device_alone(
    open_bench: OpenBench, push: PushService, status: int
) -> None:
    """Across a restart, too. A redirect is a failure: it is not followed."""
    push.answers["fails"] = status
    fails = push.browser("fails")
    async with open_bench() as bench:
        await bench.register("c1")
        for browser in (fails, push.browser("takes")):
            await subscribe(bench, browser)
        await bench.later()
        await bench.later(1)
        assert len(push.tries("fails")) >= 2
    async with open_bench() as again:
        await again.later()
        del push.answers["fails"]
        for _ in range(3):
            await again.later(70)
        assert await devices(again) == 2
    assert len(push.tries("takes")) == 1
    assert push.tries("elsewhere") == []
    ids = {fails.read(each.body)["id"] for each in push.tries("fails")}
    assert len(ids) == 1, "a device can tell that it is the same notice"
    tries = len(push.tries("fails"))
    async with open_bench() as at_last:
        await at_last.later(70)
        assert len(push.tries("fails")) == tries, "once it was taken, there is no other try"


async def test_nobody_else_s_device_gets_it(bench: Bench, push: PushService) -> None:
    shared = push.browser("shared")
    await subscribe(bench, push.browser("mine"))
    await subscribe(bench, push.browser("theirs"), customer="c2")
    await subscribe(bench, shared)
    await subscribe(bench, shared, customer="c2")  # somebody else logged in there
    await bench.later()
    assert [each.name for each in push.tried] == ["mine"]


async def test_a_customer_who_chose_not_to_hear_of_it_does_not(bench: Bench, push: PushService) -> None:
    browser = push.browser("phone")
    await subscribe(bench, browser)
    await service(bench).choose("c1", {"invoice_new": False})
    await bench.later()
    assert push.tried == []
    assert len(await bench.host.faturat.notices("c1")) == 1, "the list has it all the same"
    await service(bench).choose("c1", {"invoice_new": True})
    await bench.later()
    assert push.tried == [], "what was not wanted is not sent later"
    bench.issue("N1")
    await bench.later()
    [arrived] = push.tried
    assert "N1" in browser.read(arrived.body)["body"]


async def test_a_device_hears_of_what_comes_after_it(bench: Bench, push: PushService) -> None:
    await subscribe(bench, push.browser("fails"))
    push.answers["fails"] = 500
    await bench.later()
    bench.clock.advance(timedelta(seconds=1))
    await subscribe(bench, push.browser("new"))
    await bench.later()
    assert push.tries("new") == []
    bench.issue("N1")
    await bench.later()
    assert len(push.tries("new")) == 1


async def test_a_device_that_is_removed_or_whose_host_is_no_longer_allowed_gets_nothing(
    open_bench: OpenBench, push: PushService
) -> None:
    async with open_bench() as bench:
        await bench.register("c1")
        for name in ("one", "two"):
            await subscribe(bench, push.browser(name))
        await service(bench).unsubscribe("c1", push.browser("one").endpoint)
    async with open_bench("push.bank.example") as other:
        await other.later()
        assert await devices(other) == 0
    assert push.tried == []


async def test_a_certificate_that_is_not_trusted_is_not_sent_to(bench: Bench, push: PushService) -> None:
    await subscribe(bench, push.browser("phone"))
    with pytest.MonkeyPatch.context() as elsewhere:
        elsewhere.delenv("REQUESTS_CA_BUNDLE")
        await bench.later()
        assert push.tried == []
    await bench.later()
    assert len(push.tried) == 1


async def test_no_name_of_a_push_service_leads_into_a_private_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name resolves as whoever holds it likes; the rest is what is used, and so is what listens there."""
    monkeypatch.setenv("NO_PROXY", "*")
    connected: list[object] = []
    key, phone = ec.generate_private_key(ec.SECP256R1()), Browser("")

    def take(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connected.append(writer.get_extra_info("peername"))
        writer.close()

    async with await asyncio.start_server(take, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]

        async def sent(host: str, *leads: str) -> Outcome:
            def resolve(name: str, port: int, **_: object) -> list[Any]:
                assert name == host
                return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in leads]

            target = Target("dev_1", Subscription(f"https://{host}:{port}/phone", **phone.keys), "sq")
            opens = partial(open_blocking_session, resolve) if leads else open_blocking_session
            return await send(target, "not_1", "text", key, CONTACT, opens)

        for leads in (["127.0.0.1"], ["::ffff:127.0.0.1"], ["1.1.1.1", "127.0.0.1"], ["::1"], ["169.254.169.254"]):
            assert await sent("push.bank.example", *leads) is Outcome.FAILED, leads
        assert await sent("localhost") is Outcome.FAILED, "by the system's resolver"
        assert connected == []
        monkeypatch.setattr(addresses, "is_public", lambda _: True)
        assert await sent("push.bank.example", "127.0.0.1") is Outcome.FAILED
        assert len(connected) == 1, "it is the look at the address that kept the others out"


async def test_what_was_begun_is_recorded_though_the_time_for_it_ran_out(bench: Bench, push: PushService) -> None:
    browser = push.browser("slow")
    await subscribe(bench, browser)
    push.open.clear()
    plugin = bench.host.faturat.plugins.observers[0].plugin
    bench.clock.advance(timedelta(minutes=20))
    while not await bench.host.faturat.invoices.sweep():
        pass
    [notice] = await bench.host.faturat.notices("c1")
    delivering = asyncio.create_task(plugin.deliver_notice(notice))
    await push.entered.wait()
    delivering.cancel()
    with pytest.raises(asyncio.CancelledError):
        await delivering
    push.open.set()
    await plugin.close()
    await bench.later()
    assert len(push.tried) == 1


async def test_no_secret_is_logged_or_left_in_a_file(
    bench: Bench, push: PushService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "home"))
    caplog.set_level("DEBUG")
    browsers = [push.browser(name) for name in ("takes", "fails", "gone")]
    push.answers |= {"fails": 500, "gone": 410}
    for browser in browsers:
        await subscribe(bench, browser)
    with capture_logs() as logged:
        await bench.later()
    assert len(push.tried) >= 3
    assert list((tmp_path / "home").rglob("*")) == []
    [secret] = await bench.host.database.fetch("SELECT value FROM access_secret WHERE name = 'vapid'")
    ours = [line for line in secret["value"].splitlines() if "-" not in line]
    said = json.dumps(logged, default=str)
    assert "notice_pushed" in said
    for each in [*ours, *(key for browser in browsers for key in browser.keys.values())]:
        assert each not in said
        assert each not in caplog.text
    assert not any(browser.endpoint in said for browser in browsers)


async def test_what_comes_in_quiet_hours_waits_and_comes_once(open_bench: OpenBench, push: PushService) -> None:
    async with open_bench() as bench:
        await bench.register("c1")
        await subscribe(bench, push.browser("phone"))
        now = bench.clock.now().astimezone(TIRANE)
        quiet = QuietHours((now - timedelta(hours=1)).time(), (now + timedelta(hours=2)).time())
        await service(bench).choose("c1", {}, quiet)
        await bench.later()
    async with open_bench() as bench:  # a restart
        await bench.later(minutes=60)
        assert push.tried == []
        await bench.later(minutes=60)
        await bench.later(minutes=60)
    assert len(push.tried) == 1


async def test_a_test_message_reaches_its_device_whatever_the_hour(bench: Bench, push: PushService) -> None:
    phone = push.browser("phone")
    await subscribe(bench, phone)
    [device] = (await service(bench).of("c1")).devices
    mine = User("user1", "c1", "en")
    assert await service(bench).test(mine, device.id) is Outcome.SENT
    assert phone.read(push.tried[0].body)["title"] == "A test of your notices"
    for user, code in ((mine, "tested_just_now"), (User("user2", "c2", "en"), "unknown_device")):
        with pytest.raises(FaturatError) as refused:
            await service(bench).test(user, device.id)
        assert refused.value.code == code
    bench.clock.advance(timedelta(minutes=1))
    push.answers["phone"] = 410
    assert await service(bench).test(mine, device.id) is Outcome.GONE
    assert await devices(bench) == 0
