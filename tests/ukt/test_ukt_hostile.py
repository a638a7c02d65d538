"""Behind the core's gate, whatever the company says: an error or Unknown, never a wrong amount or a part of a list."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from ukt_kit import CURRENT, NOBODY, OVERDUE, HandClock, Scripted, gate_to, order, reference, sample, token

from faturat.errors import BillerError, FaturatError, UnknownReference
from faturat.payments.types import Settled, Unknown
from faturat.testing.books import IssuedInvoice
from faturat.testing.cases import Case
from faturat.testing.faults import SPOILT
from faturat_ukt.plugin import MAX_BULK, PARALLEL, Ukt
from faturat_ukt.simulator import Simulator

OpenPlugin = Callable[..., Awaitable[Ukt]]
SAYS_NOTHING_OF = {"not_a_number", "negative", "year_one", "wrong_currency"}
"""What cannot be spoilt where there is neither amount nor date."""


@pytest.mark.parametrize("fault", SPOILT)
async def test_a_spoilt_list_is_no_list(plugin: Ukt, simulator: Simulator, clock: HandClock, fault: str) -> None:
    gate = gate_to(plugin, clock)
    simulator.fault(fault)
    (answer,) = (await gate.fetch_invoices((reference(OVERDUE),))).values()
    assert isinstance(answer, FaturatError)
    assert answer.code == "biller_bad_reply"
    (answer,) = (await gate.fetch_invoices((reference(OVERDUE),))).values()
    assert len(answer) == 2


@pytest.mark.parametrize("fault", [fault for fault in SPOILT if fault not in SAYS_NOTHING_OF])
async def test_a_spoilt_subscriber_is_none(plugin: Ukt, simulator: Simulator, clock: HandClock, fault: str) -> None:
    simulator.fault(fault)
    with pytest.raises(FaturatError) as caught:
        await gate_to(plugin, clock).find_contract(reference(OVERDUE))
    assert caught.value.code == "biller_bad_reply"


@pytest.mark.parametrize("fault", [fault for fault in SPOILT if fault != "year_one"])
async def test_a_spoilt_receipt_is_unknown_and_once_more_settles(
    plugin: Ukt, simulator: Simulator, clock: HandClock, fault: str
) -> None:
    gate = gate_to(plugin, clock)
    call_by = clock.now() + timedelta(minutes=1)
    simulator.fault(fault)
    assert isinstance(await gate.pay_invoice(order(), call_by), Unknown)
    assert isinstance(await gate.pay_invoice(order(), call_by), Settled)
    assert len(simulator.books.bookings()) == 1


async def test_hostile_names_are_plain_text_or_refused(
    scripted: Scripted, open_plugin: OpenPlugin, clock: HandClock
) -> None:
    gate = gate_to(await open_plugin(**scripted.address), clock)
    scripted.tokens = [token()]
    for name, shown in (
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("Test\r\n\tTest", "Test Test"),
        ("Test\x00", None),
        ("Test\x1b[2J", None),
        ("\u202etseT", None),
        ("\u200b", None),
        ("", None),
        ("T" * 201, None),
        (["Test"], None),
    ):
        scripted.replies = [(200, {"contract": CURRENT, "subscriber": name})]
        try:
            assert (await gate.find_contract(reference(CURRENT))).name == shown
        except FaturatError as error:
            assert (error.code, shown) == ("biller_bad_reply", None)


async def test_not_found_by_somebody_else_is_no_answer(scripted: Scripted, open_plugin: OpenPlugin) -> None:
    """A proxy's 404 for a wrong `url` must not tell a customer that their contract is unknown."""
    plugin = await open_plugin(**scripted.address)
    scripted.tokens, scripted.replies = [token()], [(404, b"<h1>Not Found</h1>")]
    with pytest.raises(BillerError) as caught:
        await plugin.find_contract(reference(CURRENT))
    assert caught.value.why == "http_404"


async def test_a_list_without_end_is_not_followed(scripted: Scripted, open_plugin: OpenPlugin) -> None:
    plugin = await open_plugin(**scripted.address)
    page = {"contract": CURRENT, "page": 1, "pages": 10**9, "count": 1, "owed": "0.00", "items": []}
    scripted.tokens, scripted.replies = [token()], [(200, page)]
    answers = await plugin.fetch_invoices((reference(CURRENT),))
    assert answers[reference(CURRENT)].why == "too_many_invoices"
    assert len(scripted.asked) == 2


async def test_another_contracts_list_is_not_taken(scripted: Scripted, open_plugin: OpenPlugin) -> None:
    plugin = await open_plugin(**scripted.address)
    scripted.tokens, scripted.replies = [token()], [(200, sample("invoices_reply"))]
    answers = await plugin.fetch_invoices((reference(CURRENT),))
    assert answers[reference(CURRENT)].why == "other_contract"


class Moving(Simulator):
    """A company at which something happens after the first page of a list was read."""

    happens: Callable[["Moving"], object] | None = None

    def seal(self, response: web.Response) -> web.Response:
        happens, self.happens = self.happens, None
        if happens is not None:
            happens(self)
        return response


def issue(company: Simulator, age: int) -> None:
    """Another invoice of the contract with two hundred; the older, the earlier it stands in the list."""
    issued_on = company.clock.now().date() - timedelta(days=age)
    number = f"U-99{age:07d}"
    contract = company.case_reference(Case.TWO_HUNDRED).values["contract_number"]
    company.books.add_invoice(
        IssuedInvoice(key=number, contract=contract, number=number, issued_on=issued_on, amount=7_00)
    )


def pay_the_oldest(company: Simulator) -> None:
    contract = company.case_reference(Case.TWO_HUNDRED).values["contract_number"]
    oldest = company.books.open_invoices(contract)[0]
    company.books.book("another-channel-1", oldest.issued.key, 1, oldest.owed)


def pay_the_oldest_and_issue(company: Simulator) -> None:
    """Neither the pages nor their count change, and no invoice comes twice: one is lost, and the sum alone tells."""
    pay_the_oldest(company)
    issue(company, 0)


@pytest.mark.parametrize(
    "happens",
    [
        lambda company: issue(company, 0),  # at the end, on a page of its own
        lambda company: issue(company, 100_000),  # at the beginning: each page's last one slides to the next
        pay_the_oldest,
        pay_the_oldest_and_issue,
    ],
)
async def test_a_list_that_changes_while_it_is_read_is_never_a_part(
    tmp_path: Path, seeded: Path, clock: HandClock, open_plugin: OpenPlugin, happens: Callable[[Simulator], object]
) -> None:
    (tmp_path / "books.sqlite").write_bytes((seeded / "books.sqlite").read_bytes())
    company = Moving(tmp_path, clock)
    plugin = await open_plugin(**await company.start())
    company.happens = happens
    many = company.case_reference(Case.TWO_HUNDRED)
    answers = await plugin.fetch_invoices((many, reference(CURRENT)))
    assert isinstance(answers[many], BillerError)
    assert answers[many].why in ("list_changed", "http_404")
    assert len(answers[reference(CURRENT)]) == 1
    assert len((await plugin.fetch_invoices((many,)))[many]) >= 199
    await company.stop()


class Crowded(Simulator):
    """Counts how many requests it answers at the same time."""

    now = most = 0

    async def serve(self, *arguments: object, **more: object) -> web.Response:
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            return await super().serve(*arguments, **more)
        finally:
            self.now -= 1


async def test_many_contracts_are_read_a_few_at_a_time(
    tmp_path: Path, clock: HandClock, open_plugin: OpenPlugin
) -> None:
    company = Crowded(tmp_path, clock)
    plugin = await open_plugin(**await company.start())
    company.fault("slow", times=2 * MAX_BULK, seconds=0.01)
    first, second = (tuple(reference(f"{start + number}") for number in range(MAX_BULK)) for start in (100, 200))
    answers = await asyncio.gather(plugin.fetch_invoices(first), plugin.fetch_invoices(second))
    assert [len(each) for each in answers] == [MAX_BULK] * 2
    assert company.most == PARALLEL
    await company.stop()


async def test_one_contract_that_hangs_costs_no_other_its_answer(simulator: Simulator, open_plugin: OpenPlugin) -> None:
    plugin = await open_plugin(**simulator.address, fetch_timeout=1)
    slow, down = simulator.case_reference(Case.SLOW), simulator.case_reference(Case.DOWN)
    asked = (slow, reference(CURRENT), down, reference(NOBODY), reference(OVERDUE))
    started = time.monotonic()
    answers = await plugin.fetch_invoices(asked)
    assert time.monotonic() - started < 2.5
    assert (answers[slow].why, answers[down].why) == ("timeout", "http_503")
    assert isinstance(answers[reference(NOBODY)], UnknownReference)
    assert [len(answers[reference(number)]) for number in (CURRENT, OVERDUE)] == [1, 2]
