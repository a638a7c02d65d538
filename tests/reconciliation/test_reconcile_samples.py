"""The statements that stand as samples, as each plugin reads them; and that a damaged one is refused."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from faturat import BillerError, ExchangeFile, Statement
from faturat.billers import Biller
from faturat.gate.statements import check_statement
from faturat_digitalb.plugin import Digitalb
from faturat_gjobat.plugin import Gjobat
from faturat_oshee.plugin import Oshee
from faturat_ukt.plugin import Ukt

PLUGINS = Path(__file__).parents[2] / "plugins"
AUGUST, NOVEMBER = date(2018, 8, 15), date(2026, 11, 16)
HALF_PAST_TEN = datetime(2018, 8, 15, 8, 30, tzinfo=UTC)
SAMPLES = [
    (Oshee, "oshee/samples/list_payments_reply.xml", AUGUST, [1707_40, 19_80]),
    (Digitalb, "digitalb/samples/list_bookings_reply.xml", AUGUST, [1200_00]),
    (Ukt, "ukt/samples/statement.csv", AUGUST, [1862_40, 2182_80]),
    (Gjobat, "gjobat/samples/daily_payments.json", NOVEMBER, [2500_00]),
]


async def read(plugin: type[Any], content: bytes, day: date) -> Statement:
    """What the gate would let through; raises BillerError, or ValueError where the gate refuses."""
    statement = await plugin(SimpleNamespace()).read_statement(ExchangeFile("any", content), day)
    return check_statement(statement, Biller("any", "Any", (), None))


@pytest.mark.parametrize(("plugin", "path", "day", "amounts"), SAMPLES)
async def test_a_sample_is_read(plugin: type[Any], path: str, day: date, amounts: list[int]) -> None:
    statement = await read(plugin, (PLUGINS / path).read_bytes(), day)
    assert [entry.amount for entry in statement.entries] == amounts
    first = statement.entries[0]
    assert (first.order_id, first.receipt, first.currency) == ("pay_0194f0000001", "R000000001", "ALL")
    assert first.settled_at == HALF_PAST_TEN if day == AUGUST else first.settled_at.date() == day


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[: len(content) // 2],
        lambda content: content.replace(b"2018-08-15", b"2018-08-16").replace(b"2026-11-16", b"2026-11-17"),
        lambda content: content.replace(b"R000000001", b"R<1"),
        lambda content: content.replace(b"pay_0194f0000001", b""),
        lambda content: content.replace(b"T10:30:00", b"T25:30:00"),
        lambda content: content.replace(b"ALL", b"EUR"),
        lambda content: content.replace(b".40", b".41", 1).replace(b"00.00", b"00.01", 1),
        lambda content: content + content,
        lambda content: b"",
    ],
)
@pytest.mark.parametrize(("plugin", "path", "day", "_amounts"), SAMPLES)
async def test_a_damaged_one_is_refused(
    plugin: type[Any], path: str, day: date, _amounts: list[int], damage: Callable[[bytes], bytes]
) -> None:
    with pytest.raises((BillerError, ValueError)) as caught:
        await read(plugin, damage((PLUGINS / path).read_bytes()), day)
    assert isinstance(caught.value, BillerError) or "statement." in str(caught.value)


@pytest.mark.parametrize(("plugin", "path", "day", "_amounts"), SAMPLES)
async def test_no_part_of_it_is_taken_for_the_whole(
    plugin: type[Any], path: str, day: date, _amounts: list[int]
) -> None:
    content = (PLUGINS / path).read_bytes()
    whole = await read(plugin, content, day)
    for length in range(len(content)):
        try:
            part = await read(plugin, content[:length], day)
        except BillerError:
            continue
        assert part == whole, f"{length} of {len(content)} bytes"
