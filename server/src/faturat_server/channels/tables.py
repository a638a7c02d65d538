"""The tables of channels. Their keys, indexes and checks stand in the migrations."""

from piccolo.columns import BigSerial, Boolean, Integer, Text, Timestamptz
from piccolo.table import Table


class ChannelRow(Table, tablename="channel"):
    """An address that a customer's notices go to."""

    id = Text(primary_key=True)
    customer = Text()
    username = Text()
    """Who added it, for the language of its messages."""
    kind = Text()
    address = Text()
    secret = Text()
    """What a webhook's messages are signed with, in clear, for it has to be used; else empty."""
    created_at = Timestamptz()
    tested_at = Timestamptz(null=True)


class ChannelChoiceRow(Table, tablename="channel_choice"):
    """Whether a channel hears of an event. Without a row, it does."""

    channel = Text(primary_key=True)
    event = Text()
    wanted = Boolean()


class ChannelSentRow(Table, tablename="channel_sent"):
    """A notice that a channel took, so that a retry goes to the other channels alone."""

    notice = Text(primary_key=True)
    channel = Text()
    at = Timestamptz()


class CodeRow(Table, tablename="channel_code"):
    """A code sent to an address or put into a link, as a hash, and how often it was tried."""

    id = Text(primary_key=True)
    customer = Text()
    username = Text()
    kind = Text()
    address = Text(null=True)
    """Of a link, the chat that it was opened from, once it was."""
    hash = Text()
    sent_at = Timestamptz()
    tries = Integer()


class OpeningRow(Table, tablename="channel_opening"):
    """A link that was opened from a chat, whoever it was for, kept for as long as it counts."""

    id = BigSerial(primary_key=True)
    chat = Text()
    at = Timestamptz()


class GoneRow(Table, tablename="channel_gone"):
    """A channel that was removed because its receiver wants no more, kept for a day."""

    id = Text(primary_key=True)
    customer = Text()
    kind = Text()
    address = Text()
    at = Timestamptz()


TABLES: list[type[Table]] = [ChannelRow, ChannelChoiceRow, ChannelSentRow, CodeRow, OpeningRow, GoneRow]
