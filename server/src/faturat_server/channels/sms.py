"""SMS: reading a phone number as people write it, and one message to it by the operator's gateway, through Apprise."""

import re

from faturat import FaturatError
from faturat_server.channels.gateway import sender
from faturat_server.channels.message import Message
from faturat_server.channels.settings import Sms
from faturat_server.push.deliveries import Failure

LONGEST_TYPED = 40
HOME = "+355"

# what stands between digits, and the marks that a phone copies with them
_BETWEEN = re.compile(r"[\s().\-/\u2010-\u2015\u202a-\u202e\u2066-\u2069]")
_ALBANIAN_MOBILE = re.compile(r"(?:(?:\+|00)?355|0|(?:\+|00)3550)?(6[0-9]{8})", re.ASCII)
_FROM_ABROAD = re.compile(r"(?:\+|00)([1-9][0-9]{7,14})", re.ASCII)


def read_number(typed: str, settings: Sms) -> str:
    """A number as E.164 has it, +355691234567; raises FaturatError bad_number, number_not_offered."""
    bare = _BETWEEN.sub("", typed)
    if len(typed) > LONGEST_TYPED:
        raise FaturatError("bad_number", field="adresa")
    if albanian := _ALBANIAN_MOBILE.fullmatch(bare):
        number = HOME + albanian[1]
    elif (foreign := _FROM_ABROAD.fullmatch(bare)) and not foreign[1].startswith(HOME[1:]):
        number = "+" + foreign[1]
    else:
        raise FaturatError("bad_number", field="adresa")
    if not number.startswith(settings.prefixes):
        raise FaturatError("number_not_offered", field="adresa", known=", ".join(settings.prefixes))
    return number


async def post(number: str, message: Message, settings: Sms) -> Failure | None:
    """Hand a message to the operator's gateway once; None where it took it. Nothing goes where it no longer sends."""
    made = sender(settings.gateway, number) if number.startswith(settings.prefixes) else None
    if made is None:
        return Failure.NOT_OFFERED
    taken = await made.async_notify(title=message.title, body=message.body)
    return None if taken else Failure.NOT_TAKEN
