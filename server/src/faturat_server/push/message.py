"""What a device gets: JSON that static/offline.js, the service worker, shows."""

import msgspec

from faturat import Language, Notice, Text
from faturat.notices import wording
from faturat.notices.types import NoticeEvent

_TEST = Text("Provë e njoftimeve", "A test of your notices")
_REACHED = Text("Njoftimet arrijnë në këtë pajisje.", "Notices reach this device.")


def message(notice: Notice, language: Language) -> str:
    """The notice; `id` is the same at each try, so that the device collapses repeats, and a tap opens `path`."""
    said = {
        "id": notice.id,
        "event": notice.event.value,
        "invoice": notice.invoice,
        "title": wording.title(notice, language),
        "body": wording.body(notice, language),
        "path": path_of(notice),
    }
    return msgspec.json.encode(said).decode()


def test_message(message_id: str, language: Language) -> str:
    said = {"id": message_id, "title": _TEST.to(language), "body": _REACHED.to(language), "path": "/njoftimet"}
    return msgspec.json.encode(said).decode()


def path_of(notice: Notice) -> str:
    """The page that a notice leads to: its payment's, its invoice's, or that of a contract whose autopay cannot pay."""
    if notice.facts.contract is not None:
        return f"/faturat/kontrata/{notice.facts.contract}"
    if notice.event is NoticeEvent.AUTOPAY_PLANNED:
        return f"/faturat/urdherat/{notice.subject}/kapercej"
    return f"/faturat/fatura/{notice.invoice}" if notice.payment is None else f"/pagesat/{notice.payment}"
