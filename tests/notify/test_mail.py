"""E-mail: an address is added by the code that was sent to it; letters go by the operator's server."""

from collections.abc import AsyncIterator, Awaitable
from datetime import timedelta

import pytest
from fakes.clock import FakeClock
from fakes.mailbox import Mailbox, serve_mailbox
from notify_kit import Bench

from faturat import FaturatError, PluginChoice
from faturat.host import open_host
from faturat.notices import wording
from faturat.settings import Settings
from faturat_oshee.simulator import Simulator
from faturat_server.access.types import User
from faturat_server.channels.adding import ChannelAdding
from faturat_server.channels.codes import LIFE, MOST, TRIES, WINDOW
from faturat_server.channels.mail import read_mail
from faturat_server.channels.plugin import settings_of
from faturat_server.channels.service import ChannelService
from faturat_server.channels.settings import Mail
from faturat_server.channels.types import Kind
from faturat_server.schema import APPS, TABLES

USER = User("user1", "c1", "sq")
OTHER = User("user2", "c2", "en")
ADDRESS = "test.test@mail.example"


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    async with serve_mailbox() as mailbox:
        yield mailbox


@pytest.fixture
async def bench(server_url: str, company: Simulator, clock: FakeClock, mailbox: Mailbox) -> AsyncIterator[Bench]:
    mail = {"host": "127.0.0.1", "port": mailbox.port, "security": "insecure", "sender": "notices@bank.example"}
    plugins = PluginChoice(
        billers={"oshee": company.address}, bank={"memory": {}}, observers={"channels": {"mail": mail}}
    )
    async with open_host(Settings(database_url=server_url, plugins=plugins), TABLES, APPS, clock) as host:
        yield Bench(host, company, clock)


async def code_of(error: str, attempt: Awaitable[object]) -> None:
    with pytest.raises(FaturatError) as refused:
        await attempt
    assert refused.value.code == error


@pytest.mark.parametrize(
    "typed",
    [
        *("", "test", "test@", "@mail.example", "a@b", "a b@mail.example", "ç@mail.example", "-x@mail.example"),
        *("a@mail.example,b@mail.example", "Test <a@mail.example>", "a@mail.example\r\nBcc: b@c.example"),
        "a@" + "m" * 200 + ".example",
    ],
)
def test_what_is_no_address(typed: str) -> None:
    assert read_mail(" Test.Test@Mail.Example ") == ADDRESS
    with pytest.raises(FaturatError) as refused:
        read_mail(typed)
    assert (refused.value.code, refused.value.field) == ("bad_mail", "adresa")


def test_a_mail_server_is_a_host_and_an_address_and_shows_no_password() -> None:
    assert "secret" not in repr(Mail("mail.bank.example", "notices@bank.example", user="u", password="secret"))
    for host, sender, port in (("a:25", "n@bank.example", 25), ("a", "bank", 25), ("a", "n@bank.example", 0)):
        with pytest.raises(ValueError, match=r"host|sender|port"):
            Mail(host, sender, port)


async def test_a_notice_comes_to_a_confirmed_address_alone(bench: Bench, mailbox: Mailbox) -> None:
    channels = ChannelService(bench.host.database, bench.clock, settings_of(bench.host.faturat))
    adding = ChannelAdding(bench.host.database, bench.clock, settings_of(bench.host.faturat))
    await bench.register("c1")
    code = await adding.send_code(USER, Kind.MAIL, ADDRESS)
    [letter] = mailbox.letters
    assert (letter["To"], letter["Subject"]) == (ADDRESS, "Kodi juaj për njoftimet")
    assert await channels.of("c1") == ()
    await bench.later(5)
    assert len(mailbox.letters) == 1, "it is not confirmed yet"
    digits = mailbox.code
    wrong = f"{(int(digits) + 1) % 10**6:06d}"
    await code_of("code_over", adding.add_confirmed(OTHER, code, digits))
    await code_of("bad_code", adding.add_confirmed(USER, code, wrong))
    added = await adding.add_confirmed(USER, code, f" {digits[:3]} {digits[3:]} ")
    assert added.address == ADDRESS
    await code_of("code_over", adding.add_confirmed(USER, code, digits))
    await bench.later()
    await bench.later(70)
    [notice] = await bench.host.faturat.notices("c1")
    [_, letter] = mailbox.letters
    assert (letter["To"], letter["Subject"]) == (ADDRESS, wording.title(notice, "sq"))
    assert (letter["X-Faturat-Notice"], letter["Message-ID"]) == (notice.id, f"<{notice.id}@bank.example>")
    assert letter["From"] == "notices@bank.example"
    assert letter.get_content_type() == "text/plain"
    assert wording.body(notice, "sq") in letter.get_content()
    [entry] = (await channels.details("c1", added.id)).deliveries
    assert (entry.failure, entry.tries) == (None, 1)


async def test_a_code_is_good_for_few_tries_and_minutes_and_few_are_sent(bench: Bench, mailbox: Mailbox) -> None:
    adding = ChannelAdding(bench.host.database, bench.clock, settings_of(bench.host.faturat))
    code = await adding.send_code(USER, Kind.MAIL, ADDRESS)
    for _ in range(TRIES - 1):
        await code_of("bad_code", adding.add_confirmed(USER, code, "no"))
    await code_of("code_over", adding.add_confirmed(USER, code, "no"))
    await code_of("code_over", adding.add_confirmed(USER, code, mailbox.code))

    late = await adding.send_code(USER, Kind.MAIL, ADDRESS)
    bench.clock.advance(LIFE)
    await code_of("code_over", adding.add_confirmed(USER, late, mailbox.code))

    mailbox.refuses = True
    await code_of("code_not_sent", adding.send_code(USER, Kind.MAIL, ADDRESS))
    mailbox.refuses = False
    for _ in range(MOST - 3):
        await adding.send_code(USER, Kind.MAIL, ADDRESS)
    await code_of("too_many_codes", adding.send_code(USER, Kind.MAIL, "another@mail.example"))
    await code_of("too_many_codes", adding.send_code(OTHER, Kind.MAIL, ADDRESS))
    bench.clock.advance(WINDOW + timedelta(seconds=1))
    await adding.send_code(OTHER, Kind.MAIL, ADDRESS)
