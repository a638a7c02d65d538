"""What became of a payment, or why there is none."""

from faturat.text import Text

PAYMENTS: dict[str, Text] = {
    # payments
    "invoice_not_open": Text(
        "Kjo faturë nuk është më për t'u paguar: ajo është paguar ose është tërhequr.",
        "This invoice is no longer to be paid: it is paid or was withdrawn.",
    ),
    "already_paying": Text(
        "Një pagesë e kësaj fature është tashmë në kryerje.",
        "A payment of this invoice is under way already.",
    ),
    "already_scheduled": Text(
        "Fatura {number} do të paguhet më {day}. Nëse doni ta paguani ndryshe, anuloni më parë atë pagesë.",
        "Invoice {number} is to be paid on {day}. If you want to pay it otherwise, cancel that payment first.",
    ),
    "later_without_contract": Text(
        "Më vonë paguhet vetëm fatura e kontratës së regjistruar. Regjistrojeni kontratën, ose paguajeni tani.",
        "Only the invoice of a registered contract can be paid later. Register the contract, or pay it now.",
    ),
    "no_day_left": Text(
        "Afati i kësaj fature mbaron sot ose ka mbaruar. Paguajeni tani.",
        "The last day to pay this invoice is today or has passed. Pay it now.",
    ),
    "bad_pay_day": Text(
        "Zgjidhni një ditë nga {first} deri më {last}.",
        "Choose a day from {first} to {last}.",
    ),
    "silent_that_day": Text(
        "Kompania {biller} nuk u përgjigj gjatë ditës së zgjedhur. Nuk është lëvizur asnjë para; paguani përsëri.",
        "{biller} did not answer during the chosen day. No money was moved; pay again.",
    ),
    "autopay_changed": Text(
        "Urdhri i përhershëm u ndryshua, ndaj pagesa e tij u anulua. Nuk është lëvizur asnjë para.",
        "The standing order was changed, so its payment was cancelled. No money was moved.",
    ),
    "autopay_stopped": Text(
        "Urdhri i përhershëm u ndal, ndaj pagesa e tij u anulua. Nuk është lëvizur asnjë para.",
        "The standing order was stopped, so its payment was cancelled. No money was moved.",
    ),
    "bad_limit": Text(
        "Shkruani një kufi më të madh se zero.",
        "Write a limit above zero.",
    ),
    "month_below_invoice": Text(
        "Kufiri i muajit duhet të jetë të paktën sa ai i një fature.",
        "The limit of a month must be at least that of an invoice.",
    ),
    "bad_days_before": Text(
        "Zgjidhni nga 0 deri në {limit} ditë para afatit.",
        "Choose from 0 to {limit} days before the last day to pay.",
    ),
    "autopay_moved": Text(
        "Urdhri i përhershëm ndryshoi në të njëjtin çast. Shihni si është tani dhe provoni përsëri.",
        "The standing order changed at the same moment. See how it stands now and try again.",
    ),
    "no_autopay": Text(
        "Kjo kontratë nuk ka urdhër të përhershëm.",
        "This contract has no standing order.",
    ),
    "contract_removed": Text(
        "Kontrata është hequr, ndaj pagesa e saj nuk u krye. Nuk është lëvizur asnjë para.",
        "The contract was removed, so its payment was not made. No money was moved.",
    ),
    "no_invoices": Text(
        "Nuk keni zgjedhur asnjë faturë. Kthehuni te lista dhe zgjidhni ato që doni të paguani.",
        "You have not chosen any invoice. Go back to the list and choose those that you want to pay.",
    ),
    "too_many_invoices": Text(
        "Mund të paguani deri në {limit} fatura përnjëherë; keni zgjedhur {count}. "
        "Kthehuni te lista dhe zgjidhni më pak.",
        "You may pay up to {limit} invoices at once; you chose {count}. Go back to the list and choose fewer.",
    ),
    "already_paid": Text(
        "Kompania {biller} thotë se kjo faturë është e paguar. Nuk ju është marrë asnjë para.",
        "{biller} says that this invoice is paid. None of your money was taken.",
    ),
    "already_paid_late": Text(
        "Kompania {biller} thotë se kjo faturë është e paguar. Paratë tuaja u kthyen të plota.",
        "{biller} says that this invoice is paid. Your money was returned in full.",
    ),
    "amount_not_accepted": Text(
        "Kompania {biller} nuk e pranon këtë shumë. Pranohet: {accepted}.",
        "{biller} does not accept this amount. Accepted: {accepted}.",
    ),
    "amount_changed": Text(
        "Shuma te {biller} ka ndryshuar: tani është {amount}. Nuk është lëvizur asnjë para.",
        "The amount at {biller} has changed: it is now {amount}. No money was moved.",
    ),
    "amount_changed_late": Text(
        "Shuma te {biller} ndryshoi ndërkohë. Paratë tuaja u kthyen të plota; shihni shumën e re te fatura.",
        "The amount at {biller} changed meanwhile. Your money was returned in full; see the new amount at the invoice.",
    ),
    "invoice_gone": Text(
        "Kompania {biller} nuk e kërkon më këtë faturë. Nuk është lëvizur asnjë para.",
        "{biller} no longer asks for this invoice. No money was moved.",
    ),
    "insufficient_funds": Text(
        "Llogaria nuk ka para të mjaftueshme: gjendja e disponueshme është {amount}. Nuk është lëvizur asnjë para.",
        "The account does not have enough money: the available balance is {amount}. No money was moved.",
    ),
    "wrong_currency": Text(
        "Llogaria është në një monedhë tjetër. Zgjidhni një llogari në {currency}.",
        "The account is in another currency. Choose an account in {currency}.",
    ),
    "refused": Text(
        "Banka nuk e lejoi pagesën. Nuk është lëvizur asnjë para.",
        "The bank did not allow the payment. No money was moved.",
    ),
    "released": Text(
        "Pagesa ishte anuluar ndërkohë. Nuk është lëvizur asnjë para.",
        "The payment had been cancelled meanwhile. No money was moved.",
    ),
    "hold_too_short": Text(
        "Banka nuk mundi t'i ruante paratë aq gjatë sa i duhen kompanisë {biller}. Ato u kthyen të plota.",
        "The bank could not reserve the money for as long as {biller} needs. It was returned in full.",
    ),
    "expired": Text(
        "Pagesa nuk filloi në kohë. Nuk është lëvizur asnjë para; paguani përsëri.",
        "The payment did not begin in time. No money was moved; pay again.",
    ),
    "expired_late": Text(
        "Pagesa nuk filloi në kohë. Paratë tuaja u kthyen të plota; paguani përsëri.",
        "The payment did not begin in time. Your money was returned in full; pay again.",
    ),
    "cancelled": Text(
        "Pagesën e anuluat ju. Nuk është lëvizur asnjë para.",
        "You cancelled the payment. No money was moved.",
    ),
    "not_sent": Text(
        "Kompania {biller} nuk u arrit dot: asgjë nuk iu dërgua. Paratë tuaja u kthyen menjëherë të plota.",
        "{biller} could not be reached: nothing was sent to it. Your money was returned in full at once.",
    ),
    "not_accepted": Text(
        "Kompania {biller} nuk e pranoi pagesën. Paratë tuaja u kthyen të plota.",
        "{biller} did not accept the payment. Your money was returned in full.",
    ),
    "outcome_unknown": Text(
        "Ende nuk dimë nëse kompania {biller} e mori pagesën. Paratë janë të sigurta; po e pyesim, "
        "dhe përgjigjen do ta shihni te Historiku.",
        "We do not know yet whether {biller} took the payment. The money is safe; we are asking, "
        "and you will see the answer in History.",
    ),
    "under_review": Text(
        "Pagesën po e shqyrton një punonjës i bankës. Paratë janë të sigurta; mos paguani përsëri.",
        "A person at the bank is looking at the payment. The money is safe; do not pay again.",
    ),
    "pending": Text(
        "Kompania {biller} e ka marrë pagesën dhe e konfirmon më vonë.",
        "{biller} has the payment and will confirm it later.",
    ),
    "returned_after_review": Text(
        "Banka e shqyrtoi pagesën dhe kompania {biller} nuk e ka marrë. Paratë tuaja u kthyen të plota.",
        "The bank looked at the payment, and {biller} has not taken it. Your money was returned in full.",
    ),
    # idempotency
    "key_required": Text(
        "Mungon Idempotency-Key: dërgoni një vlerë të re për çdo pagesë të re, deri në 64 shenja.",
        "Idempotency-Key is missing: send a new value for each new payment, up to 64 characters.",
    ),
    "key_in_use": Text(
        "Një kërkesë me të njëjtin Idempotency-Key po kryhet tani. Përsëriteni këtë kërkesë pas pak.",
        "A request with the same Idempotency-Key is being carried out now. Repeat this request in a moment.",
    ),
    "key_reused": Text(
        "Ky Idempotency-Key është përdorur për një pagesë tjetër. Dërgoni një vlerë të re.",
        "This Idempotency-Key was used for another payment. Send a new value.",
    ),
}
