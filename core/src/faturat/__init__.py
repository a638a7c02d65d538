"""Faturat: bill payment that a bank embeds. See docs/embedding.md and docs/hooks.md."""

from faturat.autopay.types import Terms
from faturat.bank import (
    Account,
    Captured,
    CaptureReply,
    FundsState,
    FundsStatus,
    Hold,
    HoldReply,
    Refusal,
    Released,
)
from faturat.billers import (
    Biller,
    CallLimit,
    Capabilities,
    Category,
    LookAlike,
    Reference,
    ReferenceField,
    ReferenceKind,
    Subscriber,
)
from faturat.contracts.types import Contract
from faturat.engine import EngineSettings, Faturat, open_faturat
from faturat.errors import BillerError, FaturatError, NotAsked, UnknownReference
from faturat.exchange.types import ExchangeFile, ExchangeReply, OutgoingFile, RegisterEntry
from faturat.health.types import Health, HealthState
from faturat.hookspecs import InvoicesByReference, hookimpl
from faturat.invoices.types import (
    Invoice,
    InvoiceLine,
    InvoiceState,
    KnownInvoice,
    PayChoice,
    PayChoices,
    PayRange,
)
from faturat.money import format_amount, parse_decimal, to_decimal
from faturat.notices.types import Notice
from faturat.payments.types import (
    NotFound,
    NotSent,
    Order,
    Outcome,
    Payment,
    PaymentFilter,
    PaymentState,
    Pending,
    Receipt,
    Rejected,
    Rejection,
    Settled,
    StatusReply,
    Unknown,
)
from faturat.plugins.checks import PluginRefused
from faturat.plugins.context import PluginContext
from faturat.plugins.loading import PluginChoice, Plugins, load_plugins
from faturat.reconciliation.types import (
    Finding,
    FindingKind,
    Reconciliation,
    ReconciliationHead,
    Statement,
    StatementEntry,
)
from faturat.text import Language, Text
from faturat.verify import Report, verify
from faturat.work import work

__version__ = "0.1.0"

__all__ = [
    "Account",
    "Biller",
    "BillerError",
    "CallLimit",
    "Capabilities",
    "CaptureReply",
    "Captured",
    "Category",
    "Contract",
    "EngineSettings",
    "ExchangeFile",
    "ExchangeReply",
    "Faturat",
    "FaturatError",
    "Finding",
    "FindingKind",
    "FundsState",
    "FundsStatus",
    "Health",
    "HealthState",
    "Hold",
    "HoldReply",
    "Invoice",
    "InvoiceLine",
    "InvoiceState",
    "InvoicesByReference",
    "KnownInvoice",
    "Language",
    "LookAlike",
    "NotAsked",
    "NotFound",
    "NotSent",
    "Notice",
    "Order",
    "Outcome",
    "OutgoingFile",
    "PayChoice",
    "PayChoices",
    "PayRange",
    "Payment",
    "PaymentFilter",
    "PaymentState",
    "Pending",
    "PluginChoice",
    "PluginContext",
    "PluginRefused",
    "Plugins",
    "Receipt",
    "Reconciliation",
    "ReconciliationHead",
    "Reference",
    "ReferenceField",
    "ReferenceKind",
    "Refusal",
    "RegisterEntry",
    "Rejected",
    "Rejection",
    "Released",
    "Report",
    "Settled",
    "Statement",
    "StatementEntry",
    "StatusReply",
    "Subscriber",
    "Terms",
    "Text",
    "Unknown",
    "UnknownReference",
    "format_amount",
    "hookimpl",
    "load_plugins",
    "open_faturat",
    "parse_decimal",
    "to_decimal",
    "verify",
    "work",
]
