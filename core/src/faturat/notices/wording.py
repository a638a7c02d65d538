"""The words of a notice, in the customer's language."""

from faturat.money import format_amount
from faturat.notices.types import Notice, NoticeEvent, NoticeFacts
from faturat.text import Language, Text

_TITLES = {
    NoticeEvent.INVOICE_NEW: Text("Faturë e re nga {biller}", "New invoice from {biller}"),
    NoticeEvent.INVOICE_CHANGED: Text("Fatura nga {biller} ka ndryshuar", "An invoice from {biller} has changed"),
    NoticeEvent.INVOICE_WITHDRAWN: Text(
        "Kompania {biller} nuk e kërkon më një faturë", "{biller} no longer asks for an invoice"
    ),
    NoticeEvent.INVOICE_DUE: Text("Afati i faturës nga {biller}: {when}", "Invoice from {biller} due {when}"),
    NoticeEvent.PAYMENT_SETTLED: Text("Pagesa te {biller} u krye", "Your payment to {biller} was made"),
    NoticeEvent.PAYMENT_FAILED: Text("Pagesa te {biller} nuk u krye", "Your payment to {biller} was not made"),
    NoticeEvent.PAYMENT_DELAYED: Text("Pagesa te {biller} po vonohet", "Your payment to {biller} is taking longer"),
    NoticeEvent.PAYMENT_REVIEW: Text(
        "Pagesën te {biller} po e shqyrton banka", "The bank is looking at your payment to {biller}"
    ),
    NoticeEvent.AUTOPAY_PLANNED: Text("Pagesë automatike te {biller}", "Automatic payment to {biller}"),
    NoticeEvent.AUTOPAY_LEFT: Text(
        "Urdhri i përhershëm nuk e paguan faturën nga {biller}",
        "The standing order does not pay an invoice from {biller}",
    ),
}

_BODIES = {
    NoticeEvent.INVOICE_NEW: Text("{invoice}, {amount}{due}.", "{invoice}, {amount}{due}."),
    NoticeEvent.INVOICE_CHANGED: Text(
        "{invoice}: tani {amount}, ishte {was}{due}.", "{invoice}: now {amount}, was {was}{due}."
    ),
    NoticeEvent.INVOICE_WITHDRAWN: Text(
        "{invoice}, {amount}: kompania nuk e kërkon më. Nuk keni çfarë të paguani për të.",
        "{invoice}, {amount}: the company no longer asks for it. There is nothing to pay for it.",
    ),
    NoticeEvent.INVOICE_DUE: Text("{invoice}, {amount}{due}.", "{invoice}, {amount}{due}."),
    NoticeEvent.PAYMENT_SETTLED: Text("{invoice}: u paguan {amount}.", "{invoice}: {amount} paid."),
    NoticeEvent.PAYMENT_FAILED: Text(
        "{invoice}, {amount}: nuk është lëvizur asnjë para.", "{invoice}, {amount}: no money was moved."
    ),
    NoticeEvent.PAYMENT_DELAYED: Text(
        "{invoice}, {amount}: ende nuk kemi përgjigje përfundimtare nga kompania. Paratë janë të sigurta; mos paguani "
        "përsëri.",
        "{invoice}, {amount}: the company has not given a final answer yet. The money is safe; do not pay again.",
    ),
    NoticeEvent.PAYMENT_REVIEW: Text(
        "{invoice}, {amount}: një punonjës i bankës po e shqyrton pagesën. Paratë janë të sigurta; mos paguani "
        "përsëri.",
        "{invoice}, {amount}: a person at the bank is looking at the payment. The money is safe; do not pay again.",
    ),
    NoticeEvent.AUTOPAY_PLANNED: Text(
        "{invoice}: {amount} paguhen automatikisht më {pays_on}. Deri atëherë mund ta kapërceni.",
        "{invoice}: {amount} will be paid by itself on {pays_on}. Until then you can skip it.",
    ),
}

_ELSEWHERE = Text(
    "{invoice}, {amount}: kompania thotë se është paguar në një mënyrë tjetër. Nuk keni çfarë të paguani për të.",
    "{invoice}, {amount}: the company says that it was paid in another way. There is nothing to pay for it.",
)
_RETURNED = Text(
    "{invoice}, {amount}: paratë tuaja u kthyen të plota.", "{invoice}, {amount}: your money was returned in full."
)
_UNPAYABLE = {
    "unknown_account": Text(
        "{invoice}, {amount}{due}: llogaria e urdhrit të përhershëm nuk është më. Zgjidhni një llogari tjetër te "
        "kontrata, ose paguajeni vetë faturën.",
        "{invoice}, {amount}{due}: the account of the standing order is gone. Choose another account on the contract's "
        "page, or pay the invoice yourself.",
    ),
    "wrong_currency": Text(
        "{invoice}, {amount}{due}: llogaria e urdhrit të përhershëm është në një monedhë tjetër. Zgjidhni një llogari "
        "në {currency} te kontrata, ose paguajeni vetë faturën.",
        "{invoice}, {amount}{due}: the account of the standing order is in another currency. Choose an account in "
        "{currency} on the contract's page, or pay the invoice yourself.",
    ),
    "above_invoice": Text(
        "{invoice}, {amount}{due}: është mbi kufirin e urdhrit të përhershëm për një faturë. Paguajeni vetë, ose "
        "ndryshoni kufirin te kontrata.",
        "{invoice}, {amount}{due}: it is above the standing order's limit for an invoice. Pay it yourself, or change "
        "the limit on the contract's page.",
    ),
    "above_month": Text(
        "{invoice}, {amount}{due}: bashkë me të tjerat është mbi kufirin e urdhrit të përhershëm për një muaj. "
        "Paguajeni vetë, ose ndryshoni kufirin te kontrata.",
        "{invoice}, {amount}{due}: with the others it is above the standing order's limit for a month. Pay it "
        "yourself, or change the limit on the contract's page.",
    ),
    "not_in_full": Text(
        "{invoice}, {amount}{due}: kompania nuk e merr shumën e plotë me një pagesë. Paguajeni vetë.",
        "{invoice}, {amount}{due}: the company does not take its total at once. Pay it yourself.",
    ),
}
_NAMED = Text("{name}: fatura {number}", "{name}: invoice {number}")
_UNNAMED = Text("Fatura {number}", "Invoice {number}")
_DUE_ON = Text(", për t'u paguar deri më {day}", ", due on {day}")
_WHEN = {0: Text("sot", "today"), 1: Text("nesër", "tomorrow")}
_IN_DAYS = Text("pas {days} ditësh", "in {days} days")


def title(notice: Notice, language: Language) -> str:
    facts = notice.facts
    days = facts.days or 0
    when = _WHEN.get(days, _IN_DAYS).to(language).format(days=days)
    return _TITLES[notice.event].to(language).format(biller=facts.biller_name, when=when)


def body(notice: Notice, language: Language) -> str:
    facts = notice.facts
    named = _NAMED if facts.contract_name else _UNNAMED
    due = _DUE_ON.to(language).format(day=f"{facts.due_on:%d.%m.%Y}") if facts.due_on else ""
    return (
        _body(notice.event, facts)
        .to(language)
        .format(
            invoice=named.to(language).format(name=facts.contract_name, number=facts.number),
            amount=format_amount(facts.total, facts.currency, language),
            was=format_amount(facts.was or 0, facts.currency, language),
            due=due,
            currency=facts.currency,
            pays_on=f"{facts.pays_on:%d.%m.%Y}" if facts.pays_on else "",
        )
    )


def _body(event: NoticeEvent, facts: NoticeFacts) -> Text:
    if event is NoticeEvent.INVOICE_WITHDRAWN and facts.elsewhere:
        return _ELSEWHERE
    if event is NoticeEvent.AUTOPAY_LEFT:
        return _UNPAYABLE[facts.unpayable]
    if event is NoticeEvent.PAYMENT_FAILED and facts.returned:
        return _RETURNED
    return _BODIES[event]
