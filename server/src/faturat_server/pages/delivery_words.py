"""The words of the delivery log: what a message was about, and why it was not delivered."""

from faturat import Text
from faturat.notices.types import NoticeEvent
from faturat_server.push.deliveries import TEST, Failure

EVENTS: dict[str, Text] = {
    NoticeEvent.INVOICE_NEW: Text("Faturë e re", "New invoice"),
    NoticeEvent.INVOICE_CHANGED: Text("Faturë që ndryshoi", "Changed invoice"),
    NoticeEvent.INVOICE_WITHDRAWN: Text("Faturë që nuk kërkohet më", "Invoice withdrawn"),
    NoticeEvent.INVOICE_DUE: Text("Afati i një fature", "Due date of an invoice"),
    NoticeEvent.PAYMENT_SETTLED: Text("Pagesë e kryer", "Payment made"),
    NoticeEvent.PAYMENT_FAILED: Text("Pagesë që nuk u krye", "Payment not made"),
    NoticeEvent.PAYMENT_DELAYED: Text("Pagesë që vonohet", "Payment taking longer"),
    NoticeEvent.PAYMENT_REVIEW: Text("Pagesë që po shqyrtohet", "Payment under review"),
    NoticeEvent.AUTOPAY_PLANNED: Text("Pagesë automatike", "Automatic payment"),
    NoticeEvent.AUTOPAY_LEFT: Text("Faturë që nuk paguhet automatikisht", "Invoice not paid by itself"),
    TEST: Text("Provë", "Test"),
}
FAILURES: dict[Failure, Text] = {
    Failure.NOT_TAKEN: Text("shërbimi që e përcjell nuk e pranoi", "the service that carries it did not take it"),
    Failure.NO_ANSWER: Text("nuk u përgjigj", "it did not answer"),
    Failure.REFUSED: Text("u përgjigj, por nuk e pranoi", "it answered, but did not accept it"),
    Failure.INSECURE: Text("certifikata e tij nuk vlen", "its certificate is not valid"),
    Failure.PRIVATE: Text("adresa çon në një rrjet privat", "the address leads into a private network"),
    Failure.GONE: Text(
        "u përgjigj se nuk merr më njoftime, ndaj kanali u hoq",
        "it answered that it takes no more notices, so the channel was removed",
    ),
    Failure.NOT_OFFERED: Text("banka nuk dërgon më atje", "the bank no longer sends there"),
}
