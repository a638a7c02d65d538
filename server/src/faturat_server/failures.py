"""What went wrong, as one of Faturat's own errors, with its HTTP status: the same for programs and for people."""

import re

import asyncpg
from litestar.exceptions import HTTPException, PermissionDeniedException

from faturat import FaturatError, Text

STATUSES: dict[str, int] = {
    # what cannot be read
    "bad_request": 400,
    "bad_cursor": 400,
    "key_required": 400,
    # who asks
    "not_logged_in": 401,
    "bad_login": 401,
    "form_too_old": 403,
    "not_a_customer": 403,
    "not_an_operator": 403,
    "too_many_attempts": 429,
    "too_many_codes": 429,
    "too_many_look_ups": 429,
    "tested_just_now": 429,
    # what is not there
    "not_found": 404,
    "unknown_biller": 404,
    "unknown_contract": 404,
    "unknown_invoice": 404,
    "unknown_payment": 404,
    "unknown_account": 404,
    "no_receipt": 404,
    "unknown_device": 404,
    "unknown_channel": 404,
    "no_autopay": 404,
    "unknown_case": 404,
    "unknown_reconciliation": 404,
    "method_not_allowed": 405,
    # what contradicts what is
    "already_registered": 409,
    "too_many_contracts": 409,
    "not_restorable": 409,
    "already_paying": 409,
    "already_scheduled": 409,
    "no_day_left": 409,
    "autopay_moved": 409,
    "invoice_not_open": 409,
    "amount_changed": 409,
    "insufficient_funds": 409,
    "key_in_use": 409,
    "too_many_devices": 409,
    "push_not_offered": 409,
    "channels_not_offered": 409,
    "too_many_channels": 409,
    "channel_known": 409,
    "not_started": 409,
    "nothing_to_ask": 409,
    "not_to_decide": 409,
    "payment_moved": 409,
    "decided_too_early": 409,
    "may_still_arrive": 409,
    "case_known": 409,
    "case_closed": 409,
    "not_ended": 409,
    "under_way": 409,
    "not_decided": 409,
    # what was read and cannot be taken
    "too_large": 413,
    "bad_hour": 422,
    "same_hours": 422,
    "field_required": 422,
    "field_too_long": 422,
    "field_wrong_length": 422,
    "field_bad_characters": 422,
    "field_other_script": 422,
    "field_bad_shape": 422,
    "field_unknown": 422,
    "bad_reference_kind": 422,
    "not_registrable": 422,
    "unknown_reference": 422,
    "amount_required": 422,
    "bad_amount": 422,
    "amount_not_accepted": 422,
    "no_invoices": 422,
    "too_many_invoices": 422,
    "wrong_currency": 422,
    "key_reused": 422,
    "unknown_event": 422,
    "unknown_state": 422,
    "unknown_choice": 422,
    "unknown_decision": 422,
    "unknown_adjustment": 422,
    "receipt_of_returned": 422,
    "bad_age": 422,
    "unread_day": 422,
    "bad_day": 422,
    "bad_pay_day": 422,
    "bad_limit": 422,
    "month_below_invoice": 422,
    "bad_days_before": 422,
    "later_without_contract": 422,
    "no_statements": 422,
    "bad_adjustment": 422,
    "adjustment_amount": 422,
    "bad_push_endpoint": 422,
    "bad_webhook": 422,
    "bad_mail": 422,
    "bad_number": 422,
    "number_not_offered": 422,
    "bad_code": 422,
    "code_over": 422,
    "bad_topic": 422,
    "unknown_server": 422,
    "private_webhook": 422,
    "push_service_not_allowed": 422,
    "bad_push_key": 422,
    # who does not answer
    "internal": 500,
    "biller_bad_reply": 502,
    "statement_unreadable": 502,
    "biller_unavailable": 503,
    "statement_unavailable": 503,
    "biller_busy": 503,
    "code_not_sent": 503,
    "bank_unavailable": 503,
    "database_unavailable": 503,
}

DATABASE_AWAY = (
    ConnectionError,
    FileNotFoundError,  # a Unix socket that is gone
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InternalClientError,  # the driver met an answer that it no longer waited for: the connection was cut
    asyncpg.OperatorInterventionError,  # it stops, starts or recovers
    asyncpg.TooManyConnectionsError,
    asyncpg.ObjectNotInPrerequisiteStateError,  # it is closed for a while, by whoever keeps it
)
"""Plugins are behind their gates, so that of all that a request waits for only the database raises these."""
COME_BACK = 2
"""Seconds after which a request may be repeated."""

_NAMED = re.compile(r"(?:required|unknown) field `([^`]*)`")
_TOO_DEEP = Text("ka shumë nivele", "it is nested too deep")
_NO_BODY = Text("mungon përmbajtja", "it has no body")


def status_of(error: FaturatError) -> int:
    """The HTTP status of an error; 500 for one that nobody was to see."""
    return STATUSES.get(error.code, 500)


def error_of(exception: Exception) -> FaturatError:
    """The error that somebody may see; `internal` for whatever nobody was to see."""
    match exception:
        case FaturatError() if exception.code in STATUSES:
            return exception
        case PermissionDeniedException():
            return FaturatError("form_too_old")  # the form's token is no longer the cookie's
        case HTTPException(status_code=404):
            return FaturatError("not_found")
        case HTTPException(status_code=405):
            return FaturatError("method_not_allowed")
        case HTTPException(status_code=413):
            return FaturatError("too_large")
        case HTTPException(status_code=status) if 400 <= status < 500:
            return _bad_request(exception)
        case asyncpg.CharacterNotInRepertoireError() | asyncpg.UntranslatableCharacterError():
            # PostgreSQL has no character for U+0000, which an id or a cursor from outside may hold
            return FaturatError("bad_request", detail="U+0000")
        case _ if isinstance(exception, DATABASE_AWAY):
            return FaturatError("database_unavailable", seconds=COME_BACK)
        case RecursionError():
            return FaturatError("bad_request", detail=_TOO_DEEP)
    return FaturatError("internal")


def _bad_request(exception: HTTPException) -> FaturatError:
    """The first fault that was found, and the field that it is about."""
    faults = exception.extra if isinstance(exception.extra, list) else []
    if not faults:
        return FaturatError("bad_request", detail=exception.detail.rstrip("."))
    words, place = str(faults[0].get("message", "")), str(faults[0].get("key", ""))
    if place == "data":  # the body as a whole: there is none, or the words name what it lacks or has too much
        named = _NAMED.search(words)
        return FaturatError("bad_request", field=named and named[1], detail=_NO_BODY if words == "'data'" else words)
    return FaturatError("bad_request", field=place.partition("[")[0] or None, detail=words)
