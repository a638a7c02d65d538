"""What operators do: they decide by what the company's own books say, as somebody who telephones with it."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from faturat import Faturat, Payment
from faturat.operators.service import TO_DECIDE, Decision
from faturat.payments.outcome_rules import SENT_AGAIN
from simulation.file_company import FileCompany

if TYPE_CHECKING:
    from simulation.world import World


def payments_to_decide(world: "World") -> list[Payment]:
    """Payments of which the company's books tell the end, or seem to: what is not booked now may still be later.

    A company that works by files may still book what lies in a file, so there only what is booked is decided.
    """
    return [
        payment
        for payment in world.store._payments.values()
        if payment.state in TO_DECIDE
        and (booked_as(world, payment) or not isinstance(world.companies[payment.order.biller], FileCompany))
    ]


def decided_at(world: "World", payment: Payment) -> datetime:
    """What is not booked in the company's time will not be."""
    assert payment.submitted_at is not None
    if booked_as(world, payment):
        return payment.submitted_at
    able = world.companies[payment.order.biller].traits.able
    again = (row.at for row in world.store._events[payment.id] if row.evidence == SENT_AGAIN)
    sent_at = max((payment.submitted_at, *again)) + timedelta(minutes=1)  # for clocks differ
    return sent_at + (able.settles_later or timedelta()) + timedelta(days=1)


def booked_as(world: "World", payment: Payment) -> str | None:
    """The receipt's number where the company booked the order as it was sent."""
    booked = world.companies[payment.order.biller].booked_by.get(payment.id, [])
    return next((each.receipt.number for each in booked if each.receipt.amount == payment.order.amount), None)


async def decide(world: "World", faturat: Faturat, payment: Payment) -> None:
    number = booked_as(world, payment)
    decision = Decision(version=payment.version, receipt=number, reason="asked by telephone", evidence="their books")
    await faturat.operators.decide("op", payment.id, decision)
