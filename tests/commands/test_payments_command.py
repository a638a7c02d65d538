"""`faturat payments` as an operator types it: from a list to a decision and a case, on a real database."""

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes.forked import faturat

from faturat import Faturat, Payment, PaymentState, PluginChoice, verify
from faturat.audit import AuditAction
from faturat.host import open_host
from faturat.settings import write_settings
from faturat_oshee.simulator import Simulator
from faturat_server.bank.seed import seed_demo
from faturat_server.commands.migrate import run_migrations
from faturat_server.schema import APPS, TABLES
from faturat_server.settings import ServerSettings

FATURAT = Path(sys.executable).parent / "faturat"
PATIENCE = 60
CODE = "TR0.A0000000000000"
AMOUNT = 1_707_40
WHY = ("--reason", "u pa te lista", "--evidence", "lista e datës 22.11.2026")


@dataclass(frozen=True)
class Ago:
    """The clock of what was paid before the command runs."""

    time: timedelta

    def now(self) -> datetime:
        return datetime.now(UTC) - self.time


@dataclass
class Office:
    """A payment whose company booked it and answered 500, and the command on its database."""

    faturat: Faturat
    company: Simulator
    payment: Payment
    config: Path

    async def run(self, *arguments: str, answer: str = "") -> tuple[int, str]:
        """One command: its exit code, and what it said."""
        said = await faturat("payments", *arguments, "--config", self.config, answer=answer)
        assert "Traceback" not in said.err, said.err
        return said.code, said.all

    async def decide(self, *arguments: str, answer: str = "") -> tuple[int, str]:
        return await self.run("decide", self.payment.id, *arguments, *WHY, "--operator", "op", answer=answer)

    async def state(self) -> PaymentState:
        return (await self.faturat.payments.get("demo", self.payment.id)).state

    async def savings(self) -> int:
        return (await self.faturat.accounts("demo"))[1].available


@pytest.fixture
async def office(database_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    """Of a payment so old that nobody may be calling the company any more when the command decides."""
    async with open_office(database_url, tmp_path, Ago(timedelta(hours=1))) as opened:
        yield opened


@pytest.fixture
async def old_office(database_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    """Of a payment so old that its order cannot reach the company any more."""
    async with open_office(database_url, tmp_path, Ago(timedelta(days=2))) as opened:
        yield opened


@asynccontextmanager
async def open_office(database_url: str, tmp_path: Path, clock: Ago) -> AsyncIterator[Office]:
    await run_migrations(database_url)
    company = Simulator(tmp_path / "oshee")
    company.demo_seed()
    plugins = {"billers": {"oshee": await company.start()}, "bank": {"reference": {"database_url": database_url}}}
    config = tmp_path / "faturat.toml"
    write_settings(config, {"database_url": database_url, "plugins": plugins})
    settings = ServerSettings(database_url=database_url, plugins=PluginChoice(**plugins))
    async with open_host(settings, TABLES, APPS, clock) as host:
        await seed_demo()
        found = await host.faturat.invoices.look_up("demo", "oshee", None, {"customer_code": CODE})
        company.fault("error_500_after_debit")
        payment = await host.faturat.payments.pay("demo", found.quotes[0].id, "demo-2", AMOUNT, "key")
        assert payment.state is PaymentState.UNKNOWN
        yield Office(host.faturat, company, payment, config)
    await company.stop()


async def test_from_the_list_to_a_decision_and_a_case(office: Office) -> None:
    payment = office.payment.id
    code, said = await office.run("list", "--older-than", "30m")
    assert (code, payment in said, "1,707.40 ALL" in said, "1 unknown" in said) == (0, True, True, True), said
    code, said = await office.run("list", "--state", "pending", "--format", "json")
    assert (code, json.loads(said)) == (0, [])
    code, said = await office.run("show", payment)
    assert (code, "error_500" in said or "http_500" in said) == (0, True), said
    assert "The chain of its history is verified." in said
    code, said = await office.decide("--settled", "R-77", answer="n\n")
    assert (code, await office.state()) == (1, PaymentState.UNKNOWN)
    assert "1,707.40 ALL are taken from account demo-2 of customer demo; OSHEE gets 1,707.40 ALL." in said
    code, said = await office.decide("--settled", "R-77", answer="y\n")
    assert (code, await office.state()) == (0, PaymentState.PAID), said
    assert f"{payment} is paid" in said
    assert await office.savings() == 250_000_00 - AMOUNT

    code, said = await office.run("open-case", payment, "--said", "u kthye, letra 14", "--operator", "op")
    case = re.search(r"cas_\w+", said)
    assert (code, case is not None) == (0, True)
    assert case is not None
    close = ("close-case", case[0], "--reason", "letra", "--operator", "op")
    code, said = await office.run(*close, "--refund", "1707.40", "--booking", "GL-77")
    assert (code, "is closed" in said) == (0, True), said
    code, said = await office.run("cases")
    assert (code, "No case is open." in said) == (0, True)
    code, said = await office.run("cases", "--all")
    assert (code, "refund 170740 GL-77" in said) == (0, True), said
    code, said = await office.run("show", payment, "--format", "json")
    shown = json.loads(said)
    assert (code, shown["faults"], shown["shown"]["payment"]["state"]) == (0, [], "paid")
    deeds = [(deed.operator, deed.action) for deed in reversed(await office.faturat.operators.audit())]
    assert deeds == [
        ("cli:op", AuditAction.SETTLED),
        ("cli:op", AuditAction.CASE_OPENED),
        ("cli:op", AuditAction.CASE_CLOSED),
    ]
    assert [deed["operator"] for deed in shown["shown"]["audit"]] == ["cli:op"] * 3
    assert (await verify(office.faturat)).faults == ()


async def test_the_question_is_put_again(office: Office) -> None:
    ask = ("ask", office.payment.id, "--operator", "op")
    office.company.fault("error_500")
    code, said = await office.run(*ask)
    assert (code, "is unknown; asked 1 times, next" in said) == (0, True), said
    code, said = await office.decide("--returned", "--yes")
    assert (code, "may be being asked at this very moment" in said) == (1, True), said
    code, said = await office.run(*ask)
    assert (code, await office.state()) == (0, PaymentState.PAID), said
    code, said = await office.run(*ask)
    assert (code, "`faturat payments open-case` opens one." in said) == (1, True), said
    deeds = [(deed.operator, deed.action) for deed in await office.faturat.operators.audit()]
    assert deeds == [("cli:op", AuditAction.ASKED)] * 2
    assert (await verify(office.faturat)).faults == ()


async def test_the_money_goes_back(old_office: Office) -> None:
    code, said = await old_office.decide("--returned", "--yes")
    assert (code, await old_office.state()) == (0, PaymentState.FAILED), said
    assert "1,707.40 ALL go back in full to account demo-2 of customer demo. OSHEE gets nothing." in said
    assert await old_office.savings() == 250_000_00
    assert [deed.action for deed in await old_office.faturat.operators.audit()] == [AuditAction.RETURNED]


async def test_no_money_goes_back_while_the_order_may_arrive(office: Office) -> None:
    code, said = await office.decide("--returned", "--yes")
    assert (code, await office.state()) == (1, PaymentState.UNKNOWN)
    assert "may still arrive. Return the money in 23 hours, or give the receipt's number" in said
    code, said = await office.run("show", office.payment.id)
    assert (code, "returnable     " in said) == (0, True), said


async def test_a_payment_that_moves_while_the_operator_reads_is_not_decided(old_office: Office) -> None:
    """The command waits for its answer; meanwhile the company is asked, and says that it has the money."""
    process = await asyncio.create_subprocess_exec(
        *(FATURAT, "payments", "decide", old_office.payment.id, "--returned", *WHY, "--config", old_office.config),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdout is not None
    said = b""
    while b"Decide so?" not in said:
        more = await asyncio.wait_for(process.stdout.read(1000), PATIENCE)
        assert more, said.decode()
        said += more
    assert (await old_office.faturat.operators.ask("other", old_office.payment.id)).state is PaymentState.PAID
    rest, _ = await asyncio.wait_for(process.communicate(b"y\n"), PATIENCE)
    assert (process.returncode, "The payment has moved meanwhile" in rest.decode()) == (1, True)
    assert await old_office.state() is PaymentState.PAID
    assert [deed.operator for deed in await old_office.faturat.operators.audit()] == ["other"]


REFUSED = [
    (("show", "pay_0"), 1, "There is no such payment. `faturat payments list` shows"),
    (("ask", "pay_0"), 1, "There is no such payment."),
    (("list", "--older-than", "yesterday"), 2, "30m, 2h or 3d"),
    (("list", "--state", "lost"), 2, "lost"),
    (("decide", "PAYMENT", "--reason", "a", "--evidence", "b"), 2, "--settled RECEIPT, or --returned"),
    (("decide", "PAYMENT", "--settled", "R", "--returned", "--reason", "a", "--evidence", "b"), 2, "or --returned"),
    (("decide", "PAYMENT", "--returned", "--reason", " ", "--evidence", "b"), 1, "Write why you decide so."),
    (("decide", "PAYMENT", "--settled", "", "--reason", "a", "--evidence", "b"), 1, "Receipt number"),
    (("decide", "PAYMENT", "--returned", "--reason", "a", "--evidence", "b", "--operator", "a b"), 2, "1 to 60"),
    (("open-case", "PAYMENT", "--said", "it bounced"), 1, "`faturat payments decide` decides it."),
    (("close-case", "cas_0", "--none", "--reason", "a"), 1, "`faturat payments cases --all`"),
    (("close-case", "cas_0", "--none", "--refund", "1.00", "--reason", "a"), 2, "one of --none"),
    (("close-case", "cas_0", "--refund", "1,00", "--booking", "1", "--reason", "a"), 2, "cannot be read"),
]
"""What is typed, the exit code, and what is said."""


async def test_what_is_refused_says_what_to_do(office: Office) -> None:
    for arguments, code, says in REFUSED:
        got, said = await office.run(*(office.payment.id if each == "PAYMENT" else each for each in arguments))
        assert got == code, said
        assert says in " ".join(said.split()), said
    assert await office.state() is PaymentState.UNKNOWN
    assert await office.faturat.operators.audit() == []
