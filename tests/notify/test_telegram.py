"""Telegram: a chat is added by opening a link; what else a bot hears is forgotten; messages are plain text."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from fakes.bot_server import BOT, BotServer, serve_bot
from fakes.clock import FakeClock
from notify_kit import Bench

from faturat import FaturatError, PluginChoice
from faturat.host import open_host
from faturat.notices import wording
from faturat.settings import Settings
from faturat_oshee.simulator import Simulator
from faturat_server.access.types import User
from faturat_server.channels.adding import ChannelAdding
from faturat_server.channels.codes import LIFE, MOST, MOST_OPENED, WINDOW
from faturat_server.channels.message import test_message as message_of_test
from faturat_server.channels.plugin import settings_of
from faturat_server.channels.service import ChannelService
from faturat_server.channels.settings import Telegram
from faturat_server.channels.telegram import link, post, read_start
from faturat_server.channels.types import Kind
from faturat_server.push.deliveries import Failure
from faturat_server.schema import APPS, TABLES

USER = User("user1", "c1", "sq")
OTHER = User("user2", "c2", "en")
CODE = "A-z_0" * 4 + "Qw"


@pytest.fixture
async def server() -> AsyncIterator[BotServer]:
    async with serve_bot() as server:
        yield server


def said(text: object, chat: int = 5_000_000_001, kind: str = "private") -> bytes:
    message = {"message_id": 1, "from": {"id": chat, "first_name": "Test"}, "chat": {"id": chat, "type": kind}}
    return json.dumps({"update_id": 1, "message": {**message, "text": text}}).encode()


def test_only_a_link_that_is_opened_in_a_private_chat_is_read() -> None:
    start = read_start(said(f"/start {CODE}"))
    assert start is not None
    assert (start.code, start.chat) == (CODE, "5000000001")
    for other in (
        *(said(text) for text in ("/start", f"/start {CODE}x", f"/start  {CODE}", f"/stop {CODE}", CODE, 7, None)),
        *(said(f"/start {CODE}", -1, kind) for kind in ("group", "supergroup", "channel")),
        *(b"", b"[]", b"null", b"{}", b'{"message": 1}', b"\xff", b'{"edited_message": {}}', b"[" * 50_000),
    ):
        assert read_start(other) is None


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        *(("bot", wrong) for wrong in ("@bank_bills_bot", "bot", "bank bot", "bank_bot/../x")),
        *(("token", wrong) for wrong in ("own-t0ken", "1:a/b", "")),
        *(("secret", wrong) for wrong in ("short", "own-t0ken of 20 letters")),
        *(("api", wrong) for wrong in ("http://api.example", "https://api.example/own-t0ken", "https://u@api.example")),
    ],
)
def test_a_setting_that_is_wrong_says_which(name: str, wrong: str) -> None:
    assert link(CODE, Telegram(**BOT)) == f"https://t.me/bank_bills_bot?start={CODE}"
    assert not any(secret in repr(Telegram(**BOT)) for secret in (BOT["token"], BOT["secret"]))
    with pytest.raises(ValueError, match=f"^{name}: write") as refused:
        Telegram(**{**BOT, name: wrong})
    assert "own-t0ken" not in str(refused.value)


async def test_what_is_sent_is_plain_text_and_what_fails(server: BotServer) -> None:
    offered, made = Telegram(**BOT, api=server.api), message_of_test("test_1", "en", FakeClock().now())
    marked = type(made)(made.id, made.event, made.at, "<b>A & B</b>", "*x* <a href='y'>_z_</a>\n2", {})
    assert await post("5000000001", marked, offered) is None
    [sent] = server.sent
    assert (sent["chat_id"], sent["parse_mode"]) == (5000000001, "HTML")
    assert sent["text"].startswith("<b>&lt;b&gt;A &amp; B&lt;/b&gt;</b>")
    assert "*x* &lt;a href='y'&gt;_z_&lt;/a&gt;" in sent["text"]
    for server.status in (403, 500):
        assert await post("5000000001", made, offered) is Failure.NOT_TAKEN


async def test_a_chat_is_added_once_by_the_link_of_its_owner(
    server_url: str, company: Simulator, clock: FakeClock, server: BotServer
) -> None:
    observers = {"channels": {"telegram": {**BOT, "api": server.api}}}
    plugins = PluginChoice(billers={"oshee": company.address}, bank={"memory": {}}, observers=observers)
    async with open_host(Settings(database_url=server_url, plugins=plugins), TABLES, APPS, clock) as host:
        bench = Bench(host, company, clock)
        channels = ChannelService(host.database, clock, settings_of(host.faturat))
        adding = ChannelAdding(host.database, clock, settings_of(host.faturat))
        await bench.register("c1")

        async def refused(customer: str, code: str) -> str:
            with pytest.raises(FaturatError) as error:
                await adding.started(customer, code)
            return error.value.code

        code = await adding.start_telegram(USER)
        await adding.take_update(said(f"/start {CODE}"))
        assert await refused("c1", code) == "not_started"
        assert await refused("c2", code) == await refused("c1", CODE) == "code_over"
        await adding.take_update(said(f"/start {code}"))
        await adding.take_update(said(f"/start {code}", chat=6))
        [added] = await channels.of("c1")
        assert await adding.started("c1", code) == added.id
        assert (added.kind, added.address, added.kind.is_heard) == (Kind.TELEGRAM, "5000000001", True)
        await bench.later()
        [notice], [sent] = await host.faturat.notices("c1"), server.sent
        assert wording.body(notice, "sq") in sent["text"]

        again = await adding.start_telegram(USER)
        await adding.take_update(said(f"/start {again}"))
        assert await adding.started("c1", again) == added.id, "the same chat once"
        late = await adding.start_telegram(USER)
        clock.advance(LIFE)
        await adding.take_update(said(f"/start {late}", chat=7))
        assert await refused("c1", late) == "code_over"
        assert len(await channels.of("c1")) == 1
        clock.advance(WINDOW)
        for _ in range(MOST):
            await adding.start_telegram(USER)
        with pytest.raises(FaturatError, match="too_many_codes"):
            await adding.start_telegram(USER)
        clock.advance(timedelta(seconds=1))
        await adding.start_telegram(OTHER)


async def test_a_chat_opens_few_links_good_or_not(server_url: str, clock: FakeClock, server: BotServer) -> None:
    observers = {"channels": {"telegram": {**BOT, "api": server.api}}}
    plugins = PluginChoice(bank={"memory": {}}, observers=observers)
    async with open_host(Settings(database_url=server_url, plugins=plugins), TABLES, APPS, clock) as host:
        adding = ChannelAdding(host.database, clock, settings_of(host.faturat))
        code = await adding.start_telegram(USER)
        for _ in range(MOST_OPENED):
            assert await adding.take_update(said(f"/start {CODE}")) is None
        assert await adding.take_update(said(f"/start {code}")) is None, "one too many, though it is good"
        assert await adding.take_update(said(f"/start {code}", chat=6)) is not None, "another chat is not kept out"
        clock.advance(LIFE)
        code = await adding.start_telegram(USER)
        assert await adding.take_update(said(f"/start {code}")) is not None
        rows = await host.database.fetch("SELECT chat FROM channel_opening")
        assert [row["chat"] for row in rows] == ["5000000001"], "what no longer counts is not kept"
