"""What operators are told."""

from faturat.text import Text

OPERATORS: dict[str, Text] = {
    "not_an_operator": Text(
        "Kjo faqe është për punonjësit e bankës. Hyni me një përdorues që e ka këtë rol.",
        "This page is for the bank's operators. Log in as a user who has this role.",
    ),
    "not_a_customer": Text(
        "Kjo faqe është për klientët e bankës. Hyni me një përdorues që është klient.",
        "This page is for the bank's customers. Log in as a user who is one.",
    ),
    "bad_age": Text(
        "“{value}” nuk lexohet. Shkruani minutat, orët ose ditët: 30m, 2h ose 3d.",
        "“{value}” cannot be read. Write minutes, hours or days: 30m, 2h or 3d.",
    ),
    "unknown_state": Text(
        "Nuk ka gjendje “{value}”. Zgjidhni një nga lista.",
        "There is no state “{value}”. Choose one of the list.",
    ),
    "unknown_choice": Text(
        "“{value}” nuk është në listë. Zgjidhni një nga lista.",
        "“{value}” is not in the list. Choose one of the list.",
    ),
    "unknown_decision": Text(
        "Zgjidhni ku janë paratë: te kompania, apo kthehen te klienti.",
        "Choose where the money is: the company has it, or it goes back to the customer.",
    ),
    "receipt_of_returned": Text(
        "Kur paratë kthehen, kompania nuk ka dhënë mandat. Lëreni bosh, ose zgjidhni që paratë i ka kompania.",
        "Where the money goes back, the company gave no receipt. Leave it empty, or choose that the company has it.",
    ),
    "unknown_adjustment": Text(
        "Zgjidhni një nga rregullimet.",
        "Choose one of the adjustments.",
    ),
    "nothing_to_ask": Text(
        "Kjo pagesë ka përfunduar: nuk ka më çfarë të pyetet. Nëse kompania thotë tjetër gjë, hapni një rast.",
        "This payment has ended: there is nothing left to ask. Where the company says otherwise, open a case.",
    ),
    "under_way": Text(
        "Kjo pagesë po kryhet pikërisht tani. Shiheni përsëri pas një minute.",
        "This payment is being carried out at this moment. Look at it again in a minute.",
    ),
    "not_to_decide": Text(
        "Kjo pagesë nuk pret vendim: vendoset vetëm për ato në pritje, të panjohura ose në shqyrtim.",
        "This payment awaits no decision: only those that are pending, unknown or under review do.",
    ),
    "payment_moved": Text(
        "Pagesa ka ndryshuar ndërkohë. Shiheni përsëri, pastaj vendosni.",
        "The payment has moved meanwhile. Look at it again, then decide.",
    ),
    "decided_too_early": Text(
        "Kompania mund të jetë duke u pyetur pikërisht tani. Vendosni pas {seconds} sekondash.",
        "The company may be being asked at this very moment. Decide in {seconds} seconds.",
    ),
    "may_still_arrive": Text(
        "Urdhri iu dërgua kompanisë së fundi dhe mund të mbërrijë ende. Kthejini paratë pas {hours} orësh, ose jepni "
        "numrin e mandatit nëse kompania e ka regjistruar.",
        "The order was sent to the company lately and may still arrive. Return the money in {hours} hours, or give the "
        "receipt's number if the company has booked it.",
    ),
    "unknown_case": Text("Rasti nuk gjendet.", "There is no such case."),
    "case_known": Text(
        "Për këtë pagesë ka tashmë një rast me të njëjtat fjalë.",
        "There is a case with the same words about this payment already.",
    ),
    "case_closed": Text(
        "Rasti është mbyllur ndërkohë. Shiheni përsëri.",
        "The case was closed meanwhile. Look at it again.",
    ),
    "not_ended": Text(
        "Pagesa nuk ka përfunduar. Rast hapet vetëm për një pagesë të përfunduar; për këtë vendosni.",
        "The payment has not ended. A case is opened only for one that has; decide this one.",
    ),
    "not_decided": Text(
        "Së pari vendosni për pagesën, pastaj mbyllni rastin.",
        "Decide the payment first, then close the case.",
    ),
    "bad_adjustment": Text(
        "Pa rregullim nuk ka as shumë, as regjistrim. Lërini bosh, ose zgjidhni një rregullim.",
        "Without an adjustment there is neither amount nor entry. Leave them empty, or choose an adjustment.",
    ),
    "adjustment_amount": Text(
        "Shuma e rregullimit duhet të jetë mbi zero dhe deri në {largest}.",
        "The adjustment's amount must be above zero and up to {largest}.",
    ),
}
