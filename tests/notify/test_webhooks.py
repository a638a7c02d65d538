"""Webhooks: what a customer may type, where we connect, and how a message is signed."""

import socket
import ssl
from datetime import UTC, datetime

import pytest
import trustme
from aiohttp.abc import AbstractResolver, ResolveResult
from fakes.webhooks import serve_webhooks

from faturat import FaturatError
from faturat_server.addresses import is_public
from faturat_server.channels.message import test_message as message_of_test
from faturat_server.channels.signing import new_secret, signed_headers
from faturat_server.channels.types import Kind, Target
from faturat_server.channels.webhook import LONGEST, post, read_webhook
from faturat_server.push.deliveries import Failure

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECRET = new_secret()


class NamesLead(AbstractResolver):
    """Every name leads to these addresses, as whoever owns it can have it."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host,
                host=each,
                port=port,
                family=socket.AF_INET6 if ":" in each else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for each in self.addresses
        ]

    async def close(self) -> None:
        """Nothing is open."""


async def sent(url: str, local: bool, *leads: str) -> Failure | None:
    target = Target("chn_1", Kind.WEBHOOK, url, SECRET, "sq")
    message = message_of_test("test_1", "sq", NOW)
    return await post(target, message, NOW, local, NamesLead(*leads) if leads else None)


def test_the_example_of_the_standard() -> None:
    at = datetime.fromtimestamp(1614265330, UTC)
    secret, message_id = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek"
    assert signed_headers(secret, message_id, at, b'{"test": 2432232314}') == {
        "webhook-id": message_id,
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
        *("224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.2.1"),
        *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "ff0e::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "2002:7f00:1::", "2002:a00:1::1"),
        *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::7f00:1", "2001:0:7f00:1::1", "2002:101:101::1"),
    ],
)
def test_what_is_not_of_the_public_internet(address: str) -> None:
    assert not is_public(address)


def test_what_is() -> None:
    assert all(map(is_public, ("1.1.1.1", "185.71.180.1", "2606:4700::1111")))


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "bad_webhook"),
        ("program", "bad_webhook"),
        ("http://program.example/x", "bad_webhook"),
        ("http://127.0.0.1.nip.io/x", "bad_webhook"),
        ("json://program.example/x", "bad_webhook"),
        ("https://user:word@program.example/", "bad_webhook"),
        ("https://1.1.1.1#@10.0.0.1/", "bad_webhook"),
        ("https://program.example\\@10.0.0.1/", "bad_webhook"),
        ("https://program.example/a b", "bad_webhook"),
        ("https://program.example/\r\nX: y", "bad_webhook"),
        ("https://program.example:0/", "bad_webhook"),
        ("https://program.example:65536/", "bad_webhook"),
        ("https://プログラム.example/", "bad_webhook"),
        ("https://127.0.0.1/", "private_webhook"),
        ("https://[::1]/", "private_webhook"),
        ("https://[::ffff:10.0.0.1]/", "private_webhook"),
        ("https://2130706433/", "private_webhook"),
        ("https://127.1/", "private_webhook"),
        ("https://localhost/", "private_webhook"),
        ("https://x.localhost/", "private_webhook"),
        ("https://program.example/" + "x" * LONGEST, "field_too_long"),
    ],
)
def test_what_may_not_be_typed(typed: str, code: str) -> None:
    with pytest.raises(FaturatError) as refused:
        read_webhook(typed, local=False)
    assert (refused.value.code, refused.value.field) == (code, "adresa")
    assert refused.value.message("sq") != refused.value.message("en")


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "Enter the address."),
        ("HTTPS://program.example/", "small letters"),
        ("http://program.example/x", "begin with https://"),
        ("program.example/notices", "begin with https://"),
        ("https://user:word@program.example/", "before @"),
        ("https://program.example/x#y", "Leave out #"),
        ("https://Program.example/", "small letters"),
        ("https://program.example:0/", "like https://program.example/notices"),
        ("https://program.example/a b", "like https://program.example/notices"),
    ],
)
def test_it_is_said_what_is_wrong_with_an_address(typed: str, why: str) -> None:
    with pytest.raises(FaturatError, match="bad_webhook") as refused:
        read_webhook(typed, local=False)
    assert why in refused.value.message("en")


def test_what_may() -> None:
    for address in ("https://program.example", "https://p.example:8443/a/b?c=d", "https://[2606:4700::1111]/x"):
        assert read_webhook(f" {address} ", local=False) == address
    assert read_webhook("http://127.0.0.1:8001/x", local=True)
    with pytest.raises(FaturatError):
        read_webhook("https://127.0.0.2/x", local=True)


async def test_no_name_leads_into_a_private_network() -> None:
    """The names resolve as their owner likes; the connector is the real one, and so is what listens there."""
    async with serve_webhooks() as receiver:
        url = receiver.url("x", host="program.example")
        for leads in (["127.0.0.1"], ["::ffff:127.0.0.1"], ["1.1.1.1", "127.0.0.1"], ["::1"], ["169.254.169.254"]):
            assert await sent(url, False, *leads) is Failure.PRIVATE, leads
        assert await sent(receiver.url("x"), False) is Failure.PRIVATE, "no name at all, so nothing is resolved"
        assert await sent(receiver.url("x", host="localhost"), False) is Failure.PRIVATE, "by the system's resolver"
        assert await sent(url, True, "127.0.0.1", "10.0.0.1") is Failure.PRIVATE, "one such address is enough"
        assert receiver.posted == []
        assert await sent(url, True, "127.0.0.1") is None
        assert len(receiver.posted) == 1


async def test_what_comes_back_is_not_followed_and_not_read() -> None:
    async with serve_webhooks() as receiver:
        receiver.answers |= {"moved": 307, "found": 302, "broken": 500, "gone": 410}
        for name in receiver.answers:
            assert await sent(receiver.url(name), True) is (Failure.GONE if name == "gone" else Failure.REFUSED)
        assert [each.name for each in receiver.posted] == [*receiver.answers]
        assert await sent(receiver.url("endless"), True) is None
        closed = receiver.url("x")
    assert await sent(closed, True) is Failure.NO_ANSWER


async def test_a_certificate_that_nobody_trusts_is_not_sent_to() -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    async with serve_webhooks(context) as receiver:
        assert await sent(receiver.url("x", "https"), True) is Failure.INSECURE
        assert receiver.posted == []
