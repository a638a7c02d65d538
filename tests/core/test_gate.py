"""A plugin's reply is untrusted input: what is not right becomes one of our few errors, and nothing passes by."""

import asyncio
import math
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from fakes.biller import FakeBiller, make_invoice
from fakes.clock import FakeClock

from faturat import (
    BillerError,
    Captured,
    FaturatError,
    Hold,
    Invoice,
    NotSent,
    Order,
    PayChoice,
    PayChoices,
    PayRange,
    Pending,
    Receipt,
    Reference,
    Rejected,
    Rejection,
    Settled,
    Subscriber,
    Text,
    Unknown,
    UnknownReference,
)
from faturat.gate.bank import BankGate, BankSilent
from faturat.gate.biller import BillerGate
from faturat.plugins.http import open_session

SOON = timedelta(seconds=0.05)
REFERENCE = Reference("contract", {"code": "AB12"})
OTHER = Reference("contract", {"code": "CD34"})
CLOCK = FakeClock()
NEVER = CLOCK.now() + timedelta(days=1)
ORDER = Order(
    id="pay_1",
    customer="c1",
    account="a",
    biller="fake",
    reference=REFERENCE,
    invoice_key="F1",
    amount=100,
    currency="ALL",
    created_at=CLOCK.now(),
)


def answering(reply: Any) -> Callable[..., Any]:
    async def hook(**_arguments: object) -> Any:
        if isinstance(reply, BaseException):
            raise reply
        if callable(reply):
            return await reply()
        return reply

    return hook


def gate(**hooks: Any) -> BillerGate:
    relay: Any = SimpleNamespace(**{name: answering(reply) for name, reply in hooks.items()})
    return BillerGate(FakeBiller().describe_biller(), relay, CLOCK, SOON, SOON)


def bank(**hooks: Any) -> BankGate:
    relay: Any = SimpleNamespace(**{name: answering(reply) for name, reply in hooks.items()})
    return BankGate("bank", relay, SOON)


async def forever() -> None:
    await asyncio.Event().wait()


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (UnknownReference(), "unknown_reference"),
        (BillerError("http_500"), "biller_unavailable"),
        (BillerError("bad_xml", "biller_bad_reply"), "biller_bad_reply"),
        (FaturatError("bad_amount", value="NaN"), "biller_bad_reply"),
        (forever, "biller_unavailable"),
        (KeyError("name"), "biller_unavailable"),
        (None, "biller_bad_reply"),
        ("Test Test", "biller_bad_reply"),
        (Subscriber(""), "biller_bad_reply"),
        (Subscriber("x" * 201), "biller_bad_reply"),
        (Subscriber("Test\x00"), "biller_bad_reply"),
        (Subscriber(7), "biller_bad_reply"),
    ],
)
async def test_look_up_failures_become_our_few_errors(reply: Any, code: str) -> None:
    with pytest.raises(FaturatError) as caught:
        await gate(find_contract=reply).find_contract(REFERENCE)
    assert caught.value.code == code
    assert "Fake" in caught.value.message("sq")


HOSTILE: list[Any] = [
    [make_invoice(), make_invoice()],
    [make_invoice(currency="EUR")],
    [make_invoice(total=0)],
    [make_invoice(total=-5)],
    [make_invoice(total=10**14)],
    [make_invoice(total=math.nan)],
    [make_invoice(total=1707.4)],
    [make_invoice(total=True)],
    [make_invoice(penalty=-1)],
    [make_invoice(issued_on=date(1, 1, 1))],
    [make_invoice(issued_on="2018-08-01x")],
    [make_invoice(due_on=date(9999, 1, 1))],
    [make_invoice("x" * 201)],
    [make_invoice("")],
    [make_invoice("a\nb")],
    [make_invoice(part=0)],
    [make_invoice(payable=PayChoices(()))],
    [make_invoice(total=5, payable=PayChoices((PayChoice(6, Text("a", "b")),)))],
    [make_invoice(total=5, payable=PayRange(0, 5))],
    [make_invoice(total=5, payable=PayRange(4, 3))],
    [make_invoice(lines=(None,))],
    [None],
    None,
    "no list",
    [make_invoice(str(n)) for n in range(501)],
]


@pytest.mark.parametrize("entry", HOSTILE)
async def test_a_faulty_entry_is_an_error_of_its_reference_alone(entry: Any) -> None:
    answers = await gate(fetch_invoices={REFERENCE: entry, OTHER: (make_invoice(),)}).fetch_invoices((REFERENCE, OTHER))
    bad = answers[REFERENCE]
    assert isinstance(bad, FaturatError)
    assert bad.code == "biller_bad_reply"
    assert answers[OTHER] == (make_invoice(),)


@pytest.mark.parametrize(
    "reply",
    [None, [], {}, {OTHER: ()}, {REFERENCE: (), Reference("contract", {"code": "X"}): ()}, forever, ValueError("x")],
)
async def test_an_answer_that_is_missing_is_an_error_and_never_no_debts(reply: Any) -> None:
    answers = await gate(fetch_invoices=reply).fetch_invoices((REFERENCE,))
    assert isinstance(answers[REFERENCE], FaturatError)


async def test_invoices_are_sorted_and_empty_means_no_debts() -> None:
    late, early = make_invoice("F1", issued_on=date(2019, 1, 1)), make_invoice("F2", issued_on=date(2018, 1, 1))
    answers = await gate(fetch_invoices={REFERENCE: [late, early], OTHER: []}).fetch_invoices((REFERENCE, OTHER))
    assert answers == {REFERENCE: (early, late), OTHER: ()}


async def test_requests_are_cut_to_max_bulk_and_never_repeat_a_reference() -> None:
    asked: list[tuple[Reference, ...]] = []

    async def fetch_invoices(references: tuple[Reference, ...]) -> dict[Reference, tuple[Invoice, ...]]:
        asked.append(references)
        return dict.fromkeys(references, ())

    relay: Any = SimpleNamespace(fetch_invoices=fetch_invoices)
    references = tuple(Reference("contract", {"code": str(n % 7)}) for n in range(14))
    answers = await BillerGate(FakeBiller().describe_biller(), relay, CLOCK, SOON, SOON).fetch_invoices(references)
    assert [len(part) for part in asked] == [3, 3, 1]
    assert len(answers) == 7


RECEIPT = Receipt("R1", datetime(2026, 11, 22, tzinfo=UTC), 100)


@pytest.mark.parametrize(
    "reply",
    [
        forever,
        RuntimeError("boom"),
        BillerError("http_502"),
        UnknownReference(),
        None,
        "settled",
        NotSent("a plugin cannot know"),
        Settled(None),
        Settled(Receipt("", RECEIPT.settled_at, 100)),
        Settled(Receipt("R1", datetime.fromisoformat("2026-11-22"), 100)),
        Settled(Receipt("R1", RECEIPT.settled_at, -1)),
        Rejected("some other word"),
    ],
)
async def test_what_is_no_answer_to_pay_is_unknown(reply: Any) -> None:
    assert isinstance(await gate(pay_invoice=reply).pay_invoice(ORDER, NEVER), Unknown)


@pytest.mark.parametrize("reply", [Settled(RECEIPT), Rejected(Rejection.ALREADY_PAID), Pending(), Unknown("x")])
async def test_what_is_an_answer_passes(reply: Any) -> None:
    assert await gate(pay_invoice=reply).pay_invoice(ORDER, NEVER) == reply


async def test_after_its_time_a_payment_is_not_sent() -> None:
    assert await gate(pay_invoice=Settled(RECEIPT)).pay_invoice(ORDER, CLOCK.now()) == NotSent("too_late")


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("seconds", [2, 120])
async def test_a_call_that_was_held_up_until_its_time_was_over_sends_nothing(method: str, seconds: int) -> None:
    clock, received = FakeClock(), bytearray()

    async def taken(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received.extend(await reader.read())
        writer.close()

    server = await asyncio.start_server(taken, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    async with server, open_session() as session:

        async def pay() -> None:
            clock.advance(timedelta(seconds=seconds))
            await session.request(method, address, data=b"pay" if method == "POST" else None)

        relay: Any = SimpleNamespace(pay_invoice=answering(pay))
        held_up = BillerGate(FakeBiller().describe_biller(), relay, clock, SOON, timedelta(seconds=1))
        outcome = await held_up.pay_invoice(ORDER, clock.now() + timedelta(seconds=3))
    if seconds == 2:
        assert isinstance(outcome, Unknown)
        assert bytes(received).startswith(method.encode())
    else:
        assert outcome == NotSent("too_late")
        assert received == b""


async def test_a_refused_connection_is_not_sent_and_a_second_one_after_a_first_that_was_made_is_unknown() -> None:
    async with open_session() as session:
        closed = aiohttp.ClientTimeout(total=5)

        async def refused() -> None:
            await session.post("http://127.0.0.1:1/", timeout=closed)

        assert await gate(pay_invoice=refused).pay_invoice(ORDER, NEVER) == NotSent("refused_connection")

        async def taken(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.close()

        server = await asyncio.start_server(taken, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]

        async def tried_again() -> None:
            try:
                await session.post(f"http://127.0.0.1:{port}/", timeout=closed)
            except aiohttp.ClientError:
                await refused()

        slow = BillerGate(
            FakeBiller().describe_biller(),
            SimpleNamespace(pay_invoice=answering(tried_again)),
            CLOCK,
            SOON,
            timedelta(seconds=5),
        )
        assert isinstance(await slow.pay_invoice(ORDER, NEVER), Unknown)
        server.close()


@pytest.mark.parametrize(
    "reply",
    [
        forever,
        RuntimeError("down"),
        None,
        Hold("pay_2", 100, "ALL", NEVER),
        Hold("pay_1", 99, "ALL", NEVER),
        Hold("pay_1", 100, "EUR", NEVER),
        Hold("pay_1", 100, "ALL", datetime.fromisoformat("2026-11-22")),
    ],
)
async def test_a_bank_that_says_something_else_is_silent(reply: Any) -> None:
    with pytest.raises(BankSilent):
        await bank(hold_funds=reply).hold_funds(ORDER)


async def test_a_capture_of_another_amount_is_no_capture() -> None:
    with pytest.raises(BankSilent):
        await bank(capture_funds=Captured("pay_1", 99)).capture_funds(ORDER)


@pytest.mark.parametrize("reply", [Hold("pay_1", 100, "ALL", NEVER), Captured("pay_1", 100), {"order_id": "pay_1"}])
async def test_what_has_the_shape_of_a_release_is_none(reply: Any) -> None:
    with pytest.raises(BankSilent):
        await bank(release_funds=reply).release_funds(ORDER)
