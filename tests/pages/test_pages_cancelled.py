"""A payment that its customer cancelled or skipped is shown as cancelled, and not as one that failed."""

from datetime import timedelta

import pytest
from fakes.biller import make_invoice
from fakes.world import World
from msgspec.structs import replace
from pages_kit import Open, Site

from faturat import PaymentState, Terms
from faturat.clock import company_day
from faturat.notices.rules import OWN_DOING
from faturat_server.pages.payments import CANCELLED_BY, stage_of

DAY = timedelta(days=1)
TERMS = Terms(account="savings", most_per_invoice=500_00, most_per_month=500_00, days_before=3)


async def test_what_the_customer_cancelled_is_told_from_what_ended_without_them() -> None:
    assert set(CANCELLED_BY) == OWN_DOING
    payment = replace(await World().pay(), state=PaymentState.CANCELLED)
    assert {stage_of(replace(payment, reason=reason)) for reason in OWN_DOING} == {"cancelled"}
    others = ("amount_changed", "invoice_gone", "already_paid", "biller_unavailable")
    assert {stage_of(replace(payment, reason=reason)) for reason in others} == {"failed"}


@pytest.mark.browser
async def test_a_cancelled_payment_does_not_look_like_a_failure(fake_site: tuple[Site, World], open_page: Open) -> None:
    site, world = fake_site
    today = company_day(world.clock.now())
    due = today + 9 * DAY
    world.biller.invoices["AB12"] = [make_invoice("F1", 900_00, due_on=due), make_invoice("F2", 500_00, due_on=due)]
    faturat, visit = world.faturat, await open_page(site, (320, 640), java_script_enabled=False)
    contract = (await faturat.contracts.register("c1", "fake", None, {"code": "AB12"}, "Shtëpia")).contract.id
    ids = {each.invoice.number: each.id for each in await faturat.invoices.of("c1")}
    planned = await faturat.payments.schedule("c1", ids["F1"], "savings", 900_00, "k", today + 2 * DAY, 900_00)
    await visit.log_in()
    await visit.page.goto(f"/pagesat/{planned.id}")
    await visit.click("Anulo pagesën")
    await visit.shows("Pagesa u anulua Pagesën e anuluat ju. Nuk është lëvizur asnjë para.")
    await visit.shows("E anuluar 22.11.2026 10:00 · nga ju", "Kthehu te fatura")
    assert await visit.page.locator(".wrong").count() == 0
    await visit.screen("cancelled-payment")
    await faturat.autopay.set("c1", contract, TERMS)
    await faturat.autopay.run()
    [skipped] = await faturat.autopay.scheduled(contract)
    await faturat.payments.cancel("c1", skipped.id)
    await faturat.payments.pay("c1", ids["F1"], "main", 900_00, "k2")  # declined, for there is less
    await visit.page.goto("/pagesat")
    await visit.shows("Fake F2 E anuluar kapërcyer nga ju", "Fake F1 E anuluar nga ju", "Fake F1 E pakryer")
    assert await visit.page.locator(".line .tag.wrong").count() == 1, "what the bank refused"
    await visit.screen("cancelled-in-history")
    written = await visit.page.request.get("/pagesat/csv")
    assert (await written.text()).count(";E anuluar;") == 2
    await visit.page.goto(f"/pagesat/{skipped.id}")
    await visit.page.get_by_role("button", name="English").click()
    await visit.shows("The payment was cancelled", "Cancelled 22.11.2026 10:00 · skipped by you")
