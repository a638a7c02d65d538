"""Bugs to plant, on either store: each must make the state machine fail."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from faturat import FaturatError, NotSent, Order, Payment, Released, Unknown
from faturat.contracts.types import Contract
from faturat.gate.bank import BankGate
from faturat.gate.biller import BillerGate
from faturat.invoices import answers, merge
from faturat.invoices.service import InvoiceService
from faturat.notices.types import Notice
from faturat.payments import rules
from faturat.payments.asking import Asking
from faturat.payments.service import PaymentService
from faturat.payments.types import Plan
from faturat.store.memory import MemoryStore
from faturat.store.port import Reading
from faturat.store.postgres import PostgresStore


def notice_of_what_was_there_at_registration(patch: pytest.MonkeyPatch) -> None:
    right = answers.of_reading

    def of_reading(contract: Contract, *rest: Any) -> tuple[Notice, ...]:
        return right(replace(contract, checked_at=contract.created_at), *rest)

    patch.setattr(answers, "of_reading", of_reading)


def withdrawn_on_error(patch: pytest.MonkeyPatch) -> None:
    right = BillerGate.fetch_invoices

    async def fetch(self: BillerGate, *asked: Any, **how: Any) -> Any:
        found = await right(self, *asked, **how)
        return {each: () if isinstance(said, FaturatError) else said for each, said in found.items()}

    patch.setattr(BillerGate, "fetch_invoices", fetch)


def rename_undone_by_a_reading(patch: pytest.MonkeyPatch) -> None:
    for store in (MemoryStore, PostgresStore):
        patch.setattr(store, "commit_reading", _naming(store.commit_reading))


def _naming(right: Any) -> Any:
    async def commit_reading(self: Any, reading: Reading) -> bool:
        await self.rename_contract(reading.contract.id, reading.contract.name)
        done: bool = await right(self, reading)
        return done

    return commit_reading


def paid_invoice_open_again(patch: pytest.MonkeyPatch) -> None:
    async def occupied(*_: Any) -> dict[Any, Any]:
        return {}

    patch.setattr(answers.Answers, "occupied", occupied)


def balance_not_returned(patch: pytest.MonkeyPatch) -> None:
    async def release_funds(self: BankGate, order: Order) -> Released:
        return Released(order.id)

    patch.setattr(BankGate, "release_funds", release_funds)


def second_payment_accepted(patch: pytest.MonkeyPatch) -> None:
    async def check(*_: Any) -> None:
        return None

    patch.setattr(PaymentService, "check", check)


def key_forgotten(patch: pytest.MonkeyPatch) -> None:
    async def earlier(*_: Any) -> None:
        return None

    patch.setattr(PaymentService, "_earlier", earlier)


def returned_on_a_time_out(patch: pytest.MonkeyPatch) -> None:
    right = rules.paid_answered

    def paid_answered(payment: Payment, outcome: Any, now: Any, timing: Any) -> Plan:
        return right(payment, NotSent("timeout") if isinstance(outcome, Unknown) else outcome, now, timing)

    patch.setattr(rules, "paid_answered", paid_answered)


def later_readings_of_others_ignored(patch: pytest.MonkeyPatch) -> None:
    for store in (MemoryStore, PostgresStore):

        async def same_invoice(*_: Any) -> list[Any]:
            return []

        patch.setattr(store, "same_invoice", same_invoice)


def refused_and_still_shown_as_it_was(patch: pytest.MonkeyPatch) -> None:
    async def read_anew(*_: Any) -> None:
        return None

    patch.setattr(Asking, "read_anew", read_anew)


def told_of_each_absence(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(merge, "AWAY", timedelta())


def another_customers_invoice_paid(patch: pytest.MonkeyPatch) -> None:
    async def get(self: InvoiceService, customer: str, invoice_id: str) -> Any:
        return await self._store.invoice(invoice_id)

    patch.setattr(InvoiceService, "get", get)


BUGS: list[Callable[[pytest.MonkeyPatch], None]] = [
    notice_of_what_was_there_at_registration,
    withdrawn_on_error,
    rename_undone_by_a_reading,
    paid_invoice_open_again,
    balance_not_returned,
    second_payment_accepted,
    key_forgotten,
    returned_on_a_time_out,
    later_readings_of_others_ignored,
    refused_and_still_shown_as_it_was,
    told_of_each_absence,
    another_customers_invoice_paid,
]
