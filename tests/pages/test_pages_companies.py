"""Every installed company, whatever it is, through API and pages: several contracts, their invoices, a payment.

No company is named here: what the tests know of each is its own form and its simulator's magic references.
"""

import asyncio
import re

import pytest
from pages_kit import Open, Visit
from town import ENDS, PATIENCE, Town

from faturat import Biller, Reference, parse_decimal, verify
from faturat.plugins.simulators import installed_simulators
from faturat.testing.cases import Case

COMPANIES = sorted(installed_simulators())


@pytest.mark.parametrize("biller", COMPANIES)
async def test_through_the_api(town: Town, biller: str) -> None:
    company = town.companies[biller]
    one, many = company.case_reference(Case.ONE), company.case_reference(Case.MANY)
    status, first = await town.register(biller, one, "Shtëpia")
    assert status == 201, first
    status, second = await town.register(biller, many, "Zyra")
    assert status == 201, second
    status, again = await town.register(biller, one, "Vila")
    assert (status, again["type"]) == (409, "/problems/already_registered")
    status, unknown = await town.register(biller, company.case_reference(Case.UNKNOWN), "Askush")
    assert (status, unknown["type"]) == (422, "/problems/unknown_reference")

    [invoice] = await town.open_invoices(first["id"])
    assert len(await town.open_invoices(second["id"])) == 12
    payable = invoice["payable"]
    amount = payable["maximum"] if payable["kind"] == "range" else payable["choices"][0]["amount"]
    body = {"invoice": invoice["id"], "account": "demo-2", "amount": amount, "total": invoice["total"]}
    status, payment = await town.ask("POST", "/payments", body)
    assert status == 201, payment
    again, _ = await town.ask("POST", "/payments", body)
    assert again == 409, "while it is under way, and when it is paid"
    assert (await town.ended(payment["id"]))["state"] == "paid"
    _, receipt = await town.ask("GET", f"/payments/{payment['id']}/receipt")
    assert receipt["amount"] == amount
    assert await town.open_invoices(first["id"]) == []
    [booking] = [each for each in company.books.bookings() if each.order_id == payment["id"]]
    assert booking.amount == parse_decimal(amount)
    assert (await verify(town.faturat)).faults == ()


@pytest.mark.browser
@pytest.mark.parametrize("biller", COMPANIES)
async def test_through_the_pages(town: Town, open_page: Open, biller: str) -> None:
    company = town.companies[biller]
    many = company.case_reference(Case.MANY)
    visit = await open_page(town)
    await visit.log_in()
    await _warned_of_other_numbers(visit, town.faturat.billers[biller])
    await _register(visit, town.faturat.billers[biller].name, many)
    await visit.page.goto(f"/faturat/kompania/{biller}")
    await visit.screen(f"company-{biller}")
    first = visit.page.get_by_role("link", name="Paguaj faturën").first
    number = (await first.get_attribute("aria-label") or "").removeprefix("Paguaj faturën ")
    await first.click()
    await visit.screen(f"invoice-{biller}")
    await visit.shows(number, "Llogaria kryesore")
    await visit.click("Paguaj")
    await visit.page.get_by_text("Përfituesi").wait_for()
    await visit.click("Paguaj")
    await visit.page.wait_for_url("**/pagesat/pay_*")
    payment = visit.page.url.rsplit("/", 1)[1]
    async with asyncio.timeout(PATIENCE):
        while (await town.faturat.payments.get("other", payment)).state not in ENDS:
            await asyncio.sleep(0.1)
    await visit.page.reload()
    await visit.shows("Pagesa u krye", number)
    assert visit.complaints == []


async def _warned_of_other_numbers(visit: Visit, biller: Biller) -> None:
    """Where a number of nothing but ones looks like another one: while it is typed, and again when it was sent."""
    kind = next((each for each in biller.reference_kinds if each.registrable), None)
    others = [(field, other) for field in kind.fields for other in field.look_alikes] if kind is not None else []
    for field, other in others:
        number = next((ones for n in range(1, 25) if re.fullmatch(other.pattern, ones := "1" * n)), None)
        if number is None:
            continue
        await visit.page.goto(f"/faturat/regjistro/{biller.id}")
        warning = visit.page.get_by_text(other.warning.sq)
        assert not await warning.is_visible()
        await visit.page.locator(f"#f-{field.id}").fill(number)
        assert await warning.is_visible()
        await visit.click("Vazhdo")
        assert await warning.is_visible()
        assert await visit.page.locator("[aria-invalid]").count()
    visit.complaints.clear()  # the console complains of a form that was refused


async def _register(visit: Visit, company: str, reference: Reference) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            await visit.page.goto("/faturat/regjistro")
            await visit.choose(company)
            for field, value in reference.values.items():
                await visit.page.locator(f"#f-{field}").fill(value)
            await visit.page.get_by_label("Emri").fill("Zyra")
            async with visit.page.expect_navigation():
                await visit.click("Vazhdo")
            if await visit.page.get_by_text("Regjistrimi është krijuar").count():
                return
