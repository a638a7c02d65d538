"""Between ALBTELECOM's files and Faturat's words: pure, and the only place where the company's codes mean something.

Every name, code, format and rule here is assumed unless MAPPINGS.md names its source. A record that does not fit is
left out and counted; a code for operators carries no words of a file but a result of plain capitals.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime
from hashlib import sha256

from msgspec import Struct

from faturat.billers import Reference
from faturat.errors import BillerError
from faturat.exchange.types import ExchangeFile, OutgoingFile, RegisterEntry
from faturat.invoices.types import Invoice, PayRange
from faturat.money import to_decimal
from faturat.payments.types import Order, Outcome, Receipt, Rejected, Rejection, Settled, Unknown
from faturat.plugins.reading import (
    bad_reply,
    code_outside_the_table,
    is_identifier,
    read_amount,
    read_date,
    read_identifier,
    read_moment,
)
from faturat.reconciliation.types import Statement, StatementEntry
from faturat_albtelecom import wire

CURRENCY = "ALL"
CONTRACT = "contract"
"""The id of the reference kind and of its one field."""
LEAST = 1_00
"""ASSUMED: the least that may be paid of an invoice on which as much is owed, in minor units."""
MAX_ORDERS = 5000
"""ASSUMED: how many payments one file may carry."""

OK = "OK"
REJECTED = "REJECTED"
REFUSALS = {
    "AMOUNT_CHANGED": Rejection.AMOUNT_CHANGED,
    "ALREADY_PAID": Rejection.ALREADY_PAID,
    "UNKNOWN_CONTRACT": Rejection.UNKNOWN_REFERENCE,
    "REFUSED": Rejection.NOT_ACCEPTED,
}
"""The status table of REJECTED. Any other code, and any other result but OK, is Unknown: it may have happened."""

CONTRACT_SIGNS = r"[0-9A-Za-z+.\/\-]+"
"""No format is published; `+` so that a telephone number is read, and warned of."""

_PART = re.compile(r"[1-9][0-9]{0,2}", re.ASCII)


class Inbox(Struct, frozen=True, kw_only=True):
    """What the files of an inbox say.

    `skipped` counts, by file, records and contracts that were left out; `contradicted` names orders of which two
    acknowledgements say different things.
    """

    register: tuple[RegisterEntry, ...]
    outcomes: dict[str, Outcome]
    incomplete: tuple[str, ...]
    skipped: dict[str, int]
    contradicted: tuple[str, ...]


def contract_of(reference: Reference) -> str:
    """The number by which the company knows a reference."""
    return reference.values[CONTRACT]


def can_be_written(order: Order) -> bool:
    """Whether a payment file can carry an order: the company's currency and its one kind of reference."""
    return (
        order.currency == CURRENCY
        and order.reference.kind == CONTRACT
        and re.fullmatch(CONTRACT_SIGNS, order.reference.values.get(CONTRACT, "")) is not None
        and all(map(is_identifier, (order.id, order.invoice_key)))
    )


def payment_files(orders: Iterable[Order]) -> tuple[OutgoingFile, ...]:
    """Each order in exactly one file, the oldest first, MAX_ORDERS a file; the same orders make the same files."""
    queue = sorted(orders, key=lambda order: (order.created_at, order.id))
    return tuple(_payment_file(queue[start : start + MAX_ORDERS]) for start in range(0, len(queue), MAX_ORDERS))


def read_inbox(files: Iterable[ExchangeFile]) -> Inbox:
    """Read files by the kind that their names say, and pass over other kinds. The oldest entries come first."""
    register: list[RegisterEntry] = []
    acknowledged: list[tuple[str, Outcome]] = []
    incomplete: list[str] = []
    skipped: dict[str, int] = {}
    for file in sorted(files, key=lambda file: file.name):
        bad = 0
        try:
            if file.name.startswith(f"{wire.OPEN}-"):
                entries, bad = read_register(file.content)
                register += entries
            elif file.name.startswith(f"{wire.ACK}-"):
                outcomes, bad = read_acknowledgements(file.content)
                acknowledged += outcomes
        except wire.Cut:
            incomplete.append(file.name)
        if bad:
            skipped[file.name] = bad
    outcomes_by_order, contradicted = _agreed(acknowledged)
    return Inbox(
        register=tuple(sorted(register, key=lambda entry: entry.as_of)),
        outcomes=outcomes_by_order,
        incomplete=tuple(incomplete),
        skipped=skipped,
        contradicted=contradicted,
    )


def read_register(content: bytes) -> tuple[list[RegisterEntry], int]:
    """The entries of a file of open invoices, and how many records and contracts were left out.

    A contract is left out whole where it is listed twice, or where not exactly as many of its invoices can be read as
    it announces: only a complete entry may withdraw an invoice. Raises wire.Cut.
    """
    header, records = wire.read(content, wire.OPEN)
    as_of = _made_at(header)
    contracts: list[wire.OpenContract] = []
    invoices: defaultdict[str, list[Invoice]] = defaultdict(list)
    misfits = 0
    for record in records:
        match record:
            case wire.OpenContract():
                contracts.append(record)
            case wire.OpenInvoice():
                try:
                    invoices[record.contract].append(_invoice(record))
                except BillerError:
                    misfits += 1
            case _:
                misfits += 1
    times = Counter(each.contract for each in contracts)
    entries = [
        RegisterEntry(
            reference=Reference(CONTRACT, {CONTRACT: each.contract}),
            subscriber=each.subscriber,
            as_of=as_of,
            invoices=tuple(invoices[each.contract]),
        )
        for each in contracts
        if times[each.contract] == 1 and each.invoices == str(len(invoices[each.contract]))
    ]
    return entries, misfits + len(contracts) - len(entries)


def read_acknowledgements(content: bytes) -> tuple[list[tuple[str, Outcome]], int]:
    """The outcomes of an acknowledgement with their order ids, and how many records were left out. Raises wire.Cut."""
    header, records = wire.read(content, wire.ACK)
    _made_at(header)
    outcomes: list[tuple[str, Outcome]] = []
    misfits = 0
    for record in records:
        try:
            if not isinstance(record, wire.Acknowledgement):
                raise bad_reply("misfit")
            outcomes.append((read_identifier(record.order_id), _outcome(record)))
        except BillerError:
            misfits += 1
    return outcomes, misfits


def statement_stem(day: date) -> str:
    """How the names of a day's statements begin; a number follows, the highest is the newest."""
    return f"{wire.BOOKED}-{day:%Y%m%d}"


def read_statement(content: bytes, day: date) -> Statement:
    """What the company booked on a day. Raises BillerError where it is another day's, or not known to be all.

    The trailer counts the records and sums them up; one that cannot be read refuses the whole.
    """
    try:
        header, records = wire.read(content, wire.BOOKED)
        _made_at(header)
        first, *booked = records
    except (wire.Cut, ValueError) as error:
        raise bad_reply("incomplete_statement") from error
    if first != wire.Day(day.isoformat()):
        raise bad_reply("other_day")
    return Statement(tuple(map(_entry, booked)))


def _entry(record: wire.Record | None) -> StatementEntry:
    if not isinstance(record, wire.Booked):
        raise bad_reply("misfit")
    return StatementEntry(
        order_id=read_identifier(record.order_id),
        receipt=read_identifier(record.receipt_number),
        amount=read_amount(record.amount),
        currency=record.currency,
        settled_at=_moment(record.settled_at),
    )


def _agreed(acknowledged: list[tuple[str, Outcome]]) -> tuple[dict[str, Outcome], tuple[str, ...]]:
    """One outcome per order, Unknown where two contradict each other; and the orders of which they do.

    An unknown code says nothing against a definite answer that came with it.
    """
    outcomes: dict[str, Outcome] = {}
    contradicted: dict[str, None] = {}
    for order_id, outcome in sorted(acknowledged, key=lambda each: isinstance(each[1], Unknown)):
        first = outcomes.setdefault(order_id, outcome)
        if first != outcome and not isinstance(outcome, Unknown):
            contradicted[order_id] = None
    unclear = dict.fromkeys(contradicted, Unknown("acknowledgements_contradict"))
    return outcomes | unclear, tuple(contradicted)


def _payment_file(orders: list[Order]) -> OutgoingFile:
    orders = sorted(orders, key=lambda order: order.id)
    ids = tuple(order.id for order in orders)
    newest = max(order.created_at for order in orders).astimezone(UTC)
    digest = sha256("\n".join(ids).encode()).hexdigest()[:12]
    return OutgoingFile(
        name=f"{wire.PAY}-{newest:%Y%m%d}-{digest}.csv",
        content=wire.build(wire.PAY, newest.isoformat(), map(_payment, orders)),
        orders=ids,
    )


def _payment(order: Order) -> wire.Payment:
    return wire.Payment(
        order_id=order.id,
        contract=contract_of(order.reference),
        invoice_number=order.invoice_key,
        part=str(order.part),
        amount=to_decimal(order.amount),
        currency=order.currency,
    )


def _invoice(record: wire.OpenInvoice) -> Invoice:
    """An open invoice, of which any amount may be paid up to all that is owed (akep.al: in part)."""
    number, total = read_identifier(record.invoice_number), read_amount(record.total)
    if record.currency != CURRENCY or not total or not _PART.fullmatch(record.part):
        raise bad_reply("misfit")
    return Invoice(
        invoice_key=number,
        number=number,
        issued_on=read_date(record.issued_on),
        due_on=read_date(record.due_on) if record.due_on else None,
        amount=read_amount(record.amount),
        penalty=read_amount(record.penalty),
        discount=read_amount(record.discount),
        total=total,
        currency=CURRENCY,
        payable=PayRange(min(LEAST, total), total),
        part=int(record.part),
    )


def _outcome(record: wire.Acknowledgement) -> Outcome:
    """The amount is the company's word: whether it is the order's is for the host to compare."""
    amount = read_amount(record.amount)
    if record.currency != CURRENCY:
        raise bad_reply("misfit")
    if record.result == OK:
        return Settled(Receipt(read_identifier(record.receipt_number), _moment(record.settled_at), amount))
    if record.result != REJECTED:
        return Unknown(code_outside_the_table("result", record.result))
    if record.code not in REFUSALS:
        return Unknown(code_outside_the_table("code", record.code))
    return Rejected(REFUSALS[record.code])


def _made_at(header: wire.Header) -> datetime:
    try:
        return _moment(header.made_at)
    except BillerError as error:
        raise wire.Cut from error


def _moment(text: str) -> datetime:
    """A time of this century: the gate refuses a whole exchange for a receipt of another."""
    moment = read_moment(text)
    if not 2000 <= moment.year < 2100:
        raise bad_reply("bad_time")
    return moment
