"""`faturat reconcile` as an operator runs it: its results, its exit codes, and what it says where it fails."""

import csv
import io
import json
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from fakes.forked import faturat
from reconciling_kit import Bank, day_of

from faturat import Finding, FindingKind, Payment, Reconciliation
from faturat.reconciliation.types import Totals
from faturat.testing.cases import Case
from faturat_server.reconciliations import COLUMNS, as_csv, as_json

FATURAT = Path(sys.executable).parent / "faturat"


async def run(*arguments: object, **environment: str) -> tuple[int, str, str]:
    """The command: its exit code, and what it wrote to standard output and to standard error."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FATURAT_")}
    said = await faturat("reconcile", *arguments, environment=kept | {"COLUMNS": "200"} | environment)
    return said.code, said.out, said.err


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture
async def payment(bank: Bank) -> Payment:
    return await bank.pay("oshee")


async def test_all_matched_is_0_and_a_difference_is_1(bank: Bank, payment: Payment, tmp_path: Path) -> None:
    day, config = day_of(payment), ("--config", bank.file)
    code, out, _ = await run("oshee", day, *config)
    assert code == 0
    assert f"oshee, {day:%d.%m.%Y}: 1 matched, 0 differences; 1,000.00 ALL here, 1,000.00 ALL there" in out
    (kept,) = await bank.faturat.reconciliation.of("oshee")
    assert kept.id in out

    bank.companies["oshee"].fault("other_amount")
    code, out, _ = await run("oshee", f"{day:%d.%m.%Y}", "--format", "csv", *config)
    assert code == 1
    (row,) = rows(out)
    assert row["kind"] == "different_amount"
    assert (row["order_id"], row["state"]) == (payment.id, "paid")
    assert (row["amount_here"], row["amount_there"], row["currency"]) == ("1000.00", "1001.00", "ALL")
    assert "receipt" in row["next"]

    bank.companies["oshee"].fault("extra_row")
    code, out, _ = await run("oshee", day, "--format", "json", *config)
    assert code == 1
    document = json.loads(out)
    assert document["totals"] == {
        "matched": 1,
        "missing_there": 0,
        "missing_here": 1,
        "different_amount": 0,
        "duplicate_there": 0,
        "amount_here": "1000.00",
        "amount_there": "1999.00",
    }
    missing, matched = document["findings"]
    assert (missing["kind"], missing["order_id"], missing["state"]) == ("missing_here", "pay_nobodys", None)
    assert (matched["kind"], matched["next"]) == ("matched", None)
    whole = await bank.faturat.reconciliation.get(document["id"])
    assert document["sha256"] == whole.sha256

    file = tmp_path / ".by mail (1).xml"
    file.write_bytes(whole.content)
    code, out, _ = await run("oshee", day, file, *config)
    assert code == 1
    assert "pay_nobodys" in out
    assert "not ours" in out
    assert "with the statement by_mail__1_.xml" in out


async def test_what_cannot_be_compared_is_2_and_names_the_mend(bank: Bank, payment: Payment, tmp_path: Path) -> None:
    day, config = day_of(payment), ("--config", bank.file)
    garbage = tmp_path / "garbage.xml"
    garbage.write_bytes(bytes(range(256)))
    tomorrow = day + timedelta(days=2)
    for arguments, words in (
        (("nobody", day), "there is no company 'nobody' in the settings. They have: oshee."),
        (("oshee", "31.02.2026"), "Write it as 2026-11-23 or 23.11.2026."),
        (("oshee", tomorrow), "Choose one that is over."),
        (("oshee", day, garbage), "Get another, whole and of that day."),
        (("oshee", day, tmp_path / "none.xml"), "Name the statement that the company sent."),
    ):
        code, out, told = await run(*arguments, *config)
        assert (code, out) == (2, ""), told
        assert words in told.replace("\n", " ")
        assert "Traceback" not in told
    bank.companies["oshee"].fault("cut_statement")
    code, out, told = await run("oshee", day, *config)
    assert (code, out, "incomplete_statement" in told) == (2, "", True), told
    await bank.companies["oshee"].stop()
    code, _, told = await run("oshee", day, *config)
    assert code == 2
    assert "OSHEE did not hand out its statement" in told
    assert "(no_connection). Try again later, or name the FILE that it sent you." in told
    assert await bank.faturat.reconciliation.of("oshee") == [], "nothing is kept"


async def test_without_a_database_it_is_2(tmp_path: Path) -> None:
    (tmp_path / "faturat.toml").write_text("[plugins.bank.memory]\n")
    code, _, told = await run("oshee", "2026-11-23", "--config", tmp_path / "faturat.toml")
    assert (code, "FATURAT_DATABASE_URL" in told) == (2, True), told
    code, _, told = await run("oshee", "2026-11-23", "--data", tmp_path / "nothing")
    assert (code, "holds no demo" in told) == (2, True), told


async def test_what_nobody_foresaw_is_2_too(bank: Bank, tmp_path: Path) -> None:
    """A difference alone ends with 1: here the table is gone."""
    url = bank.faturat.store._database.engine.config["dsn"]
    connection = await asyncpg.connect(url)
    await connection.execute("DROP TABLE reconciliation")
    await connection.close()
    code, out, told = await run("oshee", "2026-11-23", "--config", bank.file)
    assert (code, out, "UndefinedTableError" in told, "Traceback" in told) == (2, "", True, False), told


async def test_several_invoices_of_a_day(bank: Bank) -> None:
    payments = [await bank.pay("oshee", Case.MANY, which) for which in range(3)]
    bank.companies["oshee"].fault("missing_row")
    code, out, _ = await run("oshee", day_of(payments[0]), "--format", "csv", "--config", bank.file)
    assert code == 1
    assert [row["kind"] for row in rows(out)] == ["missing_there", "matched", "matched"]
    assert {row["order_id"] for row in rows(out)} == {payment.id for payment in payments}


def reconciliation(**changes: Any) -> Reconciliation:
    noon = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    finding = Finding(kind=FindingKind.MISSING_HERE, order_id="pay_1", amount_there=100, settled_there=noon, **changes)
    return Reconciliation(
        id="rec_1",
        biller="fake",
        day=noon.date(),
        made_at=noon,
        currency="ALL",
        file="list.csv",
        sha256="",
        totals=Totals(missing_here=1, amount_there=100),
        content=b"",
        findings=(finding,),
    )


@pytest.mark.parametrize(
    "hostile", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", " =1", "＝1", '=cmd|" /C calc"!A1', "'=1"]
)
def test_what_the_company_wrote_is_no_formula(hostile: str) -> None:
    (row,) = rows(as_csv(reconciliation(receipt_there=hostile)))
    assert row["receipt_there"] == (hostile if hostile.startswith("'") else f"'{hostile}")
    assert json.loads(as_json(reconciliation(receipt_there=hostile)))["findings"][0]["receipt_there"] == hostile


def test_a_line_has_every_column_however_odd_its_texts() -> None:
    text = as_csv(reconciliation(receipt_there='a,"b"; ë'))
    (row,) = rows(text)
    assert list(row) == ["day", "biller", *COLUMNS]
    assert row["receipt_there"] == 'a,"b"; ë'
    assert text.count("\r\n") == 2
