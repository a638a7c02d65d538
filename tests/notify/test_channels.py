"""A customer's notices on their channels: once each, across failures and restarts, and nobody else's."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta

import pytest
from fakes.clock import FakeClock
from fakes.webhooks import Receiver, serve_webhooks
from notify_kit import Bench
from structlog.testing import capture_logs

from faturat import FaturatError, PluginChoice
from faturat.host import open_host
from faturat.notices import wording
from faturat.notices.types import NoticeEvent
from faturat.settings import Settings
from faturat_oshee.simulator import Simulator
from faturat_server.access.types import User
from faturat_server.channels.adding import MAX_CHANNELS, ChannelAdding
from faturat_server.channels.outgoing import record_sent
from faturat_server.channels.plugin import settings_of
from faturat_server.channels.service import ChannelService
from faturat_server.push.deliveries import Failure, deliveries_to
from faturat_server.schema import APPS, TABLES

USER = User("user1", "c1", "sq")
OTHER = User("user2", "c2", "en")

OpenBench = Callable[[], AbstractAsyncContextManager[Bench]]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with serve_webhooks() as receiver:
        yield receiver


@pytest.fixture
def open_bench(server_url: str, company: Simulator, clock: FakeClock) -> OpenBench:
    """Opens hosts on one database, as restarts do."""

    @asynccontextmanager
    async def open_one() -> AsyncIterator[Bench]:
        plugins = PluginChoice(
            billers={"oshee": company.address},
            bank={"memory": {}},
            observers={"channels": {"local_webhooks": True}},
        )
        async with open_host(Settings(database_url=server_url, plugins=plugins), TABLES, APPS, clock) as host:
            yield Bench(host, company, clock)

    return open_one


def adding_to(bench: Bench) -> ChannelAdding:
    return ChannelAdding(bench.host.database, bench.clock, settings_of(bench.host.faturat))


def service(bench: Bench) -> ChannelService:
    return ChannelService(bench.host.database, bench.clock, settings_of(bench.host.faturat))


async def test_a_notice_is_posted_and_signed_and_logged_once(open_bench: OpenBench, receiver: Receiver) -> None:
    """One channel fails at first, across a restart; one is gone; the other hears once all the same."""
    async with open_bench() as bench:
        await bench.register("c1")
        fails = await adding_to(bench).add_webhook(USER, receiver.url("fails"))
        takes = await adding_to(bench).add_webhook(USER, receiver.url("takes"))
        await adding_to(bench).add_webhook(OTHER, receiver.url("other"))
        receiver.answers["fails"] = 500
        gone = await adding_to(bench).add_webhook(USER, receiver.url("gone"))
        receiver.answers["gone"] = 410
        with capture_logs() as logs:
            await bench.later()
        await bench.later(1)
        [notice] = await bench.host.faturat.notices("c1")
        assert len(receiver.tries("fails")) >= 2
        assert len(receiver.tries("gone")) == 1
        assert {each.id for each in await service(bench).of("c1")} == {fails.id, takes.id}
        assert [each.failure for each in await deliveries_to(gone.id)] == [Failure.GONE]
        [entry] = (await service(bench).details("c1", fails.id)).deliveries
        assert (entry.event, entry.failure) == ("invoice_new", Failure.REFUSED)
        assert not any(secret in str(logs) for secret in (fails.secret, fails.address, "OSHEE"))
    del receiver.answers["fails"]
    async with open_bench() as again:
        for _ in range(3):
            await again.later(70)
        for channel, tries in ((fails, len(receiver.tries("fails"))), (takes, 1)):
            posted = receiver.tries(channel.address.rsplit("/", 1)[1])
            assert len(posted) == tries
            assert {each.headers["webhook-id"] for each in posted} == {notice.id}, "a repeat can be dropped"
            assert all(each.is_signed_with(channel.secret) for each in posted)
            assert not posted[0].is_signed_with((takes if channel is fails else fails).secret)
            [entry] = (await service(again).details("c1", channel.id)).deliveries
            assert (entry.failure, entry.tries) == (None, tries)
    assert receiver.tries("other") == []
    [arrived] = receiver.tries("takes")
    said = arrived.said
    assert (said["type"], said["data"]["id"], said["data"]["total"]) == ("invoice_new", notice.id, "1832.60")
    assert said["data"]["body"] == wording.body(notice, "sq")


async def test_switches_tests_limits_and_removal(open_bench: OpenBench, receiver: Receiver) -> None:
    async with open_bench() as bench:
        channels = service(bench)
        adding = adding_to(bench)
        await bench.register("c1")
        one = await adding.add_webhook(USER, receiver.url("one"))
        with pytest.raises(FaturatError) as known:
            await adding.add_webhook(USER, one.address)
        assert known.value.code == "channel_known"
        await channels.choose("c1", one.id, {NoticeEvent.INVOICE_NEW: False})
        await bench.later()
        assert receiver.posted == []
        await channels.choose("c1", one.id, {NoticeEvent.INVOICE_NEW: True})

        assert await channels.test(USER, one.id) is None
        with pytest.raises(FaturatError) as again:
            await channels.test(USER, one.id)
        assert again.value.code == "tested_just_now"
        receiver.answers["one"] = 400
        bench.clock.advance(timedelta(seconds=10))
        assert await channels.test(USER, one.id) is Failure.REFUSED
        assert [each.said["type"] for each in receiver.posted] == ["test", "test"]
        details = await channels.details("c1", one.id)
        assert [(each.event, each.failure) for each in details.deliveries] == [
            ("test", Failure.REFUSED),
            ("test", None),
        ]

        for deed in (channels.details("c2", one.id), channels.remove("c2", one.id), channels.test(OTHER, one.id)):
            with pytest.raises(FaturatError) as unknown:
                await deed
            assert unknown.value.code == "unknown_channel"
        with pytest.raises(FaturatError):
            await channels.choose("c2", one.id, {NoticeEvent.INVOICE_NEW: False})
        assert (await channels.details("c1", one.id)).events[NoticeEvent.INVOICE_NEW]

        gone = await adding.add_webhook(USER, receiver.url("gone"))
        receiver.answers["gone"] = 410
        assert await channels.test(USER, gone.id) is Failure.GONE
        assert [each.id for each in await channels.of("c1")] == [one.id]
        assert [each.failure for each in await deliveries_to(gone.id)] == [Failure.GONE]
        assert [each.address for each in await channels.gone_lately("c1")] == [gone.address]
        assert await channels.gone_lately("c2") == []
        await record_sent("not_1", one.id, bench.clock.now())
        assert len(await channels.gone_lately("c1")) == 1
        bench.clock.advance(timedelta(days=1))
        assert await channels.gone_lately("c1") == []
        await record_sent("not_2", one.id, bench.clock.now())
        assert await bench.host.database.fetch("SELECT id FROM channel_gone") == [], "what is sent tidies up"

        for number in range(MAX_CHANNELS - 1):
            await adding.add_webhook(USER, receiver.url(f"n{number}"))
        with pytest.raises(FaturatError) as full:
            await adding.add_webhook(USER, receiver.url("more"))
        assert full.value.code == "too_many_channels"
        for each in await channels.of("c1"):
            await channels.remove("c1", each.id)
        bench.issue("N1")
        del receiver.posted[:]
        await bench.later()
        assert len(await bench.host.faturat.notices("c1")) == 2
        assert receiver.posted == []


async def test_where_the_observer_is_not_loaded_nothing_is_kept(server_url: str, clock: FakeClock) -> None:
    plugins = PluginChoice(bank={"memory": {}})
    async with open_host(Settings(database_url=server_url, plugins=plugins), TABLES, APPS, clock) as host:
        adding = ChannelAdding(host.database, clock, None)
        assert adding.kinds == ()
        with pytest.raises(FaturatError) as refused:
            await adding.add_webhook(USER, "https://program.example/")
        assert refused.value.code == "channels_not_offered"
