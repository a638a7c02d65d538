"""What people read of every error, in Albanian and English, by its code; each names the mend."""

from faturat.text import Text

MESSAGES: dict[str, Text] = {
    # what somebody typed
    "field_required": Text(
        "Plotësoni fushën “{label}”. {help}",
        "Fill in the field “{label}”. {help}",
    ),
    "field_too_long": Text(
        "“{label}” mund të ketë deri në {limit} shenja; keni shkruar {length}. {help}",
        "“{label}” may have up to {limit} characters; you entered {length}. {help}",
    ),
    "field_wrong_length": Text(
        "“{label}” duhet të ketë {limit} shenja; keni shkruar {length}. Shembull: {example}. {help}",
        "“{label}” must have {limit} characters; you entered {length}. Example: {example}. {help}",
    ),
    "field_bad_characters": Text(
        "“{label}” ka një shenjë të palejuar: “{found}”. Shkruajeni si në shembull: {example}. {help}",
        "“{label}” has a character that cannot occur in it: “{found}”. Write it as in the example: {example}. {help}",
    ),
    "field_other_script": Text(
        "“{label}” ka shkronjën “{found}” të një alfabeti tjetër ({script}), edhe pse mund të duket njësoj. "
        "Shkruajeni me shkronja latine, si në shembull: {example}. {help}",
        "“{label}” has the letter “{found}” of another alphabet ({script}), though it may look the same. "
        "Write it in Latin letters, as in the example: {example}. {help}",
    ),
    "field_bad_shape": Text(
        "“{label}” nuk është shkruar si duhet. Shkruajeni si në shembull: {example}. {help}",
        "“{label}” is not written as it should be. Write it as in the example: {example}. {help}",
    ),
    "field_unknown": Text(
        "Kompania nuk ka fushë “{field_id}”. Fushat e saj: {known}.",
        "The company has no field “{field_id}”. Its fields: {known}.",
    ),
    "bad_reference_kind": Text(
        "Zgjidhni një nga mënyrat e identifikimit: {known}.",
        "Choose one of the kinds of reference: {known}.",
    ),
    "not_registrable": Text(
        "Kjo mënyrë identifikimi shërben vetëm për pagesë pa regjistrim.",
        "This kind of reference serves only to pay without registering.",
    ),
    "bad_amount": Text(
        "Shuma “{value}” nuk lexohet. Shkruajeni me dy shifra pas pikës, p.sh. 1707.40.",
        "The amount “{value}” cannot be read. Write it with two decimals, for example 1707.40.",
    ),
    "bad_cursor": Text(
        "Treguesi i faqes nuk është i vlefshëm. Filloni nga faqja e parë.",
        "The page cursor is not valid. Start from the first page.",
    ),
    "bad_request": Text(
        "Kërkesa nuk lexohet: {detail}.",
        "The request cannot be read: {detail}.",
    ),
    # what is not there
    "unknown_biller": Text("Kjo kompani nuk gjendet.", "There is no such company."),
    "unknown_contract": Text("Kontrata nuk gjendet.", "There is no such contract."),
    "unknown_invoice": Text(
        "Fatura nuk gjendet ose ka skaduar. Kërkojeni përsëri.",
        "The invoice was not found or is no longer valid. Look it up again.",
    ),
    "unknown_payment": Text("Pagesa nuk gjendet.", "There is no such payment."),
    "unknown_account": Text(
        "Llogaria nuk gjendet. Zgjidhni një nga llogaritë tuaja.",
        "The account was not found. Choose one of your accounts.",
    ),
    "no_receipt": Text(
        "Kjo pagesë nuk ka ende mandat.",
        "This payment has no receipt yet.",
    ),
    # contracts
    "unknown_reference": Text(
        "{biller} nuk e njeh këtë numër. Kontrolloni: {help}",
        "{biller} does not know this number. Check: {help}",
    ),
    "too_many_look_ups": Text(
        "Mund të kërkoni të dhëna kontratash deri në {limit} herë në orë. Provoni përsëri pas {minutes} minutash; "
        "kontratat e regjistruara i shihni dhe i paguani si më parë.",
        "You may ask for contracts' details up to {limit} times an hour. Try again in {minutes} minutes; "
        "the contracts that you registered you see and pay as before.",
    ),
    "already_registered": Text(
        "E keni regjistruar tashmë këtë kontratë me emrin “{name}”.",
        "You have registered this contract already, under the name “{name}”.",
    ),
    "too_many_contracts": Text(
        "Mund të regjistroni deri në {limit} kontrata. Hiqni një që nuk ju duhet.",
        "You may register up to {limit} contracts. Remove one that you do not need.",
    ),
    "not_restorable": Text(
        "Kjo kontratë u hoq para më shumë kohe dhe nuk kthehet më. Regjistrojeni përsëri.",
        "This contract was removed too long ago to be taken back. Register it again.",
    ),
    # billers
    "biller_unavailable": Text(
        "{biller} nuk përgjigjet tani. Nuk është lëvizur asnjë para; provoni përsëri pas pak.",
        "{biller} does not answer now. No money was moved; try again in a while.",
    ),
    "biller_silent_since": Text(
        "{biller} nuk përgjigjet që prej {since}. Nuk është lëvizur asnjë para; provoni përsëri pas pak.",
        "{biller} has not answered since {since}. No money was moved; try again in a while.",
    ),
    "biller_busy": Text(
        "{biller} po merr tani më shumë kërkesa se sa pranon. Nuk është lëvizur asnjë para; "
        "provoni përsëri pas {seconds} sekondash.",
        "{biller} is getting more requests than it takes. No money was moved; try again in {seconds} seconds.",
    ),
    "biller_busy_then": Text(
        "{biller} po merrte më shumë kërkesa se sa pranon. Nuk është lëvizur asnjë para; paguani përsëri.",
        "{biller} was getting more requests than it takes. No money was moved; pay again.",
    ),
    "biller_bad_reply": Text(
        "Përgjigjja e {biller} nuk kuptohet. Nuk është lëvizur asnjë para; provoni përsëri pas pak.",
        "The answer of {biller} cannot be understood. No money was moved; try again in a while.",
    ),
    "bank_unavailable": Text(
        "Llogaritë nuk lexohen dot tani. Provoni përsëri pas pak.",
        "The accounts cannot be read now. Try again in a while.",
    ),
    # reconciliation
    "no_statements": Text(
        "{biller} nuk jep listë të pagesave që ka regjistruar; me të nuk krahasohet dot.",
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
        "{biller} nuk e dha listën e ditës {day} ({why}). Provoni përsëri më vonë, ose jepni skedarin që ju dërgoi.",
        "{biller} did not hand out its statement of {day} ({why}). Try again later, or name the FILE that it sent you.",
    ),
    "statement_unreadable": Text(
        "Lista {file} e {biller} për ditën {day} nuk lexohet ({why}). Merreni përsëri, të plotë dhe të asaj dite.",
        "The statement {file} of {biller} cannot be read as that of {day} ({why}). Get another, whole and of that day.",
    ),
    "unknown_reconciliation": Text("Krahasimi nuk gjendet.", "There is no such reconciliation."),
    # payments
    "invoice_not_open": Text(
        "Kjo faturë nuk është më për t'u paguar: ajo është paguar ose është tërhequr.",
        "This invoice is no longer to be paid: it is paid or was withdrawn.",
    ),
    "already_paying": Text(
        "Një pagesë e kësaj fature është tashmë në kryerje.",
        "A payment of this invoice is under way already.",
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
        "{biller} thotë se kjo faturë është e paguar. Nuk ju është marrë asnjë para.",
        "{biller} says that this invoice is paid. None of your money was taken.",
    ),
    "amount_not_accepted": Text(
        "{biller} nuk e pranon këtë shumë. Pranohet: {accepted}.",
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
        "{biller} nuk e kërkon më këtë faturë. Nuk është lëvizur asnjë para.",
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
        "Banka nuk mundi t'i ruante paratë aq gjatë sa i duhen {biller}. Ato u kthyen të plota.",
        "The bank could not reserve the money for as long as {biller} needs. It was returned in full.",
    ),
    "expired": Text(
        "Pagesa nuk filloi në kohë. Nuk është lëvizur asnjë para; paguani përsëri.",
        "The payment did not begin in time. No money was moved; pay again.",
    ),
    "cancelled": Text(
        "Pagesën e anuluat ju. Nuk është lëvizur asnjë para.",
        "You cancelled the payment. No money was moved.",
    ),
    "not_sent": Text(
        "{biller} nuk u arrit dot: asgjë nuk iu dërgua. Paratë tuaja u kthyen menjëherë të plota.",
        "{biller} could not be reached: nothing was sent to it. Your money was returned in full at once.",
    ),
    "not_accepted": Text(
        "{biller} nuk e pranoi pagesën. Paratë tuaja u kthyen të plota.",
        "{biller} did not accept the payment. Your money was returned in full.",
    ),
    "outcome_unknown": Text(
        "Ende nuk dimë nëse {biller} e mori pagesën. Paratë janë të ruajtura; po e pyesim, "
        "dhe përgjigjen do ta shihni te Historiku.",
        "We do not know yet whether {biller} took the payment. The money is safe; we are asking, "
        "and you will see the answer in History.",
    ),
    "under_review": Text(
        "Pagesën po e shqyrton një punonjës i bankës. Paratë janë të ruajtura; mos paguani përsëri.",
        "A person at the bank is looking at the payment. The money is safe; do not pay again.",
    ),
    "pending": Text(
        "{biller} e ka marrë pagesën dhe e konfirmon më vonë.",
        "{biller} has the payment and will confirm it later.",
    ),
    "returned_after_review": Text(
        "Banka e shqyrtoi pagesën dhe {biller} nuk e ka marrë. Paratë tuaja u kthyen të plota.",
        "The bank looked at the payment, and {biller} has not taken it. Your money was returned in full.",
    ),
    # operators
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
    # notifications
    "unknown_event": Text(
        "Nuk ka ngjarje “{event}”. Ngjarjet: {known}.",
        "There is no event “{event}”. The events: {known}.",
    ),
    "push_not_offered": Text(
        "Kjo bankë nuk dërgon njoftime te pajisjet. Njoftimet i gjeni te lista e tyre.",
        "This bank sends no notices to devices. You find your notices in their list.",
    ),
    "bad_push_endpoint": Text(
        "Adresa e njoftimeve nuk lexohet. Dërgojeni siç e dha shfletuesi: https://, emri i shërbimit, pastaj shtegu.",
        "The push address cannot be read. Send it as the browser gave it: https://, the service's name, then the path.",
    ),
    "push_service_not_allowed": Text(
        "Njoftimet nuk dërgohen përmes “{host}”. Përdorni një shfletues që i merr përmes: {known}.",
        "Notices are not sent through “{host}”. Use a browser that gets them through: {known}.",
    ),
    "bad_push_key": Text(
        "“{label}” nuk është çelës i vlefshëm. Dërgojeni siç e dha shfletuesi, në base64url: {expected}.",
        "“{label}” is not a valid key. Send it as the browser gave it, in base64url: {expected}.",
    ),
    "too_many_devices": Text(
        "Njoftimet i merrni tashmë në {limit} pajisje. Çaktivizojini në një pajisje që nuk e përdorni.",
        "You get notices on {limit} devices already. Turn them off on a device that you do not use.",
    ),
    "unknown_device": Text(
        "Kjo pajisje nuk merr njoftime. Shihni te lista cilat i marrin.",
        "This device gets no notices. See in the list which ones do.",
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
    # access
    "not_logged_in": Text("Hyni me emrin dhe fjalëkalimin tuaj.", "Log in with your name and password."),
    "bad_login": Text("Emri ose fjalëkalimi nuk është i saktë.", "The name or the password is not right."),
    "too_many_attempts": Text(
        "Shumë përpjekje. Provoni përsëri pas {seconds} sekondash.",
        "Too many attempts. Try again in {seconds} seconds.",
    ),
    "bad_username": Text(
        "Emri i përdoruesit ka 1 deri në 40 shenja nga a-z, 0-9, pikë, vizë dhe nënvizë.",
        "A username has 1 to 40 characters of a-z, 0-9, full stop, hyphen and underscore.",
    ),
    "bad_password": Text(
        "Fjalëkalimi duhet të ketë {least} deri në {most} shenja.",
        "The password must have {least} to {most} characters.",
    ),
    "username_taken": Text(
        "Ky emër përdoruesi është i zënë. Zgjidhni një tjetër.",
        "This username is taken. Choose another.",
    ),
    "unknown_user": Text("Përdoruesi nuk gjendet.", "There is no such user."),
    "too_large": Text("Kërkesa është shumë e madhe.", "The request is too large."),
    "form_too_old": Text(
        "Ky formular ishte tepër i vjetër. Kthehuni, ringarkoni faqen dhe përsëritni veprimin.",
        "This form was too old. Go back, load the page again and repeat what you did.",
    ),
    "not_found": Text("Faqja nuk gjendet.", "There is no such page."),
    "method_not_allowed": Text("Kjo mënyrë kërkese nuk lejohet këtu.", "This method is not allowed here."),
    "database_unavailable": Text(
        "Shërbimi nuk i arrin dot të dhënat e veta tani. Përsëriteni po të njëjtën kërkesë pas pak; "
        "pagesat e nisura nuk humbasin dhe nuk kryhen dy herë.",
        "The service cannot reach its data now. Repeat this same request in a while; "
        "payments that were begun are not lost, and not made twice.",
    ),
    "internal": Text(
        "Diçka shkoi keq te ne. Provoni përsëri; pagesat e nisura nuk humbasin.",
        "Something went wrong on our side. Try again; payments that were begun are not lost.",
    ),
}
