"""ntfy: a topic on a server that the operator named, over TLS, not in quiet hours."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from fakes.clock import FakeClock
from fakes.ntfy_server import Ntfy, serve_ntfy
from fakes.trusted import BUNDLE, trusted
from fakes.webhooks import serve_webhooks
from notify_kit import Bench

from faturat import FaturatError, PluginChoice
from faturat.clock import TIRANE
from faturat.host import open_host
from faturat.notices import wording
from faturat.settings import Settings
from faturat_oshee.simulator import Simulator
from faturat_server.access.types import User
from faturat_server.channels import settings
from faturat_server.channels.adding import ChannelAdding
from faturat_server.channels.message import test_message as message_of_test
from faturat_server.channels.ntfy import publish, read_ntfy
from faturat_server.channels.plugin import settings_of
from faturat_server.channels.service import ChannelService
from faturat_server.push.deliveries import Failure
from faturat_server.push.quiet import QuietHours
from faturat_server.push.service import NotificationService
from faturat_server.schema import APPS, TABLES

USER = User("user1", "c1", "sq")
OFFERED = settings.Settings(ntfy=("ntfy.bank.example", "ntfy.example:8443"))


@pytest.fixture
async def ntfy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Ntfy]:
    """A server whose certificate this process trusts, as an operator would have it trusted."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / BUNDLE))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    async with serve_ntfy(trusted(tmp_path)) as ntfy:
        yield ntfy


@pytest.mark.parametrize(
    ("server", "topic", "code", "field"),
    [
        ("ntfy.example", "long-enough", "unknown_server", "serveri"),
        ("", "long-enough", "unknown_server", "serveri"),
        ("ntfy.bank.example", "short", "bad_topic", "tema"),
        ("ntfy.bank.example", "x" * 65, "bad_topic", "tema"),
        ("ntfy.bank.example", "../v1/account", "bad_topic", "tema"),
        ("ntfy.bank.example", "one,two-topics", "bad_topic", "tema"),
        ("ntfy.bank.example", "tema-çuditshme", "bad_topic", "tema"),
    ],
)
def test_what_may_not_be_chosen(server: str, topic: str, code: str, field: str) -> None:
    assert read_ntfy("ntfy.example:8443", " my_Topic-1 ", OFFERED) == "ntfy.example:8443/my_Topic-1"
    with pytest.raises(FaturatError) as refused:
        read_ntfy(server, topic, OFFERED)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_an_operator_names_hosts_alone() -> None:
    with pytest.raises(ValueError, match="ntfy: number 2"):
        settings.Settings(ntfy=("ntfy.bank.example", "https://ntfy.sh/"))


async def test_what_is_published_and_what_fails(ntfy: Ntfy) -> None:
    offered = settings.Settings(ntfy=(ntfy.host,))
    message = message_of_test("test_1", "en", FakeClock().now())
    assert await publish(f"{ntfy.host}/my-own-topic", message, offered) is None
    [published] = ntfy.published
    assert published == {
        "topic": "my-own-topic",
        "sequence_id": "test_1",
        "title": "A test of your notices",
        "message": "Notices reach this place.",
    }
    for ntfy.status in (500, 403, 307):
        assert await publish(f"{ntfy.host}/my-own-topic", message, offered) is Failure.NOT_TAKEN
    assert len(ntfy.published) == 4, "a redirect is not followed"
    assert await publish(f"{ntfy.host}/my-own-topic", message, OFFERED) is Failure.NOT_OFFERED
    assert len(ntfy.published) == 4


async def test_a_phone_is_left_alone_in_quiet_hours_and_a_program_is_not(
    server_url: str, company: Simulator, clock: FakeClock, ntfy: Ntfy
) -> None:
    observers = {"channels": {"ntfy": [ntfy.host], "local_webhooks": True}}
    plugins = PluginChoice(billers={"oshee": company.address}, bank={"memory": {}}, observers=observers)
    chosen = Settings(database_url=server_url, plugins=plugins)
    async with open_host(chosen, TABLES, APPS, clock) as host, serve_webhooks() as receiver:
        bench = Bench(host, company, clock)
        channels = ChannelService(host.database, clock, settings_of(host.faturat))
        adding = ChannelAdding(host.database, clock, settings_of(host.faturat))
        await bench.register("c1")
        phone = await adding.add_ntfy(USER, ntfy.host, "my-own-topic")
        await adding.add_webhook(USER, receiver.url("mine"))
        local = clock.now().astimezone(TIRANE)
        quiet = QuietHours((local - timedelta(hours=1)).time(), (local + timedelta(hours=2)).time())
        await NotificationService(host.database, clock, None).choose("c1", {}, quiet)
        await bench.later()
        assert (len(receiver.posted), len(ntfy.published)) == (1, 0)
        await bench.later(150)
        [notice] = await host.faturat.notices("c1")
        assert [each["message"] for each in ntfy.published] == [wording.body(notice, "sq")]
        assert len(receiver.posted) == 1, "who heard of it does not hear again"
        [entry] = (await channels.details("c1", phone.id)).deliveries
        assert (entry.failure, entry.tries) == (None, 1)
