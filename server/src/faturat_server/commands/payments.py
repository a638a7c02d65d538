"""`faturat payments`: what operators see and do, at a terminal."""

import asyncio
import getpass
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec

from faturat import Faturat, FaturatError, Payment, PaymentState, parse_decimal
from faturat.operators.cases import Adjustment, AdjustmentKind, Case
from faturat.operators.service import TO_DECIDE, Decision
from faturat.operators.words import read_age
from faturat.payments.states import LIVE
from faturat_server.commands import payments_output as output
from faturat_server.commands.opening import config_option, open_server, server_settings
from faturat_server.logs import configure_logs
from faturat_server.wording import decision_effect

T = TypeVar("T")

NAME = re.compile(r"[\w.@\\-]{1,60}")
PAGE = 500
NEXT = {
    "unknown_payment": "`faturat payments list` shows those that wait.",
    "unknown_case": "`faturat payments cases --all` shows every case.",
    "payment_moved": "`faturat payments show` shows how it stands now.",
    "nothing_to_ask": "`faturat payments open-case` opens one.",
    "not_to_decide": "`faturat payments show` shows how it stands now.",
    "case_known": "`faturat payments show` shows the cases of a payment.",
    "case_closed": "`faturat payments cases --all` shows how.",
    "not_ended": "`faturat payments decide` decides it.",
    "not_decided": "`faturat payments decide` decides it.",
}
"""What to do after a refusal, where its own words do not say it."""


def _read_age(_: click.Context, __: click.Parameter, typed: str) -> timedelta:
    try:
        return read_age(typed)
    except FaturatError as error:
        raise click.BadParameter(error.message("en")) from error


def _read_amount(_: click.Context, __: click.Parameter, typed: str | None) -> int | None:
    try:
        return None if typed is None else parse_decimal(typed)
    except FaturatError as error:
        raise click.BadParameter(error.message("en")) from error


def _read_operator(_: click.Context, __: click.Parameter, typed: str | None) -> str:
    """The name under which a deed is recorded; no user of the pages has one with a colon."""
    try:
        name = typed if typed is not None else getpass.getuser()
    except (OSError, KeyError):
        raise click.BadParameter("this system does not say who you are; give your name by --operator") from None
    if not NAME.fullmatch(name):
        raise click.BadParameter("a name has 1 to 60 letters, digits, and . _ - @")
    return f"cli:{name}"


operator_option = click.option(
    "--operator", metavar="NAME", callback=_read_operator, help="Who does it, for the record; default your user name."
)
format_option = click.option("--format", "shape", type=click.Choice(["table", "json"]), default="table")


def _amount_option(kind: str, help_: str) -> Callable[[Any], Any]:
    return click.option(f"--{kind}", metavar="AMOUNT", callback=_read_amount, help=help_)


@click.group(epilog="Example: faturat payments list --state unknown --older-than 2h")
def payments() -> None:
    """Payments that await their company or a person: see them, ask again, decide, and resolve cases.

    Every deed is recorded with who did it. Exits with 1 where something is refused, 2 where the command is misused.
    """
    configure_logs(plain=True)


@payments.command("list", epilog="Example: faturat payments list --state unknown --state pending --older-than 2h")
@click.option("--state", "states", multiple=True, type=click.Choice([state.value for state in PaymentState]))
@click.option("--older-than", default="", callback=_read_age, metavar="AGE", help="As 30m, 2h or 3d, in that state.")
@click.option("--biller", metavar="ID", help="Of one company alone.")
@format_option
@config_option
def list_payments(
    states: tuple[str, ...], older_than: timedelta, biller: str | None, shape: str, config: Path | None
) -> None:
    """List payments, oldest first: those in which money is held or on its way, or those in other states."""
    chosen = tuple(PaymentState(state) for state in states) or tuple(sorted(LIVE))

    async def work(faturat: Faturat) -> None:
        found: list[Payment] = []
        while True:
            after = found[-1].id if found else ""
            page = await faturat.operators.payments(
                chosen, biller=biller, older_than=older_than, after=after, limit=PAGE
            )
            found += page
            if len(page) < PAGE:
                break
        if shape == "json":
            click.echo(msgspec.json.encode([output.line(faturat, payment) for payment in found]))
        else:
            output.print_list(faturat, found)

    _run(config, work)


@payments.command(epilog="Example: faturat payments show pay_019a...")
@click.argument("payment")
@format_option
@config_option
def show(payment: str, shape: str, config: Path | None) -> None:
    """Show everything about one payment: facts, service level, file, history with evidence, cases, deeds.

    Exits with 1 where its row and its history do not hold together.
    """

    async def work(faturat: Faturat) -> bool:
        shown = await faturat.operators.show(payment)
        faults = output.faults_of(faturat, shown)
        if shape == "json":
            click.echo(msgspec.json.encode({"shown": shown, "faults": faults}))
        else:
            output.print_shown(faturat, shown, faults)
        return not faults

    if not _run(config, work):
        raise click.exceptions.Exit(1)


@payments.command(epilog="Example: faturat payments ask pay_019a...")
@click.argument("payment")
@operator_option
@config_option
def ask(payment: str, operator: str, config: Path | None) -> None:
    """Put the open question again now: to the company, or to the bank that refused to capture."""

    async def work(faturat: Faturat) -> None:
        after = await faturat.operators.ask(operator, payment)
        click.echo(output.standing(faturat, after))
        if after.state in TO_DECIDE:
            click.echo(f"Where you know the answer: faturat payments decide {payment} --help")

    _run(config, work)


@payments.command(epilog="Example: faturat payments decide pay_019a... --settled R-77 --reason ... --evidence ...")
@click.argument("payment")
@click.option("--settled", metavar="RECEIPT", help="The company has the money, under this receipt number.")
@click.option("--returned", is_flag=True, help="The company does not have it: the money goes back to the customer.")
@click.option("--reason", required=True, help="Why you decide so.")
@click.option("--evidence", required=True, help="Where it can be seen: the document, its number and date.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@operator_option
@config_option
def decide(
    payment: str,
    settled: str | None,
    returned: bool,
    reason: str,
    evidence: str,
    yes: bool,
    operator: str,
    config: Path | None,
) -> None:
    """Decide a payment that is pending, unknown or under review.

    Shows what will happen to the money and asks; a payment that moves while you read is not decided.
    """
    if (settled is not None) is returned:
        raise click.UsageError("say where the money is: --settled RECEIPT, or --returned")

    async def work(faturat: Faturat) -> None:
        seen = (await faturat.operators.show(payment)).payment
        decision = Decision(version=seen.version, receipt=settled, reason=reason, evidence=evidence)
        seen, decision = await faturat.operators.check_decision(payment, decision)
        click.echo(output.standing(faturat, seen))
        if seen.receipt is not None and returned:
            click.echo(f"The company gave the receipt {seen.receipt.number}: return only what it has reversed.")
        click.echo(decision_effect(faturat, seen, decision).en)
        if not yes:
            click.confirm("This cannot be undone. Decide so?", abort=True)
        click.echo(output.standing(faturat, await faturat.operators.decide(operator, payment, decision)))

    _run(config, work)


@payments.command(epilog="Example: faturat payments cases --all")
@click.option("--all", "closed_too", is_flag=True, help="Those that are closed too.")
@config_option
def cases(closed_too: bool, config: Path | None) -> None:
    """List cases: contrary evidence about payments, newest first."""

    async def work(faturat: Faturat) -> None:
        found: list[Case] = []
        while True:
            before = found[-1].id if found else ""
            page = await faturat.operators.cases(open_only=not closed_too, before=before, limit=PAGE)
            found += page
            if len(page) < PAGE:
                break
        output.print_cases(found)

    _run(config, work)


@payments.command(epilog='Example: faturat payments open-case pay_019a... --said "bounced, letter 14 of 22.11.2026"')
@click.argument("payment")
@click.option("--said", required=True, help="What was learnt, and where it can be seen.")
@operator_option
@config_option
def open_case(payment: str, said: str, operator: str, config: Path | None) -> None:
    """Open a case about a payment that has ended, as for one that bounced."""

    async def work(faturat: Faturat) -> None:
        case = await faturat.operators.open_case(operator, payment, said)
        click.echo(f"{case.id} is open. When it is resolved: faturat payments close-case {case.id} --help")

    _run(config, work)


@payments.command(
    epilog="Example: faturat payments close-case cas_019a... --refund 1707.40 --booking GL-77 --reason agreed"
)
@click.argument("case")
@click.option("--none", "nothing", is_flag=True, help="The evidence changes nothing.")
@_amount_option("refund", "The customer got so much back.")
@_amount_option("collect", "The customer was asked for so much, for the company has it.")
@_amount_option("write-off", "The bank bears so much.")
@click.option("--booking", default="", metavar="NUMBER", help="The entry in the bank's own books.")
@click.option("--reason", required=True, help="Why it is resolved so.")
@operator_option
@config_option
def close_case(
    case: str,
    nothing: bool,
    refund: int | None,
    collect: int | None,
    write_off: int | None,
    booking: str,
    reason: str,
    operator: str,
    config: Path | None,
) -> None:
    """Close a case with what was done in the bank's own books; this command moves no money."""
    amounts = {
        AdjustmentKind.NONE: 0 if nothing else None,
        AdjustmentKind.REFUND: refund,
        AdjustmentKind.COLLECT: collect,
        AdjustmentKind.WRITE_OFF: write_off,
    }
    chosen = [(kind, amount) for kind, amount in amounts.items() if amount is not None]
    if len(chosen) != 1:
        raise click.UsageError("say how it is resolved: one of --none, --refund, --collect, --write-off")
    [(kind, amount)] = chosen

    async def work(faturat: Faturat) -> None:
        adjustment = Adjustment(kind=kind, amount=amount, booking=booking)
        closed = await faturat.operators.close_case(operator, case, adjustment, reason)
        click.echo(f"{closed.id} is closed; the payment {closed.payment} stays as it is")

    _run(config, work)


def _run(config: Path | None, work: Callable[[Faturat], Awaitable[T]]) -> T:
    """Do some work on the host of the settings; what is refused ends in words that say what to do next."""

    async def on_host() -> T:
        async with open_server(server_settings(config)) as host:
            return await work(host.faturat)

    try:
        return asyncio.run(on_host())
    except FaturatError as error:
        words = f"{error.message('en')} {NEXT.get(error.code, '')}".strip()
        raise click.ClickException(words) from error
