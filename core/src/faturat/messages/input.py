"""What somebody typed or asked for, and what is not there."""

from faturat.text import Text

INPUT: dict[str, Text] = {
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
    "amount_required": Text("Shkruani shumën, p.sh. {example}.", "Enter the amount, for example {example}."),
    "bad_amount": Text(
        "Shuma “{value}” nuk lexohet. Shkruajeni me dy shifra dhjetore, p.sh. {example}.",
        "The amount “{value}” cannot be read. Write it with two decimals, for example {example}.",
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
        "Kompania {biller} nuk e njeh këtë numër. {help}",
        "{biller} does not know this number. {help}",
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
    # notifications
    "unknown_event": Text(
        "Nuk ka ngjarje “{event}”. Ngjarjet: {known}.",
        "There is no event “{event}”. The events: {known}.",
    ),
    "bad_hour": Text(
        "“{value}” nuk është orë. Shkruajeni si 22:00.", "“{value}” is no time of day. Write it like 22:00."
    ),
    "same_hours": Text(
        "“Deri” është e njëjta orë si “Nga”. Ndryshoni njërën; nëse nuk doni orë qetësie, hiqni shenjën më lart.",
        "“To” is the same time as “From”. Change one of them; if you want no quiet hours, untick the box above.",
    ),
    "tested_just_now": Text(
        "Sapo dërguat një provë. Prisni pak para se të dërgoni tjetrën.",
        "You have just sent a test. Wait a moment before you send another.",
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
    "method_not_allowed": Text("Kjo adresë nuk hapet kështu.", "This address cannot be opened this way."),
    "database_unavailable": Text(
        "Shërbimi nuk i arrin dot të dhënat e veta tani. Përsëriteni po të njëjtën kërkesë pas pak; "
        "pagesat e nisura nuk humbasin dhe nuk kryhen dy herë.",
        "The service cannot reach its data now. Repeat this same request in a while; "
        "payments that were begun are not lost, and not made twice.",
    ),
    "internal": Text(
        "Ndodhi një gabim nga ana jonë. Provoni përsëri; pagesat e nisura nuk humbasin.",
        "Something went wrong on our side. Try again; payments that were begun are not lost.",
    ),
}
