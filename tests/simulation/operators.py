"""What operators do: they decide by what the company's own books say, as somebody who telephones with it."""

from typing import TYPE_CHECKING

from faturat import Faturat, Payment, PaymentState
from faturat.operators.service import Decision
from simulation.file_company import FileCompany

if TYPE_CHECKING:
    from simulation.world import World


def payments_to_decide(world: "World") -> list[Payment]:
    """Payments under review of which the books tell the end: what is not booked by now will not be.

    A company that works by files may still book what lies in a file, so there only what is booked is decided.
    """
    return [
        payment
        for payment in world.store._payments.values()
        if payment.state is PaymentState.UNDER_REVIEW
        and (booked_as(world, payment) or not isinstance(world.companies[payment.order.biller], FileCompany))
    ]


def booked_as(world: "World", payment: Payment) -> str | None:
    """The receipt's number where the company booked the order as it was sent."""
    booked = world.companies[payment.order.biller].booked_by.get(payment.id, [])
    return next((each.receipt.number for each in booked if each.receipt.amount == payment.order.amount), None)


async def decide(world: "World", faturat: Faturat, payment: Payment) -> None:
    number = booked_as(world, payment)
    decision = Decision(version=payment.version, receipt=number, reason="asked by telephone", evidence="their books")
    await faturat.operators.decide("op", payment.id, decision)
