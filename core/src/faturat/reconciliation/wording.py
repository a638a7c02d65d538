"""The words of a reconciliation, for the operators who read it."""

from faturat.payments.types import PaymentState as S
from faturat.reconciliation.rules import is_contrary
from faturat.reconciliation.types import Finding, FindingKind, Note, Reconciliation
from faturat.text import Text

KINDS: dict[FindingKind, Text] = {
    FindingKind.MISSING_THERE: Text("mungon te kompania", "missing there"),
    FindingKind.MISSING_HERE: Text("mungon këtu", "missing here"),
    FindingKind.DIFFERENT_AMOUNT: Text("shumë tjetër", "different amount"),
    FindingKind.DUPLICATE_THERE: Text("dy herë te kompania", "twice there"),
    FindingKind.MATCHED: Text("përputhet", "matched"),
}

NOTES: dict[Note, Text] = {
    Note.SETTLED_ON_ANOTHER_DAY: Text(
        "Sipas mandatit tonë është kryer një ditë tjetër.", "By our receipt it settled on another day."
    ),
    Note.LISTED_ON_ANOTHER_DAY: Text(
        "Gjendet në listën e një dite tjetër.", "It stands in the statement of another day."
    ),
    Note.ANOTHER_RECEIPT: Text(
        "Numri i mandatit te kompania është tjetër.", "The company has another receipt number for it."
    ),
}

_MISSING_THERE = Text(
    "Krahasoni edhe ditën para dhe ditën pas kësaj, pastaj përsëri këtë. Nëse mungon ende, tregojini kompanisë "
    "mandatin: ajo duhet ta regjistrojë pagesën.",
    "Reconcile the day before and the day after, then this day again. Where it is still missing, show the company its "
    "receipt: it has to book the payment.",
)
_NOT_OURS = Text(
    "Këtu nuk është bërë asnjë pagesë me këtë numër. Pyesni kompaninë se kush e ka urdhëruar.",
    "No payment of this id was made here. Ask the company who ordered it.",
)
_IS_ASKED = Text(
    "Kompania po pyetet ende për këtë pagesë. Nëse nuk përgjigjet, vendosni me këtë listë si provë.",
    "The company is still being asked about this payment. Where it does not answer, decide with this list as evidence.",
)
_DECIDE = Text(
    "Vendosni që pagesa është kryer, me këtë listë si provë.",
    "Decide that the payment is settled, with this list as evidence.",
)
_CONTRARY = Text(
    "Klientit i janë kthyer paratë, por kompania e ka regjistruar pagesën. Kërkojini ta anulojë regjistrimin, "
    "përndryshe e paguan banka.",
    "The customer has the money back, but the company booked the payment. Ask it to reverse the booking, or the bank "
    "pays it.",
)
_UNDER_WAY = Text(
    "Pagesa është ende në kryerje. Krahasojeni ditën përsëri kur ajo të ketë përfunduar.",
    "The payment is still under way. Reconcile the day again when it has ended.",
)
_DIFFERENT_AMOUNT = Text(
    "Tregojini kompanisë mandatin: ka regjistruar një shumë të ndryshme nga ajo që u urdhërua dhe u konfirmua.",
    "Show the company its receipt: it booked another amount than was ordered and confirmed.",
)
_DUPLICATE_THERE = Text(
    "Kërkojini kompanisë ta anulojë regjistrimin e dytë: urdhri është një.",
    "Ask the company to reverse this second booking: there is one order.",
)


def next_step(finding: Finding) -> Text | None:
    """What an operator does next about a difference; None where all is right."""
    match finding.kind:
        case FindingKind.MATCHED:
            return None
        case FindingKind.MISSING_THERE:
            return _MISSING_THERE
        case FindingKind.DIFFERENT_AMOUNT:
            return _DIFFERENT_AMOUNT
        case FindingKind.DUPLICATE_THERE:
            return _DUPLICATE_THERE
    if finding.state is None:
        return _NOT_OURS
    if finding.state in (S.PENDING, S.UNKNOWN):
        return _IS_ASKED
    if finding.state is S.UNDER_REVIEW:
        return _DECIDE
    return _CONTRARY if is_contrary(finding) else _UNDER_WAY


def case_words(finding: Finding, made: Reconciliation) -> str:
    """A contrary finding as codes, numbers and amounts, without personal data; the same of every run of that day."""
    return (
        f"booked company={made.biller} day={made.day.isoformat()} receipt={finding.receipt_there} "
        f"amount={finding.amount_there}"
    )
