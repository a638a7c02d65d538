"""The tables of push. Their keys, indexes and checks stand in the migrations."""

from piccolo.columns import Boolean, Integer, Text, Timestamptz
from piccolo.table import Table


class DeviceRow(Table, tablename="push_device"):
    """A browser that notices are sent to. One endpoint is one browser, so it stands here once."""

    id = Text(primary_key=True)
    customer = Text()
    username = Text()
    """Who subscribed it, for the language of its messages."""
    endpoint = Text()
    p256dh = Text()
    auth = Text()
    created_at = Timestamptz()
    tested_at = Timestamptz(null=True)


class ChoiceRow(Table, tablename="push_choice"):
    """Whether a customer's devices hear of an event. Without a row, they do."""

    customer = Text(primary_key=True)
    event = Text()
    wanted = Boolean()


class QuietRow(Table, tablename="push_quiet"):
    """When a customer's devices are left alone, as `HH:MM`. Without a row, at the usual hours."""

    customer = Text(primary_key=True)
    begins = Text()
    ends = Text()


class SentRow(Table, tablename="push_sent"):
    """A notice that a device's push service took, so that a retry goes to the other devices alone."""

    notice = Text(primary_key=True)
    device = Text()
    at = Timestamptz()


class DeliveryRow(Table, tablename="push_delivery"):
    """How a notice's way to one device or channel stands: delivered where there is no `failure`."""

    target = Text(primary_key=True)
    notice = Text()
    event = Text()
    at = Timestamptz()
    failure = Text(null=True)
    tries = Integer()


TABLES: list[type[Table]] = [DeviceRow, ChoiceRow, QuietRow, SentRow, DeliveryRow]
