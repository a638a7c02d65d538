"""What goes over the wire. Amounts are decimal strings ("1707.40") beside their currency, dates are ISO."""

from datetime import date, datetime, timedelta
from typing import Annotated, TypeAlias

from msgspec import Meta, Struct

Amount: TypeAlias = Annotated[str, Meta(pattern=r"^-?[0-9]+\.[0-9]{2}$", examples=["1707.40"])]
"""Two decimals, always with a full stop."""


class Request(Struct, forbid_unknown_fields=True):
    """What a client sends; a field that we do not know is refused, for it would be misspelt."""


class LogIn(Request):
    """Name and password."""

    username: Annotated[str, Meta(examples=["demo"])]
    password: Annotated[str, Meta(examples=["faturat-demo"])]


class Token(Struct):
    """A bearer token, good until `expires_at`."""

    token: str
    expires_at: datetime


class Field(Struct):
    """One field of a reference."""

    id: str
    label: str
    help: str
    example: str
    pattern: str
    """Regular expression for the whole value, after spaces were taken out."""


class ReferenceKind(Struct):
    """One of the ways in which a company knows a contract."""

    kind: str
    label: str
    registrable: bool
    """False: it serves only to look up and pay."""
    fields: list[Field]


class Capabilities(Struct):
    """What a company can do."""

    live_quote: bool
    """It is asked again just before money is held."""
    parts: bool
    """An invoice may be paid in several payments."""
    settles_later: timedelta | None
    """The longest time until a payment is settled; null: at once."""


class Biller(Struct):
    """A company that bills."""

    id: str
    name: str
    currency: str
    references: list[ReferenceKind]
    capabilities: Capabilities
    health: str
    """ok, failing, or unknown where nothing was asked yet."""


class Warning(Struct):
    """What was entered was taken, and may still be the wrong number."""

    field: str
    message: str


class Choice(Struct, tag="choice", tag_field="kind"):
    pass
