"""The statements of a day in their folder: the newest counts, and only a whole one."""

from collections.abc import Awaitable, Callable
from datetime import date

import pytest
from albtelecom_kit import SAMPLES, HandClock

from faturat import BillerError, ExchangeFile, StatementEntry
from faturat_albtelecom import wire
from faturat_albtelecom.plugin import Albtelecom
from faturat_albtelecom.simulator import Simulator

DAY = date(2018, 8, 15)
SAMPLE = (SAMPLES / "BOOKED-20180815-001.csv").read_bytes()
NAMES = ["BOOKED-20180815-002.csv", "BOOKED-20180814-001.csv", "BOOKED-20180813-001.csv"]


def book(simulator: Simulator) -> None:
    """One payment of the bank, beside the one that the seed has from another channel."""
    simulator.books.book("pay_1", "000000001", 1, 1850_00)
    simulator.statements.publish()


async def listed(plugin: Albtelecom, day: date = DAY) -> list[tuple[str, int]]:
    file = await plugin.fetch_statement(day)
    return [(entry.order_id, entry.amount) for entry in (await plugin.read_statement(file, day)).entries]


async def refusal(plugin: Albtelecom, content: bytes, day: date = DAY) -> str:
    with pytest.raises(BillerError) as caught:
        await plugin.read_statement(ExchangeFile("any.csv", content), day)
    return caught.value.why


async def test_the_newest_of_a_day_counts(plugin: Albtelecom, simulator: Simulator) -> None:
    simulator.statements.publish()
    assert await listed(plugin) == []
    book(simulator)
    assert await listed(plugin) == [("pay_1", 1850_00)]
    assert (await plugin.fetch_statement(DAY)).name == NAMES[0]
    folder = simulator.outbox.parent / "statements"
    for number in ("9", "0011", "10x"):
        (folder / f"BOOKED-20180815-{number}.csv").write_bytes(b"?")
    (folder / "BOOKED-2018081-99.csv").write_bytes(b"?")
    assert (await plugin.fetch_statement(DAY)).name == "BOOKED-20180815-0011.csv"


async def test_statements_are_no_files_to_be_exchanged(plugin: Albtelecom, simulator: Simulator) -> None:
    book(simulator)
    collected = await plugin.collect_files(frozenset())
    assert [file.name for file in collected if file.name.startswith("BOOKED")] == []


async def test_a_day_without_a_file_has_no_statement(plugin: Albtelecom, simulator: Simulator) -> None:
    book(simulator)
    with pytest.raises(BillerError) as caught:
        await plugin.fetch_statement(date(2018, 8, 1))
    assert caught.value.why == "no_statement"


async def test_a_folder_that_is_not_there_is_an_error(
    open_plugin: Callable[..., Awaitable[Albtelecom]], simulator: Simulator
) -> None:
    plugin = await open_plugin(**simulator.address | {"statements": "elsewhere"})
    with pytest.raises(BillerError) as caught:
        await plugin.fetch_statement(DAY)
    assert caught.value.why == "no_such_folder"


@pytest.mark.parametrize(
    ("fault", "orders"),
    [
        ("missing_row", []),
        ("other_amount", [("pay_1", 1851_00)]),
        ("double_row", [("pay_1", 1850_00), ("pay_1", 1850_00)]),
        ("extra_row", [("pay_1", 1850_00), ("pay_nobodys", 999_00)]),
    ],
)
async def test_what_is_wrong_in_it_comes_through(
    plugin: Albtelecom, simulator: Simulator, fault: str, orders: list[tuple[str, int]]
) -> None:
    simulator.fault(fault)
    book(simulator)
    assert await listed(plugin) == orders
    simulator.statements.publish()
    assert await listed(plugin) == [("pay_1", 1850_00)], "and the next is right again"


@pytest.mark.parametrize("fault", ["cut_statement", "half_statement"])
async def test_a_part_of_it_is_refused(plugin: Albtelecom, simulator: Simulator, fault: str) -> None:
    simulator.fault(fault)
    book(simulator)
    assert await refusal(plugin, (await plugin.fetch_statement(DAY)).content) == "incomplete_statement"


async def test_the_sample_is_read(plugin: Albtelecom, clock: HandClock) -> None:
    first, second = (await plugin.read_statement(ExchangeFile("by-mail.csv", SAMPLE), DAY)).entries
    assert first == StatementEntry(
        order_id="pay_0194f0000001", receipt="R000000001", amount=1850_00, currency="ALL", settled_at=clock.now()
    )
    assert (second.order_id, second.amount) == ("pay_0194f0000002", 500_00)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda body: body.replace(b"D;2018-08-15\n", b"D;2018-08-16\n"), "other_day"),
        (lambda body: body.replace(b"D;2018-08-15\n", b""), "other_day"),
        (lambda body: b"", "incomplete_statement"),
        (lambda body: body.replace(b"H;BOOKED;1;", b"H;ACK;1;"), "incomplete_statement"),
        (lambda body: body.replace(b"2018-08-16T00", b"2018-08-16 T"), "incomplete_statement"),
        (lambda body: body.replace(b"1850.00", b"1850.0"), "bad_amount"),
        (lambda body: body.replace(b"T10:30:00+02:00", b"T10:30:00"), "bad_time"),
        (lambda body: body.replace(b"pay_0194f0000001", b"pay 1"), "bad_identifier"),
        (lambda body: body.replace(b"B;pay_0194f0000001", b"C;pay_0194f0000001"), "misfit"),
        (lambda body: body + b"D;2018-08-15\n", "misfit"),
    ],
)
async def test_what_cannot_be_read_refuses_the_whole(
    plugin: Albtelecom, change: Callable[[bytes], bytes], why: str
) -> None:
    """Though the trailer says that nothing is missing."""
    body = SAMPLE[: SAMPLE.rindex(b"T;")]
    assert await refusal(plugin, wire.seal(change(body))) == why


async def test_every_part_of_it_is_refused(plugin: Albtelecom) -> None:
    for length in range(len(SAMPLE)):
        assert await refusal(plugin, SAMPLE[:length]) == "incomplete_statement"
