"""Payments that wait for their company or for a person, and an operator's first steps."""

from datetime import timedelta

from fakes.faults import Fault, Script
from fakes.world import World
from pages_kit import Site, Visit

from faturat import Payment, PaymentState

CODE = "TR0.A0000000000000"
AMOUNT = 1_707_40
SETTLED, RETURNED = "I ka kompania", "Kompania nuk i ka"


async def unknown(site: Site) -> Payment:
    """The demo's customer paid; the company booked it and answered 500, so nobody here knows."""
    assert site.company is not None
    found = await site.faturat.invoices.look_up("demo", "oshee", None, {"customer_code": CODE})
    site.company.fault("error_500_after_debit")
    payment = await site.faturat.payments.pay("demo", found.quotes[0].id, "demo-2", AMOUNT, "key")
    assert payment.state is PaymentState.UNKNOWN
    return payment


async def unknown_in(world: World) -> Payment:
    """The same in a world in memory."""
    await world.quote()
    world.biller.script = Script([Fault.NONE, Fault.NONE, Fault.SILENT])
    payment = await world.pay()
    assert payment.state is PaymentState.UNKNOWN
    return payment


async def under_review_in(world: World) -> Payment:
    """The company stayed silent until a person was called."""
    payment = await unknown_in(world)
    world.biller.script = Script([Fault.LOST] * 500)
    world.clock.advance(timedelta(days=2))
    await world.faturat.run_due()
    world.biller.script = Script()
    payment = await world.faturat.payments.get("c1", payment.id)
    assert payment.state is PaymentState.UNDER_REVIEW
    return payment


async def fill_decision(visit: Visit, where: str, receipt: str = "") -> None:
    """Fill in what a decision needs, up to the confirmation."""
    await visit.page.get_by_label(where).check()
    await visit.page.get_by_label("Numri i mandatit").fill(receipt)
    await visit.page.get_by_label("Pse vendosni kështu").fill("u pa te lista")
    await visit.page.get_by_label("Prova").fill("lista e datës 22.11.2026")
    await visit.click("Vazhdo")
