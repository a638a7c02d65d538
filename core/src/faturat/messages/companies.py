"""What companies said, or did not say."""

from faturat.text import Text

COMPANIES: dict[str, Text] = {
    # billers
    "biller_unavailable": Text(
        "Kompania {biller} nuk përgjigjet tani. Nuk është lëvizur asnjë para; provoni përsëri pas pak.",
        "{biller} does not answer now. No money was moved; try again in a while.",
    ),
    "biller_silent_since": Text(
        "Kompania {biller} nuk përgjigjet që prej {since}. Nuk është lëvizur asnjë para; provoni përsëri pas pak.",
        "{biller} has not answered since {since}. No money was moved; try again in a while.",
    ),
    "biller_busy": Text(
        "Kompania {biller} po merr tani më shumë kërkesa sesa pranon. Nuk është lëvizur asnjë para; "
        "provoni përsëri pas {seconds} sekondash.",
        "{biller} is getting more requests than it takes. No money was moved; try again in {seconds} seconds.",
    ),
    "biller_busy_then": Text(
        "Kompania {biller} po merrte më shumë kërkesa sesa pranon. Nuk është lëvizur asnjë para; paguani përsëri.",
        "{biller} was getting more requests than it takes. No money was moved; pay again.",
    ),
    "biller_bad_reply": Text(
        "Përgjigjja e kompanisë {biller} nuk kuptohet. Nuk është lëvizur asnjë para; provoni përsëri pas pak.",
        "The answer of {biller} cannot be understood. No money was moved; try again in a while.",
    ),
    "bank_unavailable": Text(
        "Llogaritë nuk lexohen dot tani. Provoni përsëri pas pak.",
        "The accounts cannot be read now. Try again in a while.",
    ),
    # reconciliation
    "no_statements": Text(
        "Kompania {biller} nuk jep listë të pagesave që ka regjistruar; nuk ka me se të krahasohet.",
        "{biller} offers no statement of what it booked; there is nothing to compare with.",
    ),
    "unread_day": Text(
        "“{value}” nuk është datë. Shkruajeni si 23.11.2026 ose 2026-11-23.",
        "“{value}” is no date. Write it as 2026-11-23 or 23.11.2026.",
    ),
    "bad_day": Text(
        "Dita {day} nuk krahasohet dot. Zgjidhni një ditë që ka kaluar.",
        "The day {day} cannot be compared. Choose one that is over.",
    ),
    "statement_unavailable": Text(
        "Kompania {biller} nuk e dha listën e ditës {day} ({why}). Provoni përsëri më vonë, ose jepni "
        "skedarin që ju dërgoi.",
        "{biller} did not hand out its statement of {day} ({why}). Try again later, or name the FILE that it sent you.",
    ),
    "statement_unreadable": Text(
        "Lista {file} e kompanisë {biller} për ditën {day} nuk lexohet ({why}). Merreni përsëri, të plotë dhe të "
        "asaj dite.",
        "The statement {file} of {biller} cannot be read as that of {day} ({why}). Get another, whole and of that day.",
    ),
    "unknown_reconciliation": Text("Krahasimi nuk gjendet.", "There is no such reconciliation."),
}
