"""What a channel gets: words for people, and the same as data for programs."""

from datetime import datetime

from msgspec import Struct

from faturat import Language, Notice, Text, to_decimal
from faturat.notices import wording
from faturat_server.push.deliveries import TEST

_TEST = Text("Provë e njoftimeve", "A test of your notices")
_REACHED = Text("Njoftimet arrijnë këtu.", "Notices reach this place.")


class Message(Struct, frozen=True):
    """`id` is the same at each try, so that a receiver can drop repeats: the notice's, where there is one."""

    id: str
    event: str
    at: datetime
    title: str
    body: str
    facts: dict[str, str | None]


def notice_message(notice: Notice, language: Language) -> Message:
    said = notice.facts
    facts = {
        "biller": said.biller_name,
        "contract": said.contract_name or None,
        "invoice": notice.invoice,
        "number": said.number,
        "total": to_decimal(said.total),
        "currency": said.currency,
        "due_on": said.due_on.isoformat() if said.due_on else None,
    }
    title, body = wording.title(notice, language), wording.body(notice, language)
    return Message(notice.id, notice.event.value, notice.created_at, title, body, facts)


def test_message(message_id: str, language: Language, now: datetime) -> Message:
    return Message(message_id, TEST, now, _TEST.to(language), _REACHED.to(language), {})
