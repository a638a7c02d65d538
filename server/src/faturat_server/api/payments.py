"""Accounts, and payments from them."""

from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.enums import MediaType
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIResponse, Operation, Schema
from litestar.params import FromPath, HeaderParameter, JSONBody

from faturat import Faturat, Language, Payment, Receipt, parse_decimal, to_decimal
from faturat.payments.later import day_of
from faturat_server.access.types import User
from faturat_server.api import asked, wire
from faturat_server.api.lists import DEFAULT_LIMIT, Cursor, Limit, check_cursor, page_of
from faturat_server.api.problems import problems
from faturat_server.receipts.answer import PDF, pdf_answer
from faturat_server.receipts.service import Receipts
from faturat_server.wording import payment_message

Key: TypeAlias = Annotated[
    str,
    HeaderParameter(
        name="Idempotency-Key",
        required=False,
        description="Required: a new value for each new payment, up to 64 characters. A repeat pays nothing twice.",
    ),
]

SENT_AGAIN = ResponseSpec(wire.Payment, generate_examples=False, description="The payment of a key sent again")


@dataclass
class AlsoAsPdf(Operation):
    """An operation that answers with a PDF too."""

    def __post_init__(self) -> None:
        success = (self.responses or {})["200"]
        assert isinstance(success, OpenAPIResponse)
        assert success.content is not None
        success.content[PDF] = OpenAPIMediaType(schema=Schema(content_media_type=PDF))


@get("/accounts", summary="List accounts", tags=["Payments"], responses=problems("bank_unavailable"))
async def list_accounts(faturat: NamedDependency[Faturat], user: NamedDependency[User]) -> wire.Page[wire.Account]:
    """The customer's accounts, the main one first."""
    found = [
        wire.Account(account.id, account.name, to_decimal(account.available), account.currency)
        for account in await faturat.accounts(user.customer)
    ]
    return wire.Page(found, None)


@post(
    "/payments",
    summary="Pay an invoice, now or later",
    tags=["Payments"],
    responses={200: SENT_AGAIN}
    | problems(
        "key_required",
        "key_in_use",
        "key_reused",
        "unknown_invoice",
        "unknown_account",
        "invoice_not_open",
        "already_paying",
        "already_scheduled",
        "bad_amount",
        "amount_changed",
        "amount_not_accepted",
        "wrong_currency",
        "bad_pay_day",
        "no_day_left",
        "later_without_contract",
    ),
)
async def pay(
    data: JSONBody[asked.NewPayment],
    faturat: NamedDependency[Faturat],
    user: NamedDependency[User],
    language: NamedDependency[Language],
    idempotency_key: Key = "",
) -> Response[wire.Payment]:
    """Pay an invoice, once per Idempotency-Key. Answers with the payment as it stands, also where it was declined.

    The same key with the same body answers 200 with that payment as it now stands; with another body it is refused.
    Of requests with one key at the same time, one pays, and the others are asked to repeat. With `on` it is `scheduled`
    for that day. An invoice has one scheduled payment; until that is cancelled it cannot be paid otherwise.
    """
    amount = parse_decimal(data.amount)
    seen = None if data.total is None else parse_decimal(data.total, "total")
    answer = await faturat.payments.pay_by_key(
        user.customer, data.invoice, data.account, amount, idempotency_key, seen, data.on
    )
    return Response(
        write_payment(faturat, answer.payment, language),
        status_code=200 if answer.repeated else 201,
        headers={"Location": f"/api/v1/payments/{answer.payment.id}"},
    )


@get("/payments", summary="List payments", tags=["Payments"], responses=problems("bad_cursor"))
async def list_payments(
    faturat: NamedDependency[Faturat],
    user: NamedDependency[User],
    language: NamedDependency[Language],
    cursor: Cursor = "",
    limit: Limit = DEFAULT_LIMIT,
) -> wire.Page[wire.Payment]:
    """The customer's payments, newest first."""
    rows = await faturat.payments.of(user.customer, check_cursor(cursor), limit + 1)
    return page_of(rows, limit, lambda row: write_payment(faturat, row, language))


@get("/payments/{payment_id:str}", summary="Read a payment", tags=["Payments"], responses=problems("unknown_payment"))
async def read_payment(
    payment_id: FromPath[str],
    faturat: NamedDependency[Faturat],
    user: NamedDependency[User],
    language: NamedDependency[Language],
) -> wire.Payment:
    """One payment as it stands."""
    return write_payment(faturat, await faturat.payments.get(user.customer, payment_id), language)


@post(
    "/payments/{payment_id:str}/cancel",
    summary="Cancel a payment",
    tags=["Payments"],
    status_code=200,
    responses=problems("unknown_payment"),
)
async def cancel_payment(
    payment_id: FromPath[str],
    faturat: NamedDependency[Faturat],
    user: NamedDependency[User],
    language: NamedDependency[Language],
) -> wire.Payment:
    """Cancel a payment for which no money was asked yet. Answers with it as it stands: `cancelled`, or gone on."""
    return write_payment(faturat, await faturat.payments.cancel(user.customer, payment_id), language)


@get(
    "/payments/{payment_id:str}/receipt",
    summary="Read a receipt",
    tags=["Payments"],
    responses=problems("unknown_payment", "no_receipt"),
    operation_class=AlsoAsPdf,
)
async def read_receipt(
    request: Request[Any, Any, Any],
    payment_id: FromPath[str],
    faturat: NamedDependency[Faturat],
    user: NamedDependency[User],
    receipts: NamedDependency[Receipts],
    language: NamedDependency[Language],
) -> Response[wire.Receipt]:
    """The company's proof that the payment was settled; where Accept prefers application/pdf, as a page to print."""
    if request.accept.best_match([MediaType.JSON, PDF]) == PDF:
        return await pdf_answer(await receipts.content(user.customer, payment_id, language))
    payment, receipt = await faturat.payments.receipt(user.customer, payment_id)
    return Response(write_receipt(faturat, payment, receipt))


def write_payment(faturat: Faturat, payment: Payment, language: Language) -> wire.Payment:
    order = payment.order
    return wire.Payment(
        id=payment.id,
        invoice=payment.invoice,
        biller=order.biller,
        account=order.account,
        amount=to_decimal(order.amount),
        fee=to_decimal(order.fee),
        currency=order.currency,
        state=payment.state.value,
        on=day_of(payment),
        reason=payment.reason,
        message=payment_message(faturat, payment, language),
        created_at=order.created_at,
        receipt=None if payment.receipt is None else write_receipt(faturat, payment, payment.receipt),
        service_level=_service_level(faturat, payment),
    )


def _service_level(faturat: Faturat, payment: Payment) -> wire.ServiceLevel | None:
    level = faturat.operators.level(payment)
    if level is None:
        return None
    return wire.ServiceLevel(level.since, level.asked, level.next_question, level.person_at)


def write_receipt(faturat: Faturat, payment: Payment, receipt: Receipt) -> wire.Receipt:
    biller = faturat.billers.get(payment.order.biller)
    return wire.Receipt(
        number=receipt.number,
        payment=payment.id,
        biller=payment.order.biller if biller is None else biller.name,
        amount=to_decimal(receipt.amount),
        currency=payment.order.currency,
        settled_at=receipt.settled_at,
    )
