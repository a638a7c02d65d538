"""What the API answers. Amounts are decimal strings beside their currency, dates and moments are ISO 8601."""

from datetime import date, datetime, timedelta
from typing import Annotated, Generic, TypeAlias, TypeVar

from msgspec import Meta, Struct

from faturat import Category
from faturat_server.api.asked import BillerId, QuietHours, ReferenceValues

T = TypeVar("T")

Amount: TypeAlias = Annotated[str, Meta(description="Two decimals after a full stop.", examples=["1707.40"])]
Currency: TypeAlias = Annotated[str, Meta(description="ISO 4217.", examples=["ALL"])]


class Page(Struct, Generic[T]):
    """One page of a list; `next` is the cursor of the page after it, null on the last."""

    items: list[T]
    next: str | None


class Token(Struct):
    """Send it as `Authorization: Bearer <token>`."""

    token: str


class Field(Struct):
    """One field of a reference, in the language of the request."""

    id: str
    label: str
    help: str
    example: str
    pattern: Annotated[str, Meta(description="Regular expression for the whole value; in JavaScript with the flag v.")]


class ReferenceKind(Struct):
    """One of the ways in which a company knows a contract; not each can be registered."""

    kind: str
    label: str
    registrable: bool
    fields: list[Field]


class Capabilities(Struct):
    """What a company can do."""

    live_quote: Annotated[bool, Meta(description="It is asked again just before money is held.")]
    parts: Annotated[bool, Meta(description="An invoice may be paid in several payments.")]
    settles_later: Annotated[timedelta | None, Meta(description="The longest time to settlement; null: at once.")]


class Health(Struct):
    """Whether a company answers; known to all servers of the bank alike."""

    state: Annotated[
        str,
        Meta(description="`ok`; `disturbed`: calls in a row brought no answer; `down`: neither called nor paid now."),
    ]
    since: Annotated[datetime | None, Meta(description="The first call without an answer; null where all is well.")]


class Biller(Struct):
    """A company that bills."""

    id: BillerId
    name: str
    category: Annotated[Category, Meta(description="What it bills for, roughly.")]
    currency: Currency
    references: list[ReferenceKind]
    capabilities: Capabilities
    health: Health


class Warning(Struct):
    """A value that was taken, and that may still be the wrong number."""

    field: str
    message: str


class Contract(Struct):
    """A reference that the customer registered."""

    id: str
    biller: BillerId
    reference: ReferenceValues
    name: str
    subscriber: Annotated[str, Meta(description="The name that the company holds.")]


class Registered(Contract):
    """A contract, just registered."""

    warnings: list[Warning]


class Line(Struct):
    """One item of an invoice."""

    label: str
    amount: Amount


class Choice(Struct):
    """An amount that may be paid, and what it covers."""

    amount: Amount
    label: str


class Choices(Struct, tag_field="kind", tag="choices"):
    """Only these amounts may be paid; the first is the usual one."""

    choices: list[Choice]


class Range(Struct, tag_field="kind", tag="range"):
    """Any amount from minimum to maximum may be paid, both included."""

    minimum: Amount
    maximum: Amount


class Invoice(Struct):
    """One amount owed; penalty, discount and total are the company's word."""

    id: str
    biller: BillerId
    contract: Annotated[str | None, Meta(description="null for an invoice that was looked up.")]
    number: str
    issued_on: date
    due_on: date | None
    amount: Amount
    penalty: Amount
    discount: Amount
    total: Amount
    currency: Currency
    payable: Choices | Range
    state: Annotated[str, Meta(description="open, paying, paid, paid_elsewhere or withdrawn.", examples=["open"])]
    message: Annotated[
        str,
        Meta(
            description="In words, why it is not to be paid where the company's word is the reason: it no longer asks "
            "for it, says that it was paid elsewhere, or lists it after we paid it with another total. Else empty."
        ),
    ]
    scheduled_on: Annotated[
        date | None, Meta(description="The day for which a payment of it is scheduled; null where none is.")
    ]
    lines: list[Line]


class Found(Struct):
    """What a company holds for a reference. The invoices can be paid for a quarter of an hour."""

    subscriber: Annotated[str, Meta(description="Masked: only its owner may read it.", examples=["T*** T***"])]
    invoices: list[Invoice]
    warnings: list[Warning]


class Account(Struct):
    """Where money comes from; the main account is the first."""

    id: str
    name: str
    available: Amount
    currency: Currency


class Receipt(Struct):
    """The company's proof that a payment was settled."""

    number: str
    payment: str
    biller: Annotated[str, Meta(description="The company's name.")]
    amount: Amount
    currency: Currency
    settled_at: datetime


class ServiceLevel(Struct):
    """What is promised about a payment whose company has not answered. The money is safe meanwhile."""

    since: Annotated[datetime, Meta(description="When the company was first called.")]
    asked: Annotated[int, Meta(description="How often it was checked what became of the payment.")]
    next_question_at: Annotated[
        datetime | None, Meta(description="When it is checked again, about; null while a person looks at it.")
    ]
    person_at: Annotated[
        datetime, Meta(description="When a person at the bank looks at it, at the latest; past once one does.")
    ]


class Payment(Struct):
    """A payment as it stands; it went well where its state is `paid`."""

    id: str
    invoice: str
    biller: BillerId
    account: str
    amount: Amount
    fee: Amount
    currency: Currency
    state: Annotated[str, Meta(examples=["paid", "declined", "unknown", "scheduled"])]
    on: Annotated[date | None, Meta(description="The day for which it is scheduled; null for one that is not.")]
    reason: Annotated[str, Meta(description="The code of what went wrong; empty where nothing did.")]
    message: Annotated[str, Meta(description="What went wrong, in words; empty where nothing did.")]
    created_at: datetime
    receipt: Receipt | None
    service_level: Annotated[
        ServiceLevel | None, Meta(description="null for a payment that does not wait for its company.")
    ]


class Autopay(Struct):
    """The terms on which a contract's invoices are paid by themselves, and what is scheduled by them."""

    account: str
    most_per_invoice: Amount
    most_per_month: Amount
    days_before: int
    scheduled: Annotated[list[str], Meta(description="The ids of the payments to come, the next one first.")]


class Notice(Struct):
    """A message that the customer was sent about one invoice, or a payment of it."""

    id: str
    event: Annotated[str, Meta(examples=["invoice_new"])]
    invoice: str
    payment: Annotated[str | None, Meta(description="null where it is about the invoice itself.")]
    title: str
    body: str
    created_at: datetime


class Device(Struct):
    """A browser that gets the customer's notices."""

    id: str
    host: Annotated[str, Meta(description="Its push service's.", examples=["updates.push.services.mozilla.com"])]
    created_at: datetime


class Notifications(Struct):
    """What the customer's devices hear of. The list of notices holds every one, whatever is chosen here."""

    events: Annotated[dict[str, bool], Meta(examples=[{"invoice_new": True}])]
    quiet_hours: QuietHours
    devices: list[Device]
    public_key: Annotated[
        str | None,
        Meta(description="The `applicationServerKey` to subscribe with, in base64url; null: no device is sent to."),
    ]
