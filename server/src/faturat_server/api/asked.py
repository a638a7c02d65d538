"""What clients send to the API; amounts are decimal strings, dates ISO 8601."""

from datetime import date
from typing import Annotated, TypeAlias

from msgspec import Meta, Struct

ReferenceValues: TypeAlias = Annotated[
    dict[str, str],
    Meta(
        description="The value of each field by its id, and the kind under `kind`; without it, the company's first.",
        examples=[{"customer_code": "TR0.A0000000000000"}],
    ),
]
Endpoint: TypeAlias = Annotated[
    str,
    Meta(
        description="Where the browser's push service takes messages; up to 1000 characters.",
        examples=["https://updates.push.services.mozilla.com/wpush/v2/abc"],
    ),
]
BillerId: TypeAlias = Annotated[str, Meta(description="A company, as GET /billers names it.", examples=["water"])]


class Asked(Struct, forbid_unknown_fields=True):
    """What a client sends. A field that is not known is refused: it would be a misspelt one."""


class LogIn(Asked):
    """A username and its password."""

    username: Annotated[str, Meta(examples=["demo"])]
    password: Annotated[str, Meta(examples=["faturat-demo"])]


class LookUp(Asked):
    """The reference whose invoices are asked for."""

    reference: ReferenceValues


class NewContract(Asked):
    """A reference to register, under a name of the customer's choice."""

    biller: BillerId
    reference: ReferenceValues
    name: Annotated[str, Meta(description="1 to 60 characters.", examples=["Shtëpia"])]


class NewName(Asked):
    """Another name for a contract."""

    name: Annotated[str, Meta(description="1 to 60 characters.", examples=["Vila"])]


class NewPayment(Asked):
    """What to pay, from where, and how much of it."""

    invoice: Annotated[str, Meta(description="The id of an invoice, of a contract or of a look-up.")]
    account: Annotated[str, Meta(description="The id of an account.", examples=["demo-2"])]
    amount: Annotated[str, Meta(description="One of the invoice's `payable`.", examples=["1707.40"])]
    total: Annotated[
        str | None,
        Meta(description="The total that the customer was shown: with another one by now, nothing is paid."),
    ] = None
    on: Annotated[
        date | None,
        Meta(
            description="Pay on this later day, in the morning, if the total is still the same: from tomorrow to the "
            "invoice's `due_on`, at most 90 days ahead. Only an invoice of a contract."
        ),
    ] = None


class AutopayTerms(Asked):
    """On which terms a contract's invoices are paid by themselves."""

    account: Annotated[str, Meta(description="The id of an account.", examples=["demo-2"])]
    most_per_invoice: Annotated[str, Meta(description="A larger invoice is not paid.", examples=["5000.00"])]
    most_per_month: Annotated[
        str, Meta(description="Of all payments of one calendar month together.", examples=["8000.00"])
    ]
    days_before: Annotated[
        int, Meta(description="From 0 to 14 days before `due_on`; without one, the next day.", examples=[3])
    ]


class QuietHours(Asked):
    """When the devices are left alone each day, by the clocks in Albania; both the same: never."""

    begins: Annotated[str, Meta(examples=["22:00"])]
    ends: Annotated[str, Meta(examples=["07:00"])]


class ChosenEvents(Asked):
    """Of which events the devices hear, and when not. What is not named stays as it is."""

    events: Annotated[dict[str, bool], Meta(examples=[{"invoice_new": False}])]
    quiet_hours: QuietHours | None = None


class PushKeys(Asked):
    """The keys by which messages to a browser are encrypted, in base64url."""

    p256dh: Annotated[str, Meta(description="The browser's public key: 65 bytes, a point of P-256.")]
    auth: Annotated[str, Meta(description="The browser's secret: 16 bytes.")]


class NewDevice(Asked):
    """A browser's push subscription, as its `PushSubscription.toJSON()` gives it."""

    endpoint: Endpoint
    keys: PushKeys
    expirationTime: Annotated[  # the browser's own spelling
        float | None, Meta(description="Taken and not kept: the push service says when a subscription has ended.")
    ] = None


class OldDevice(Asked):
    """A browser that is to get no more notices."""

    endpoint: Endpoint
