"""Every fault of the company's side, over real sockets: silence, hostile replies, and who really wrote a message."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import aiohttp
import pytest
from aiohttp import ClientConnectorError, web
from aiohttp.test_utils import TestServer
from digitalb_kit import ONE, SECRET, TWO, HandClock, gate, order, quote, read, reference

from faturat.errors import BillerError, FaturatError, UnknownReference
from faturat.payments.types import Rejected, Rejection, Settled, Unknown
from faturat.testing.faults import FAULTS, SPOILT, STATEMENT_FAULTS
from faturat_digitalb import mapping, signature, wire
from faturat_digitalb.plugin import Digitalb
from faturat_digitalb.simulator import Simulator

OpenPlugin = Callable[..., Awaitable[Digitalb]]

# what becomes of a payment: why it is unknown, and whether the company booked it
LOST = {
    "timeout_before_debit": ("timeout", False),
    "timeout_after_debit": ("timeout", True),
    "hang_up_before_debit": ("connection_lost", False),
    "hang_up_after_debit": ("connection_lost", True),
    "error_500": ("http_500", False),
    "error_500_after_debit": ("http_500", True),
    "malformed": ("bad_xml", True),
    "empty": ("bad_xml", True),
    "oversized": ("reply_too_large", True),
    "garbage": ("bad_xml", True),
    "not_a_number": ("booking_of_another_order", True),
    "negative": ("booking_of_another_order", True),
    "wrong_currency": ("booking_of_another_order", True),
    "clock_skew": ("clock_skew", False),
    "bad_signature": ("bad_signature", True),
    "no_signature": ("bad_signature", True),
    "stale_reply": ("stale_reply", True),
    "replayed_reply": ("reply_to_another_request", True),
}


@pytest.mark.parametrize("fault", LOST)
async def test_pay_without_an_answer_is_unknown_and_the_history_tells(
    plugin: Digitalb, simulator: Simulator, clock: HandClock, fault: str
) -> None:
    why, booked = LOST[fault]
    await quote(plugin, ONE)  # the reply that a replay repeats
    simulator.fault(fault)
    assert await gate(plugin, clock).pay_invoice(order(), clock.now() + timedelta(minutes=1)) == Unknown(why)
    (entry,) = await read(plugin, ONE)
    assert entry.paid_by_order == (order().id if booked else None)


async def test_a_replayed_refusal_rejects_nothing(plugin: Digitalb, simulator: Simulator) -> None:
    simulator.fault("rejects_payment")
    assert await plugin.pay_invoice(order("pay_1")) == Rejected(Rejection.NOT_ACCEPTED)
    simulator.fault("replayed_reply")
    assert await plugin.pay_invoice(order("pay_2")) == Unknown("reply_to_another_request")
    assert simulator.books.booking("pay_2") is not None


HOSTILE = {
    "error_500": ("biller_unavailable", "http_500"),
    "malformed": ("biller_bad_reply", "bad_xml"),
    "empty": ("biller_bad_reply", "bad_xml"),
    "oversized": ("biller_bad_reply", "reply_too_large"),
    "garbage": ("biller_bad_reply", "bad_xml"),
    "clock_skew": ("biller_unavailable", "clock_skew"),
    "bad_signature": ("biller_bad_reply", "bad_signature"),
    "no_signature": ("biller_bad_reply", "bad_signature"),
    "stale_reply": ("biller_bad_reply", "stale_reply"),
    "replayed_reply": ("biller_bad_reply", "reply_to_another_request"),
}


@pytest.mark.parametrize("fault", HOSTILE)
async def test_look_ups_without_an_answer(plugin: Digitalb, simulator: Simulator, fault: str) -> None:
    await plugin.find_contract(reference(ONE))
    simulator.fault(fault, times=2)
    for look_up in (plugin.find_contract(reference(ONE)), plugin.fetch_invoices((reference(ONE),))):
        with pytest.raises(BillerError) as caught:
            await look_up
        assert (caught.value.code, caught.value.why) == HOSTILE[fault]
    assert (await plugin.find_contract(reference(ONE))).name == "Test Test"


@pytest.mark.parametrize("fault", SPOILT)
async def test_a_spoilt_list_is_an_error_and_never_a_wrong_amount(
    plugin: Digitalb, simulator: Simulator, clock: HandClock, fault: str
) -> None:
    simulator.fault(fault)
    answer = (await gate(plugin, clock).fetch_invoices((reference(TWO),)))[reference(TWO)]
    assert isinstance(answer, FaturatError)
    assert answer.code == "biller_bad_reply"


def test_every_fault_is_tried() -> None:
    elsewhere = {"slow", "refused_connection", "unknown_reference", "already_paid", "changed_total", "rejects_payment"}
    tried = {*LOST, *HOSTILE, *SPOILT, *elsewhere, "settles_late", "redirect", *STATEMENT_FAULTS}
    assert tried == {*Simulator.own_faults, *FAULTS}


async def test_slow_is_an_answer_until_the_time_out(plugin: Digitalb, simulator: Simulator) -> None:
    simulator.fault("slow", seconds=0.01)
    assert (await plugin.find_contract(reference(ONE))).name == "Test Test"
    simulator.fault("slow", seconds=3600)
    with pytest.raises(BillerError) as caught:
        await plugin.find_contract(reference(ONE))
    assert caught.value.why == "timeout"


async def test_refused_connection_lets_no_byte_out(plugin: Digitalb, simulator: Simulator) -> None:
    await quote(plugin, ONE)
    simulator.fault("refused_connection")
    with pytest.raises(BillerError):
        await quote(plugin, ONE)  # finds that the kept connection is gone
    with pytest.raises(ClientConnectorError):
        await plugin.pay_invoice(order())
    with pytest.raises(BillerError) as caught:
        await plugin.find_contract(reference(ONE))
    assert caught.value.why == "no_connection"
    await simulator.listen()
    assert isinstance(await plugin.pay_invoice(order()), Settled)


async def test_unknown_reference(plugin: Digitalb, simulator: Simulator) -> None:
    simulator.fault("unknown_reference", times=3)
    with pytest.raises(UnknownReference):
        await plugin.find_contract(reference(ONE))
    assert isinstance((await plugin.fetch_invoices((reference(ONE),)))[reference(ONE)], UnknownReference)
    assert await plugin.pay_invoice(order()) == Rejected(Rejection.UNKNOWN_REFERENCE)


async def test_already_paid_by_another_channel(plugin: Digitalb, simulator: Simulator) -> None:
    simulator.fault("already_paid")
    assert await plugin.pay_invoice(order()) == Rejected(Rejection.ALREADY_PAID)
    assert simulator.books.booking(order().id) is None


async def test_a_refused_payment(plugin: Digitalb, simulator: Simulator) -> None:
    simulator.fault("rejects_payment")
    assert await plugin.pay_invoice(order()) == Rejected(Rejection.NOT_ACCEPTED)


async def test_changed_total_shows_at_the_quote_or_refuses_the_payment(plugin: Digitalb, simulator: Simulator) -> None:
    simulator.fault("changed_total")
    (instalment,) = await quote(plugin, ONE)
    assert (instalment.amount, instalment.penalty, instalment.total) == (1300_00, 0, 1300_00)
    simulator.fault("changed_total")
    assert await plugin.pay_invoice(order(amount=1300_00)) == Rejected(Rejection.AMOUNT_CHANGED)
    assert isinstance(await plugin.pay_invoice(order(amount=1400_00)), Settled)


async def test_settled_late_is_unknown_and_shows_in_the_history(
    plugin: Digitalb, simulator: Simulator, clock: HandClock
) -> None:
    simulator.fault("settles_late")
    assert await plugin.pay_invoice(order()) == Unknown("result_in_progress")
    (instalment,) = await quote(plugin, ONE)
    assert await plugin.pay_invoice(order()) == Unknown("result_in_progress")
    clock.move(30)
    (booked,) = await read(plugin, ONE)
    assert (booked.invoice_key, booked.paid_by_order) == (instalment.invoice_key, order().id)


@pytest.mark.parametrize("off", [-301, -300, 0, 300, 301])
async def test_clocks_may_be_300_seconds_apart(
    simulator: Simulator, clock: HandClock, open_plugin: OpenPlugin, off: int
) -> None:
    ours = HandClock()
    ours.move(off)
    plugin = await open_plugin(ours, **simulator.address)
    if abs(off) <= 300:
        assert isinstance(await plugin.pay_invoice(order()), Settled)
        return
    assert await plugin.pay_invoice(order()) == Unknown("clock_skew")
    with pytest.raises(BillerError) as caught:
        await plugin.find_contract(reference(ONE))
    assert (caught.value.code, caught.value.why) == ("biller_unavailable", "clock_skew")
    assert simulator.books.booking(order().id) is None


@pytest.mark.parametrize("changes", [{"secret": SECRET}, {"key_id": "somebody"}])
async def test_another_secret_or_key_gets_nothing(
    simulator: Simulator, open_plugin: OpenPlugin, changes: dict[str, str]
) -> None:
    plugin = await open_plugin(**(simulator.address | changes))
    assert await plugin.pay_invoice(order()) == Unknown("http_401")
    with pytest.raises(BillerError) as caught:
        await plugin.find_contract(reference(ONE))
    assert caught.value.why == "http_401"
    assert simulator.books.booking(order().id) is None


async def test_only_the_company_may_say_that_our_clock_is_wrong(plugin: Digitalb, simulator: Simulator) -> None:
    for fault in ("bad_signature", "no_signature"):
        simulator.fault("clock_skew")
        simulator.fault(fault)
        assert await plugin.pay_invoice(order()) == Unknown("http_401")


async def test_requests_that_were_changed_on_the_way_are_refused(simulator: Simulator, clock: HandClock) -> None:
    body = wire.build(mapping.pay_request(order()))
    date, nonce, secret = signature.write_date(clock.now()), "n1", simulator.address["secret"]
    signed = signature.sign(secret, "POST", "/billing/payment", date, nonce, body=body)
    headers = {
        signature.KEY: simulator.address["key_id"],
        signature.DATE: date,
        signature.NONCE: nonce,
        signature.SIGNATURE: signed,
    }
    dearer = body.replace(b"1200.00", b"1300.00")
    changed = [
        ("/payment", headers, dearer),
        ("/contract", headers, body),
        *(("/payment", headers | {name: "x"}, body) for name in headers),
        *(("/payment", {each: headers[each] for each in headers if each != name}, body) for name in headers),
    ]
    async with aiohttp.ClientSession() as session:

        async def send(path: str, headers: dict[str, str], body: bytes) -> int:
            url = simulator.address["url"] + path
            async with session.post(url, headers=headers, data=body) as response:
                return response.status

        assert {await send(*each) for each in changed} == {401}
        assert simulator.books.booking(order().id) is None
        assert await send("/payment", headers, body) == 200
    assert simulator.books.booking(order().id) is not None


async def test_a_redirect_is_not_followed(clock: HandClock, open_plugin: OpenPlugin) -> None:
    """A 307 would carry the payment to wherever it says, a second time."""
    arrived: list[str] = []

    async def redirect(request: web.Request) -> web.Response:
        arrived.append(request.path)
        return web.Response(status=307, headers={"Location": "/elsewhere"})

    application = web.Application()
    application.add_routes([web.post("/{path:.*}", redirect)])
    async with TestServer(application) as server:
        plugin = await open_plugin(url=str(server.make_url("/billing")), key_id="k", secret=SECRET)
        assert await plugin.pay_invoice(order()) == Unknown("http_307")
    assert arrived == ["/billing/payment"]
