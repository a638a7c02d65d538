"""What `faturat payments` prints."""

import sys
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from faturat import Faturat, Payment, format_amount
from faturat.operators.cases import Case
from faturat.operators.service import Shown
from faturat.verify import Fault, check_payment
from faturat_server.wording import span

WIDE = 220
"""Columns where nobody watches: no id is cut in two then."""


def faults_of(faturat: Faturat, shown: Shown) -> list[Fault]:
    """Where a payment's row and its history do not hold together."""
    return check_payment(shown.payment, shown.events, faturat.clock.now())


def line(faturat: Faturat, payment: Payment) -> dict[str, Any]:
    """One payment of the list, for programs; the amount in minor units."""
    level = faturat.operators.level(payment)
    return {
        "id": payment.id,
        "biller": payment.order.biller,
        "amount": payment.order.amount,
        "currency": payment.order.currency,
        "state": payment.state,
        "state_since": payment.state_since,
        "version": payment.version,
        "asked": payment.asked,
        "next_question": None if level is None else level.next_question,
        "person_at": None if level is None else level.person_at,
    }


def print_list(faturat: Faturat, payments: Sequence[Payment]) -> None:
    if not payments:
        click.echo("No payment has been in these states for so long.")
        return
    now = faturat.clock.now()
    table = _table("payment", "company", "amount", "state", "age", "asked", "next question", "person called")
    for payment in payments:
        level = faturat.operators.level(payment)
        table.add_row(
            payment.id,
            payment.order.biller,
            format_amount(payment.order.amount, payment.order.currency, "en"),
            payment.state.value,
            span(now - payment.state_since).en,
            str(payment.asked),
            "" if level is None else _when(level.next_question, now),
            "" if level is None else _when(level.person_at, now),
        )
    _print(table)
    counts = Counter(payment.state.value for payment in payments)
    click.echo(", ".join(f"{count} {state}" for state, count in sorted(counts.items())))
    click.echo("Look at one: faturat payments show PAYMENT")


def print_shown(faturat: Faturat, shown: Shown, faults: Sequence[Fault]) -> None:
    payment, order = shown.payment, shown.payment.order
    facts = {
        "payment": payment.id,
        "state": f"{payment.state}, since {moment(payment.state_since)}, version {payment.version}",
        "why": payment.reason,
        "company": order.biller,
        "amount": format_amount(order.amount, order.currency, "en"),
        "fee": format_amount(order.fee, order.currency, "en"),
        "customer": f"{order.customer}, account {order.account}",
        "contract": ", ".join(f"{name} {value}" for name, value in order.reference.values.items()),
        "invoice": f"{order.invoice_key}, part {order.part}",
        "begun": moment(order.created_at),
        "hold until": moment(payment.hold_expires_at),
        "receipt": "" if payment.receipt is None else payment.receipt.number,
        "file": "" if shown.carried_by is None else f"{shown.carried_by.name}, {_sent(shown.carried_by.sent_at)}",
    }
    if (level := shown.level) is not None:
        facts |= {
            "company called": f"{moment(level.since)}, {span(level.age).en} ago",
            "asked": f"{level.asked} times",
            "next question": moment(level.next_question),
            "person called": moment(level.person_at),
            "returnable": moment(shown.returnable_at),
        }
    for name, value in facts.items():
        if value:
            click.echo(f"{name:<15}{value}")
    _print_history(shown)
    for fault in faults:
        click.echo(str(fault))
    click.echo("The row and its history do not hold together." if faults else "The chain of its history is verified.")


def _print_history(shown: Shown) -> None:
    history = _table("version", "at", "from", "to", "why", "evidence (amounts in minor units)")
    for event in shown.events:
        history.add_row(str(event.version), moment(event.at), event.before, event.after, event.reason, event.evidence)
    _print(history)
    if shown.cases:
        print_cases(shown.cases)
    if shown.audit:
        deeds = _table("deed", "at", "operator", "did", "reason", "evidence")
        for entry in shown.audit:
            deeds.add_row(entry.id, moment(entry.at), entry.operator, entry.action, entry.reason, entry.evidence)
        _print(deeds)


def print_cases(cases: Sequence[Case]) -> None:
    if not cases:
        click.echo("No case is open.")
        return
    table = _table("case", "payment", "opened", "source", "it was", "said", "resolved")
    for case in cases:
        done = case.adjustment
        words = "" if done is None else f"{done.kind} {done.amount} {done.booking}".strip()
        table.add_row(case.id, case.payment, moment(case.opened_at), case.source, case.state, case.said, words)
    _print(table)


def standing(faturat: Faturat, payment: Payment) -> str:
    """How a payment stands, in one line."""
    words = f"{payment.id} is {payment.state}"
    level = faturat.operators.level(payment)
    if level is not None and level.next_question is not None:
        words += f"; asked {level.asked} times, next {moment(level.next_question)}"
    return words


def moment(at: datetime | None) -> str:
    """A moment by this system's clock."""
    return "" if at is None else f"{at.astimezone():%Y-%m-%d %H:%M:%S %z}"


def _sent(at: datetime | None) -> str:
    return "not sent yet" if at is None else f"sent {moment(at)}"


def _when(at: datetime | None, now: datetime) -> str:
    if at is None:
        return ""
    return f"in {span(at - now).en}" if at > now else f"{span(now - at).en} ago"


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, no_wrap=column in ("payment", "case", "deed", "amount"), overflow="fold")
    return table


def _print(table: Table) -> None:
    Console(width=None if sys.stdout.isatty() else WIDE, highlight=False, markup=False).print(table)
