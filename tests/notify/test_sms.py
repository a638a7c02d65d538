"""SMS: a number is added by the code that was sent to it; messages go by the operator's gateway, not in quiet hours."""

from datetime import timedelta

import pytest
from fakes.clock import FakeClock
from fakes.sms_gateway import TOKEN, serve_sms
from notify_kit import Bench

from faturat import FaturatError, PluginChoice
from faturat.clock import TIRANE
from faturat.host import open_host
from faturat.notices import wording
from faturat.settings import Settings
from faturat_oshee.simulator import Simulator
from faturat_server.access.types import User
from faturat_server.channels.adding import ChannelAdding
from faturat_server.channels.gateway import SCHEMES, sender
from faturat_server.channels.message import test_message as message_of_test
from faturat_server.channels.plugin import settings_of
from faturat_server.channels.service import BETWEEN_SMS_TESTS, ChannelService
from faturat_server.channels.settings import Sms
from faturat_server.channels.sms import post, read_number
from faturat_server.channels.types import Kind
from faturat_server.push.deliveries import Failure
from faturat_server.push.quiet import QuietHours
from faturat_server.push.service import NotificationService
from faturat_server.schema import APPS, TABLES

USER = User("user1", "c1", "sq")
NUMBER = "+355691234567"
GATEWAYS = {
    "smseagle": "smseagle://token@127.0.0.1:8080",
    "smseagles": "smseagles://token@sms.bank.example",
    "twilio": f"twilio://AC{'a' * 32}:{'b' * 32}@355691111111",
    "sinch": f"sinch://{'a' * 32}:{'b' * 32}@355691111111",
    "plivo": f"plivo://{'A' * 25}@{'b' * 40}/355691111111",
    "msgbird": f"msgbird://{'a' * 25}/355691111111",
    "clicksend": "clicksend://user:key@",
    "bulksms": "bulksms://token:secret@",
    "httpsms": "httpsms://key@355691111111",
}
OFFERED = Sms(GATEWAYS["smseagles"], ("+355", "+383"))


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("069 123 4567", NUMBER),
        ("069/123-45.67", NUMBER),
        (" +355 69 123 4567", NUMBER),
        ("+355 (0)69 123 4567", NUMBER),
        ("00355 69 1234567", NUMBER),
        ("355691234567", NUMBER),
        ("69 123 4567", NUMBER),
        ("\u202a+355\u00a069\u00a0123\u00a04567\u202c", NUMBER),
        ("00383 44 123 456", "+38344123456"),
    ],
)
def test_a_number_is_read_as_people_write_it(typed: str, number: str) -> None:
    assert read_number(typed, OFFERED) == number


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        *((typed, "bad_number") for typed in ("", "069", "069 123 456", "069 123 45678", "+355 4 123 4567", "fature")),
        *((typed, "bad_number") for typed in ("٠٦٩١٢٣٤٥٦٧", "069 123 4567, 069 123 4568", "#all", "0" + " " * 40)),
        *((typed, "number_not_offered") for typed in ("+1 900 123 4567", "0039 335 123 4567", "+383 44 123 456")),
    ],
)
def test_what_may_not_be_added(typed: str, code: str) -> None:
    with pytest.raises(FaturatError) as refused:
        read_number(typed, Sms(OFFERED.gateway))
    assert (refused.value.code, refused.value.field) == (code, "adresa")


def test_each_gateway_sends_to_the_one_number_that_it_is_given() -> None:
    assert set(GATEWAYS) == set(SCHEMES)
    for scheme, url in GATEWAYS.items():
        assert Sms(url).gateway == url
        made = sender(url, NUMBER)
        assert made is not None
        assert len(made) == 1, scheme
        assert NUMBER[1:] in made.url(), scheme


@pytest.mark.parametrize(
    ("gateway", "prefixes", "named"),
    [
        ("json://sms.bank.example", ("+355",), "gateway: begin"),
        ("vonage://12345678:1234567890123456@355691111111", ("+355",), "gateway: begin"),
        ("smseagles://sms.bank.example", ("+355",), "gateway: cannot be read"),
        (f"smseagles://{TOKEN}@sms.bank.example/+355691234567", ("+355",), "gateway: leave"),
        (f"smseagles://{TOKEN}@sms.bank.example/?to=@everybody", ("+355",), "gateway: leave"),
        (f"clicksend://user:{TOKEN}@355691234567", ("+355",), "gateway: leave"),
        (GATEWAYS["twilio"] + "/355691234567", ("+355",), "gateway: leave"),
        (GATEWAYS["smseagles"], (), "prefixes: write"),
        (GATEWAYS["smseagles"], ("+355", "0044"), "prefixes: number 2"),
    ],
)
def test_a_setting_that_is_wrong_says_which(gateway: str, prefixes: tuple[str, ...], named: str) -> None:
    assert "own-t0ken" not in repr(Sms(f"smseagles://{TOKEN}@sms.bank.example"))
    with pytest.raises(ValueError, match=named) as wrong:
        Sms(gateway, prefixes)
    assert TOKEN not in str(wrong.value)


async def test_a_notice_comes_to_a_confirmed_number_and_not_in_quiet_hours(
    server_url: str, company: Simulator, clock: FakeClock
) -> None:
    async with serve_sms() as gateway:
        observers = {"channels": {"sms": {"gateway": gateway.url}}}
        plugins = PluginChoice(billers={"oshee": company.address}, bank={"memory": {}}, observers=observers)
        async with open_host(Settings(database_url=server_url, plugins=plugins), TABLES, APPS, clock) as host:
            bench, offered = Bench(host, company, clock), settings_of(host.faturat)
            channels = ChannelService(host.database, clock, offered)
            adding = ChannelAdding(host.database, clock, offered)
            await bench.register("c1")
            with pytest.raises(FaturatError, match="channels_not_offered"):
                await adding.send_code(USER, Kind.MAIL, "test.test@mail.example")
            gateway.status = "error"
            with pytest.raises(FaturatError, match="code_not_sent"):
                await adding.send_code(USER, Kind.SMS, "069 123 4567")
            gateway.status = "ok"
            code = await adding.send_code(USER, Kind.SMS, "069 123 4567")
            assert gateway.taken[-1]["to"] == NUMBER
            assert gateway.taken[-1]["access_token"] == TOKEN
            added = await adding.add_confirmed(USER, code, gateway.code)
            assert (added.kind, added.address) == (Kind.SMS, NUMBER)
            assert await channels.test(USER, added.id) is None
            clock.advance(BETWEEN_SMS_TESTS - timedelta(seconds=1))
            with pytest.raises(FaturatError, match="tested_just_now"):
                await channels.test(USER, added.id)
            del gateway.taken[:]
            local = clock.now().astimezone(TIRANE)
            quiet = QuietHours((local - timedelta(hours=1)).time(), (local + timedelta(hours=2)).time())
            await NotificationService(host.database, clock, None).choose("c1", {}, quiet)
            await bench.later()
            assert gateway.taken == []
            await bench.later(150)
            [notice], [sent] = await host.faturat.notices("c1"), gateway.taken
            assert sent["message"] == f"{wording.title(notice, 'sq')}\r\n{wording.body(notice, 'sq')}"
            # another bank, or the same one when it pays for fewer countries
            elsewhere = Sms(gateway.url, ("+383",))
            assert await post(NUMBER, message_of_test("test_1", "sq", clock.now()), elsewhere) is Failure.NOT_OFFERED
            assert len(gateway.taken) == 1
