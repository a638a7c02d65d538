"""The database of the release before, brought to this version: nothing is lost, payments go on where they were."""

import asyncio
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from click.testing import CliRunner, Result
from fakes.clock import FakeClock
from fakes.file_biller import Content
from fakes.programs import run
from fakes.site import BOOKED, CUSTOMER, open_site

from faturat import Payment, PaymentState, verify
from faturat.checkpoints.signing import SigningKey, new_secret
from faturat.command import main
from faturat.payments.states import TERMINAL

RELEASES = sorted(Path(__file__).parent.glob("release-*.sql"))
S = PaymentState
ENDS = {
    "failed": S.FAILED,
    "declined": S.DECLINED,
    "reviewed": S.UNDER_REVIEW,
    "left-rejected": S.FAILED,
    "left-releasing": S.FAILED,
}
"""How payments end, by their idempotency key; all others are paid."""
RENAMED = {("notice", "invoice_version"): "version"}

Rows = dict[str, list[dict[str, Any]]]


def faturat(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.fixture(params=RELEASES, ids=lambda file: file.stem)
def released(
    request: pytest.FixtureRequest, empty_database_url: str, unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch
) -> str:
    """The URL of a release's database, and the settings that lead to it."""
    asyncio.run(run("psql", "--quiet", "--set=ON_ERROR_STOP=1", f"--file={request.param}", empty_database_url))
    monkeypatch.chdir(Path(__file__).parent)
    monkeypatch.setenv("FATURAT_DATABASE_URL", empty_database_url)
    monkeypatch.setenv("FATURAT_PLUGINS__BANK__REFERENCE__DATABASE_URL", empty_database_url)
    monkeypatch.setenv("FATURAT_WEB__PORT", str(unused_tcp_port))
    return empty_database_url


async def all_rows(url: str) -> Rows:
    """Every row of every table, but the record of migrations; in a fixed order."""
    connection = await asyncpg.connect(url)
    tables = await connection.fetch("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'")
    names = {table["name"] for table in tables} - {"migration"}
    rows = {name: [dict(row) for row in await connection.fetch(f"SELECT * FROM {name}")] for name in names}
    await connection.close()
    return {name: sorted(found, key=str) for name, found in rows.items()}


async def go_on(url: str) -> tuple[dict[str, Payment], dict[str, Payment], list[str]]:
    """Let the payments of a database end; they before and after by their key, and the orders sent to the company."""
    connection = await asyncpg.connect(url)
    keys = {row["payment"]: row["key"] for row in await connection.fetch("SELECT payment, key FROM idempotency")}
    last = await connection.fetchval("SELECT max(at) FROM payment_event")
    await connection.close()
    clock = FakeClock()
    clock.advance(last - clock.now())
    async with open_site(url, clock, SigningKey(new_secret())) as site:
        before = await site.know()
        assert (await verify(site.faturat)).faults == ()
        clock.advance(timedelta(minutes=1))
        while await site.faturat.run_due():
            pass
        await site.swap()
        pending = {row.id: site.files.settled(row.order) for row in before if row.state is S.PENDING}
        site.files.offer("outcomes-2", Content(outcomes=pending))
        await site.settle(days=2)
        report = await verify(site.faturat)
        assert report.faults == report.unchecked == ()
        assert report.checkpoints > 0
        after = [payment async for payment, _ in site.store.all_payments()]
        books = {row.id: row.available for row in await site.faturat.accounts(CUSTOMER)}
        taken = sum(row.order.to_hold for row in after if row.state is S.PAID)
        held = sum(row.order.to_hold for row in after if row.state is S.UNDER_REVIEW)
        assert books == {"demo-1": 18_13, "demo-2": 250_000_00 - taken - held}
        by_key = ({keys[row.id]: row for row in rows} for rows in (before, after))
        return *by_key, site.company.pay_calls


def test_nothing_is_lost_and_payments_go_on(released: str) -> None:
    before = asyncio.run(all_rows(released))
    migrated = faturat("migrate")
    assert migrated.exit_code == 0, migrated.output
    after = asyncio.run(all_rows(released))
    assert before.keys() <= after.keys()
    for table, rows in before.items():
        names = {name: RENAMED.get((table, name), name) for name in (rows[0] if rows else ())}
        old = [{was: row[name] for was, name in names.items()} for row in after[table]] if rows else after[table]
        assert sorted(old, key=str) == rows, table
    filled = {table for table, rows in before.items() if rows}
    assert filled >= {
        *("contract", "invoice", "payment", "payment_event", "idempotency", "notice", "delivery"),
        *("exchange_turn", "exchange_taken", "exchange_outgoing", "exchange_order", "exchange_register"),
        *("bank_account", "bank_hold", "bank_entry"),
    }

    began, ended, sent = asyncio.run(go_on(released))
    assert {row.state for row in began.values()} > {S.CREATED, S.HOLDING, S.HELD, S.SUBMITTING, S.UNKNOWN, S.PENDING}
    assert {key: row.state for key, row in ended.items()} == {key: ENDS.get(key, S.PAID) for key in began}
    assert all(row.state in TERMINAL or row.state is S.UNDER_REVIEW for row in ended.values())
    booked = {row.id for row in began.values() if row.state in BOOKED}
    assert len(sent) == len(set(sent)) == 3, "what was not sent is sent once"
    assert not booked & set(sent), "and what may have been sent is asked for"


@pytest.mark.parametrize("command", ["serve", "worker", "verify", "sweep", "checkpoint"])
def test_a_database_that_was_not_migrated_is_refused(released: str, command: str) -> None:
    before = asyncio.run(all_rows(released))
    refused = faturat(command)
    assert refused.exit_code == 1
    assert "run `faturat migrate`" in refused.output
    assert asyncio.run(all_rows(released)) == before


@pytest.mark.parametrize("command", ["serve", "worker", "verify", "migrate"])
def test_a_database_newer_than_the_code_is_refused(released: str, command: str) -> None:
    assert faturat("migrate").exit_code == 0
    newer = "INSERT INTO migration (app_name, name) VALUES ('faturat', '9999')"
    asyncio.run(run("psql", "--quiet", f"--command={newer}", released))
    refused = faturat(command)
    assert refused.exit_code == 1
    assert "newer than this version" in refused.output
    assert "9999" in refused.output
    assert "Install the version" in refused.output


def test_a_kept_release_is_small_and_names_nobody() -> None:
    assert RELEASES
    for file in RELEASES:
        text = file.read_text("utf-8")
        assert len(text) < 100_000
        assert not re.search(r"/(home|root|tmp|usr|var)/", text)
        assert set(re.findall(r'"subscriber":"(.*?)"', text)) <= {"Test Test"}
