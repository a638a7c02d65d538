"""A customer's channels."""

from faturat.text import Text

CHANNELS: dict[str, Text] = {
    "channels_not_offered": Text(
        "Kjo bankë nuk dërgon njoftime te kanale të tjera. Njoftimet i gjeni te lista e tyre.",
        "This bank sends no notices to other channels. You find your notices in their list.",
    ),
    "unknown_channel": Text(
        "Ky kanal nuk gjendet. Shihni te lista cilët keni.",
        "There is no such channel. See in the list which ones you have.",
    ),
    "too_many_channels": Text(
        "Mund të keni deri në {limit} kanale. Hiqni një që nuk ju duhet.",
        "You may have up to {limit} channels. Remove one that you do not need.",
    ),
    "channel_known": Text(
        "Këtë adresë e keni shtuar tashmë. E gjeni te lista.",
        "You have added this address already. You find it in the list.",
    ),
    "bad_webhook": Text("Kjo adresë nuk pranohet. {why}", "This address cannot be used. {why}"),
    "unknown_server": Text("Zgjidhni një nga serverët: {known}.", "Choose one of the servers: {known}."),
    "bad_topic": Text(
        "Tema ka 8 deri në 64 shenja nga a-z, A-Z, 0-9, vizë dhe nënvizë. Zgjidhni një që askush nuk e gjen me mend.",
        "A topic has 8 to 64 characters of a-z, A-Z, 0-9, hyphen and underscore. Choose one that nobody guesses.",
    ),
    "bad_mail": Text(
        "Kjo nuk është adresë e-maili. Shkruajeni si emri@shembull.al.",
        "This is no e-mail address. Write it like name@example.al.",
    ),
    "bad_number": Text(
        "Ky numër nuk lexohet. Shkruajeni si 069 123 4567, ose me kodin e shtetit, si +355 69 123 4567.",
        "This number cannot be read. Write it like 069 123 4567, or with the country's code, like +355 69 123 4567.",
    ),
    "number_not_offered": Text(
        "Banka dërgon SMS vetëm te numra që fillojnë me {known}. Shkruani një të tillë.",
        "The bank sends SMS only to numbers that begin with {known}. Write one of those.",
    ),
    "code_not_sent": Text(
        "Kodi nuk u dërgua dot tani. Kontrolloni çfarë shkruat ose provoni përsëri pas pak.",
        "The code could not be sent now. Check what you wrote, or try again in a while.",
    ),
    "too_many_codes": Text(
        "Brenda një ore u dërguan tashmë {limit} kode. Provoni përsëri pas një ore.",
        "{limit} codes were sent within an hour already. Try again in an hour.",
    ),
    "bad_code": Text(
        "Kodi nuk është i saktë. Shihni mesazhin e fundit; mund të provoni edhe {left} herë.",
        "The code is not right. See the last message; you may try {left} more times.",
    ),
    "code_over": Text(
        "Ky kod nuk vlen më. Filloni nga e para që t'ju dërgojmë një tjetër.",
        "This code is no longer good. Begin again to be sent another.",
    ),
    "not_started": Text(
        "Biseda juaj nuk na ka arritur ende. Hapni lidhjen, shtypni Start te Telegram, pastaj Vazhdo këtu.",
        "Your chat has not reached us yet. Open the link, press Start in Telegram, then Continue here.",
    ),
    "private_webhook": Text(
        "Kjo adresë është e një rrjeti privat, ku banka nuk dërgon. Shkruani një adresë që arrihet nga interneti.",
        "This address is one of a private network, where the bank does not send. Write one that the internet reaches.",
    ),
}
