"""Checks of what plugins reply when files are swapped. Each raises ValueError and names the fault, never a value."""

import re
from datetime import datetime, timedelta
from typing import Any

import msgspec
import structlog

from faturat.billers import Biller, Reference
from faturat.errors import FaturatError
from faturat.exchange.types import ExchangeFile, ExchangeReply, OutgoingFile, RegisterEntry
from faturat.gate.replies import check_entry, check_moment, check_outcome, check_text, require
from faturat.payments.types import Order, Outcome
from faturat.references import read_reference

log = structlog.stdlib.get_logger()

MAX_FILES = 1000
MAX_FILE = 64 * 1024 * 1024
"""Bytes of one file."""
MAX_ENTRIES = 1_000_000
AHEAD = timedelta(days=1)
"""How far a company's clock may be ahead of ours, time zones mistaken included."""
_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,119}", re.ASCII)


def check_collected(reply: object, known: frozenset[str]) -> tuple[ExchangeFile, ...]:
    files: tuple[ExchangeFile, ...] = checked_files(reply, ExchangeFile)
    names = [file.name for file in files]
    require(len(set(names)) == len(names), "collect_files: no name twice")
    require(known.isdisjoint(names), "collect_files: none that is known")
    return tuple(sorted(files, key=lambda file: file.name))


def check_exchange(
    reply: object, inbox: tuple[ExchangeFile, ...], queued: tuple[Order, ...], biller: Biller, now: datetime
) -> ExchangeReply:
    """The reply, rebuilt. A wrong file or outcome refuses the whole: the plugin then misreads its company."""
    require(isinstance(reply, ExchangeReply), "exchange: an ExchangeReply")
    assert isinstance(reply, ExchangeReply)
    files: tuple[OutgoingFile, ...] = checked_files(reply.files, OutgoingFile)
    carried = [order for file in files for order in file.orders]
    require(len(set(carried)) == len(carried), "exchange.files: no order twice")
    require(set(carried) <= {order.id for order in queued}, "exchange.files: only orders that are queued")
    require(all(file.orders for file in files), "exchange.files: each carries an order")
    require(len({file.name for file in files}) == len(files), "exchange.files: no name twice")
    incomplete = msgspec.convert(_plain(reply.incomplete), tuple[str, ...])
    require(set(incomplete) <= {file.name for file in inbox}, "exchange.incomplete: only names of the inbox")
    return ExchangeReply(
        files=files,
        register=_check_register(reply.register, biller, now),
        outcomes={_order_id(order): check_outcome(each, Outcome) for order, each in reply.outcomes.items()},
        incomplete=incomplete,
    )


def _check_register(entries: object, biller: Biller, now: datetime) -> tuple[RegisterEntry, ...]:
    """The entries that can be read; a faulty one is left out, so that what was known of its reference stays."""
    require(isinstance(entries, tuple | list) and len(entries) <= MAX_ENTRIES, "exchange.register: too many entries")
    assert isinstance(entries, tuple | list)
    checked = []
    for entry in entries:
        try:
            checked.append(_check_entry(entry, biller, now))
        except (ValueError, TypeError, OverflowError, FaturatError):
            continue
    if len(checked) < len(entries):
        log.warning("register_entries_refused", biller=biller.id, refused=len(entries) - len(checked))
    return tuple(checked)


def _check_entry(entry: object, biller: Biller, now: datetime) -> RegisterEntry:
    require(isinstance(entry, RegisterEntry), "exchange.register: RegisterEntry")
    assert isinstance(entry, RegisterEntry)
    said: Reference = msgspec.convert(_plain(entry.reference), Reference)
    check_text(entry.subscriber, "exchange.register.subscriber")
    require(isinstance(entry.as_of, datetime), "exchange.register.as_of: a time")
    check_moment(entry.as_of, "exchange.register.as_of")
    # it would keep every later one out until then
    require(entry.as_of <= now + AHEAD, "exchange.register.as_of: not in the future")
    return RegisterEntry(
        reference=read_reference(biller, said.kind, said.values, register=False).reference,
        subscriber=entry.subscriber,
        as_of=entry.as_of,
        invoices=check_entry(entry.invoices, biller),
    )


def checked_files(said: object, kind: Any) -> tuple[Any, ...]:
    """Files of a kind, rebuilt, their names and sizes bounded."""
    require(isinstance(said, tuple | list) and len(said) <= MAX_FILES, f"files: at most {MAX_FILES}")
    assert isinstance(said, tuple | list)
    for file in said:
        # a text would be taken for base64
        require(isinstance(getattr(file, "content", None), bytes), "file.content: bytes")
    files: tuple[Any, ...] = tuple(msgspec.convert(_plain(said), list[kind]))
    for file in files:
        require(_NAME.fullmatch(file.name) is not None, "file.name: 1 to 120 of 0-9 A-Z a-z . _ -")
        require(len(file.content) <= MAX_FILE, f"file.content: at most {MAX_FILE} bytes")
    return files


def _order_id(value: object) -> str:
    require(isinstance(value, str), "exchange.outcomes: by order id")
    assert isinstance(value, str)
    check_text(value, "exchange.outcomes: order id")
    return value


def _plain(value: object) -> Any:
    return msgspec.to_builtins(value, builtin_types=(bytes, datetime))
