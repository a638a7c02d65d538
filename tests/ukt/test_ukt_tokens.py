"""The token: fetched once for all, renewed unseen, and a request sent once more after a 401 and after nothing else."""

import asyncio
from base64 import b64decode
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from ukt_kit import CURRENT, NOBODY, ORDER_ID, OVERDUE, HandClock, Scripted, order, reference, sample, token

from faturat.errors import BillerError, UnknownReference
from faturat.payments.types import Settled, Unknown
from faturat.testing.cases import Case
from faturat_ukt.client import HeldToken
from faturat_ukt.plugin import MAX_BULK, Ukt
from faturat_ukt.simulator import TOKEN_LIFE, Simulator

OpenPlugin = Callable[..., Awaitable[Ukt]]
CONTRACT = (200, sample("contract_reply"))
PAID = (201, sample("pay_reply"))
NO = (401, {"error": "invalid_token"})


async def find(plugin: Ukt) -> str:
    return (await plugin.find_contract(reference(CURRENT))).name


async def test_many_at_once_fetch_one_token(plugin: Ukt, simulator: Simulator) -> None:
    assert await asyncio.gather(*(find(plugin) for _ in range(10))) == ["Test Test"] * 10
    assert simulator.tokens_issued == 1
    simulator.expire_tokens()
    assert await asyncio.gather(*(find(plugin) for _ in range(10))) == ["Test Test"] * 10
    assert simulator.tokens_issued == 2


async def test_a_token_is_renewed_shortly_before_its_end(
    scripted: Scripted, open_plugin: OpenPlugin, clock: HandClock
) -> None:
    plugin = await open_plugin(**scripted.address)
    scripted.tokens = [token("T1", 3600), token("T2", 10), token("T3")]
    scripted.replies = [CONTRACT] * 5
    for seconds in (0, 3239, 1, 8, 1):
        clock.move(seconds)
        await find(plugin)
    sent = [each.headers["Authorization"] for each in scripted.asked if each.path != "/oauth/token"]
    assert sent == ["Bearer T1", "Bearer T1", "Bearer T2", "Bearer T2", "Bearer T3"]


async def test_a_token_that_ends_while_the_clock_stood_still_is_no_error(
    plugin: Ukt, simulator: Simulator, clock: HandClock
) -> None:
    """The company's clock is ahead of ours."""
    await find(plugin)
    simulator.clock = HandClock()
    simulator.clock.move(TOKEN_LIFE.total_seconds())
    assert await find(plugin) == "Test Test"
    assert simulator.tokens_issued == 2


@pytest.mark.parametrize("after", range(9))
async def test_expiry_in_the_middle_of_a_sweep_is_invisible(plugin: Ukt, simulator: Simulator, after: int) -> None:
    """Before, between the pages of a contract and between contracts: whenever the tokens go."""
    many = simulator.case_reference(Case.TWO_HUNDRED)
    asked = (reference(CURRENT), many, reference(OVERDUE), reference(NOBODY))
    simulator.expire_tokens(after)
    answers = await plugin.fetch_invoices(asked)
    assert [len(answers[each]) for each in asked[:3]] == [1, 200, 2]
    assert isinstance(answers[asked[3]], UnknownReference)
    assert simulator.tokens_issued == (2 if 0 < after < 7 else 1)


async def test_a_company_that_was_restarted_knows_no_token(
    plugin: Ukt, simulator: Simulator, tmp_path: Path, clock: HandClock
) -> None:
    await find(plugin)
    await simulator.stop()
    again = Simulator(tmp_path / "ukt", clock)
    await again.start(int(simulator.address["url"].rsplit(":", 1)[1]))
    assert await find(plugin) == "Test Test"
    assert again.tokens_issued == 1
    await again.stop()


async def test_a_payment_that_was_refused_for_its_token_is_sent_once_more(plugin: Ukt, simulator: Simulator) -> None:
    await find(plugin)
    simulator.expire_tokens()
    assert isinstance(await plugin.pay_invoice(order()), Settled)
    assert (simulator.tokens_issued, len(simulator.books.bookings())) == (2, 1)


async def test_it_is_the_same_payment_under_the_same_key(scripted: Scripted, open_plugin: OpenPlugin) -> None:
    plugin = await open_plugin(**scripted.address)
    scripted.tokens = [token("T1"), token("T2")]
    scripted.replies = [NO, PAID]
    assert isinstance(await plugin.pay_invoice(order()), Settled)
    assert scripted.paths() == ["/oauth/token", "/v1/payments", "/oauth/token", "/v1/payments"]
    first, second = scripted.asked[1], scripted.asked[3]
    assert first.body == second.body == sample("pay_request")
    assert [each.headers["Idempotency-Key"] for each in (first, second)] == [ORDER_ID] * 2
    assert [each.headers["Authorization"] for each in (first, second)] == ["Bearer T1", "Bearer T2"]
    assert (first.method, first.headers["Content-Type"]) == ("POST", "application/json")


async def test_refused_twice_is_unknown(scripted: Scripted, open_plugin: OpenPlugin) -> None:
    plugin = await open_plugin(**scripted.address)
    scripted.tokens = [token("T1"), token("T1")]  # a company may give out the same one until it ends
    scripted.replies = [NO, NO]
    assert await plugin.pay_invoice(order()) == Unknown("http_401")
    assert scripted.paths().count("/v1/payments") == 2


@pytest.mark.parametrize("status", [202, 204, 301, 307, 308, 400, 403, 404, 408, 409, 422, 425, 429, 500, 502, 503])
async def test_nothing_else_is_repeated(scripted: Scripted, open_plugin: OpenPlugin, status: int) -> None:
    plugin = await open_plugin(**scripted.address)
    scripted.tokens = [token()]
    scripted.replies = [(status, b"")]
    assert isinstance(await plugin.pay_invoice(order()), Unknown)
    assert scripted.paths() == ["/oauth/token", "/v1/payments"]


async def test_a_payment_for_which_no_token_is_to_be_had(scripted: Scripted, open_plugin: OpenPlugin) -> None:
    plugin = await open_plugin(**scripted.address)
    scripted.tokens = [(401, {"error": "invalid_client"}), token("T1"), (503, b""), token("T2")]
    assert await plugin.pay_invoice(order()) == Unknown("token_http_401")
    scripted.replies = [NO, PAID]
    assert await plugin.pay_invoice(order()) == Unknown("token_http_503")
    assert isinstance(await plugin.pay_invoice(order()), Settled), "with T2: T1 was refused"
    assert scripted.asked[-1].headers["Authorization"] == "Bearer T2"
    assert scripted.paths().count("/v1/payments") == 2


async def test_where_no_token_is_to_be_had_it_is_asked_for_once(scripted: Scripted, open_plugin: OpenPlugin) -> None:
    plugin = await open_plugin(**scripted.address)
    scripted.tokens = [(401, {"error": "invalid_client"})]
    with pytest.raises(BillerError) as caught:
        await plugin.fetch_invoices(tuple(reference(str(number)) for number in range(MAX_BULK)))
    assert (caught.value.why, scripted.paths()) == ("token_http_401", ["/oauth/token"])


@pytest.mark.parametrize(
    "answer",
    [
        (200, b""),
        (200, b"<html>"),
        (200, b"\xff"),
        (200, b"[" * 300_000),
        (200, sample("token_reply")[:30]),
        (200, sample("token_reply") + b" " * 11_000_000),
        (200, {"access_token": "T1", "token_type": "Bearer"}),
        (200, {"access_token": "T1\r\nX-Evil: 1", "token_type": "Bearer", "expires_in": 60}),
        (200, {"access_token": "T1", "token_type": "mac", "expires_in": 60}),
        (200, {"access_token": "T1", "token_type": "Bearer", "expires_in": 0}),
        (200, {"access_token": "T1", "token_type": "Bearer", "expires_in": 10**30}),
        (201, sample("token_reply")),
        (302, b""),
        (500, b""),
    ],
)
async def test_a_token_that_cannot_be_used_is_an_error_and_never_sent(
    scripted: Scripted, open_plugin: OpenPlugin, answer: tuple[int, object]
) -> None:
    plugin = await open_plugin(**scripted.address)
    scripted.tokens = [answer] * 3
    with pytest.raises(BillerError):
        await find(plugin)
    with pytest.raises(BillerError):
        await plugin.fetch_invoices((reference(CURRENT),))
    assert isinstance(await plugin.pay_invoice(order()), Unknown)
    assert scripted.paths() == ["/oauth/token"] * 3


async def test_how_the_bank_says_who_it_is(scripted: Scripted, open_plugin: OpenPlugin) -> None:
    """RFC 6749, section 2.3.1: what could be taken for the colon between them is encoded first."""
    plugin = await open_plugin(**(scripted.address | {"client_id": "the bank:1", "client_secret": "s/ë+ %"}))
    scripted.tokens, scripted.replies = [token()], [CONTRACT]
    await find(plugin)
    asked = scripted.asked[0]
    scheme, login = asked.headers["Authorization"].split()
    assert (scheme, b64decode(login)) == ("Basic", b"the+bank%3A1:s%2F%C3%AB%2B+%25")
    assert (asked.method, asked.path, asked.body) == ("POST", "/oauth/token", sample("token_request"))
    assert asked.headers["Content-Type"] == "application/x-www-form-urlencoded"


def test_a_token_is_not_shown() -> None:
    assert "T1" not in repr(HeldToken("T1", HandClock().now()))
