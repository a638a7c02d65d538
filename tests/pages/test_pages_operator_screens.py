"""The operators' pages at every width, with a picture of each, and what a customer reads meanwhile."""

from datetime import timedelta

import pytest
from fakes.faults import Fault, Script
from fakes.world import World
from operators_kit import SETTLED, fill_decision, under_review_in, unknown_in
from pages_kit import WIDTHS, Open, Site

from faturat import Rejected, Rejection

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", WIDTHS, ids=str)
async def test_the_pages_of_an_operator(
    fake_site: tuple[Site, World], open_page: Open, size: str | tuple[int, int]
) -> None:
    site, world = fake_site
    payment = await under_review_in(world)
    visit = await open_page(site, size)
    await visit.log_in("operator")
    await visit.screen("operator-overview")
    await visit.page.goto("/operatori/pagesat")
    await visit.screen("operator-payments")
    await visit.page.goto("/operatori/pagesat?mosha=dje")
    await visit.screen("operator-payments-wrong")
    await visit.page.goto(f"/operatori/pagesat/{payment.id}")
    await visit.screen("operator-payment")
    await visit.click("Vazhdo")
    await visit.screen("operator-payment-wrong")
    await fill_decision(visit, SETTLED, "R-77")
    await visit.screen("operator-confirm")
    await visit.click("Merr paratë")
    await world.faturat.payments.told("fake", payment.id, Rejected(Rejection.NOT_ACCEPTED))
    await visit.page.goto(f"/operatori/pagesat/{payment.id}")
    await visit.screen("operator-payment-ended")
    await visit.page.goto("/operatori")
    await visit.screen("operator-overview-case")
    await visit.click("rejected=not_accepted")
    await visit.screen("operator-case")
    await visit.click("Mbyll rastin")
    await visit.screen("operator-case-wrong")
    for name, path in [("cases", "/operatori/rastet"), ("deeds", "/operatori/veprimet"), ("refused", "/faturat")]:
        await visit.page.goto(path)
        await visit.screen(f"operator-{name}")


@pytest.mark.parametrize("size", WIDTHS, ids=str)
async def test_what_a_customer_reads_meanwhile(
    fake_site: tuple[Site, World], open_page: Open, size: str | tuple[int, int]
) -> None:
    site, world = fake_site
    payment = await unknown_in(world)
    visit = await open_page(site, size)
    await visit.log_in()
    await visit.page.goto(f"/pagesat/{payment.id}")
    await visit.screen("waiting-unknown")
    await visit.page.goto("/pagesat")
    await visit.screen("waiting-history")
    world.biller.script = Script([Fault.LOST] * 500)
    world.clock.advance(timedelta(days=2))
    await world.faturat.run_due()
    await visit.log_in()
    await visit.page.goto(f"/pagesat/{payment.id}")
    await visit.screen("waiting-under-review")
