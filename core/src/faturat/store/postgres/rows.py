"""Rows and the types they keep. A row is a dict by column name; nested Structs are JSON text in it."""

from collections.abc import Mapping
from typing import Any

from msgspec import convert, json
from msgspec.structs import asdict

from faturat.audit import AuditEntry
from faturat.autopay.types import Autopay
from faturat.contracts.types import Contract
from faturat.exchange.types import RegisterEntry
from faturat.invoices.types import KnownInvoice
from faturat.notices.types import Delivery, Notice
from faturat.operators.cases import Case
from faturat.payments.types import Payment, PaymentEvent

Row = Mapping[str, Any]


def contract_row(contract: Contract) -> Row:
    return asdict(contract) | {"reference": _json(contract.reference), "reference_key": contract.reference.key}


def contract_from(row: Row) -> Contract:
    return convert({**row, "reference": json.decode(row["reference"])}, Contract)


def invoice_row(known: KnownInvoice) -> Row:
    return asdict(known) | {
        "reference": _json(known.reference),
        "invoice": _json(known.invoice),
        "invoice_key": known.invoice.invoice_key,
        "part": known.invoice.part,
    }


def invoice_from(row: Row) -> KnownInvoice:
    nested = {"reference": json.decode(row["reference"]), "invoice": json.decode(row["invoice"])}
    return convert({**row, **nested}, KnownInvoice)


def payment_row(payment: Payment) -> Row:
    nested = {
        "reference": _json(payment.order.reference),
        "receipt": None if payment.receipt is None else _json(payment.receipt),
        "settled_at": None if payment.receipt is None else payment.receipt.settled_at,
    }
    return asdict(payment.order) | asdict(payment) | nested


def payment_from(row: Row) -> Payment:
    order = {**row, "reference": json.decode(row["reference"])}
    receipt = None if row["receipt"] is None else json.decode(row["receipt"])
    return convert({**row, "order": order, "receipt": receipt}, Payment)


def event_from(row: Row) -> PaymentEvent:
    return convert({**row}, PaymentEvent)


def notice_row(notice: Notice) -> Row:
    return asdict(notice) | {"facts": _json(notice.facts)}


def notice_from(row: Row) -> Notice:
    return convert({**row, "facts": json.decode(row["facts"])}, Notice)


def delivery_from(row: Row) -> Delivery:
    return convert({**row}, Delivery)


def register_row(biller: str, entry: RegisterEntry) -> Row:
    nested = {"reference": _json(entry.reference), "invoices": _json(entry.invoices)}
    return asdict(entry) | nested | {"biller": biller, "reference_key": entry.reference.key}


def register_from(row: Row) -> RegisterEntry:
    nested = {"reference": json.decode(row["reference"]), "invoices": json.decode(row["invoices"])}
    return convert({**row, **nested}, RegisterEntry)


def case_row(case: Case) -> Row:
    adjustment = None if case.adjustment is None else _json(case.adjustment)
    return asdict(case) | {"adjustment": adjustment, "said_hash": case.said_hash}


def case_from(row: Row) -> Case:
    adjustment = None if row["adjustment"] is None else json.decode(row["adjustment"])
    return convert({**row, "adjustment": adjustment}, Case)


def audit_from(row: Row) -> AuditEntry:
    return convert({**row}, AuditEntry)


def autopay_row(autopay: Autopay) -> Row:
    return asdict(autopay.terms) | asdict(autopay) | {"seen": _json(autopay.seen)}


def autopay_from(row: Row) -> Autopay:
    return convert({**row, "terms": {**row}, "seen": json.decode(row["seen"])}, Autopay)


def _json(value: object) -> str:
    return json.encode(value).decode()
