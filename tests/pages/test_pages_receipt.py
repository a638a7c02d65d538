"""The receipt of the guide's payment: on the page, as a PDF, shared, printed, and checked by whoever holds it."""

import pytest
from fakes.paper import read_codes, read_paper
from operators_kit import AMOUNT, CODE
from pages_kit import FLOWS, Open, Site, Visit

from faturat.clock import company_day
from faturat.operators.cases import Adjustment, AdjustmentKind

pytestmark = pytest.mark.browser

PHONE = """
navigator.canShare = ({ files }) => files.every((file) => file.type === "application/pdf");
window.shared = new Promise((resolve) => {
  navigator.share = async ({ files: [file] }) => resolve([file.name, await file.text()]);
});
window.print = () => { window.printed = true; };
"""
"""What browsers on phones have and this one has not."""
PERSONAL = ("Test Test", CODE, "Llogaria e kursimeve", "demo")


@pytest.mark.parametrize("size", FLOWS)
async def test_a_receipt_is_kept_shared_and_checked(site: Site, open_page: Open, size: str) -> None:
    payment = await _pay(site)
    visit = await open_page(site, size)
    await visit.page.add_init_script(PHONE)
    await visit.log_in()
    await visit.page.goto(f"/pagesat/{payment}/mandati")
    await visit.shows("Mandati i pagesës", "1.707,40 ALL", "OSHEE", CODE, "000000001", "Nga Llogaria e kursimeve")
    await visit.shows("Numri i mandatit te kompania")
    [address] = read_codes(await visit.page.screenshot(full_page=True))
    content = await _download(visit)
    paper = read_paper(content)
    for text in ("Mandati i pagesës", "1.707,40 ALL", CODE, "000000001", "Nga Llogaria e kursimeve", payment):
        assert text in paper.text
    assert paper.codes == [address]
    await visit.click("Ndaj")
    name, text = await visit.page.evaluate("window.shared")
    assert name == "faturat-OSHEE-000000001.pdf"
    assert text.startswith("%PDF-")
    await visit.click("Shtyp")
    assert await visit.page.evaluate("window.printed")
    await visit.screen("receipt-with-buttons")
    assert visit.complaints == []
    assert "Kthyer te ju" not in paper.text
    await _check(site, await open_page(site, size), payment, address)
    await _went_back(site, visit, payment)


@pytest.mark.parametrize("size", FLOWS)
async def test_without_javascript_the_pdf_is_there_and_no_button_that_does_nothing(
    site: Site, open_page: Open, size: str
) -> None:
    payment = await _pay(site)
    visit = await open_page(site, size, java_script_enabled=False)
    await visit.log_in()
    await visit.page.goto(f"/pagesat/{payment}/mandati")
    assert await visit.page.get_by_role("main").get_by_role("button").count() == 0
    assert read_paper(await _download(visit)).title.startswith("Mandati i pagesës")


async def _pay(site: Site) -> str:
    found = await site.faturat.invoices.look_up("demo", "oshee", None, {"customer_code": CODE})
    paid = await site.faturat.payments.pay("demo", found.quotes[0].id, "demo-2", AMOUNT, "key")
    assert paid.receipt is not None
    return paid.id


async def _download(visit: Visit) -> bytes:
    async with visit.page.expect_download() as downloading:
        await visit.click("Shkarko PDF")
    file = await downloading.value
    assert file.suggested_filename == "faturat-OSHEE-000000001.pdf"
    answer = await visit.page.context.request.get(file.url)
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == ("application/pdf", "no-store")
    assert await answer.body() == (await file.path()).read_bytes(), "the same each time"
    return bytes(await answer.body())


async def _check(site: Site, visit: Visit, payment: str, address: str) -> None:
    """Somebody who is not logged in scans the paper."""
    assert address.startswith(f"{site.url}/verifiko/")
    answer = await visit.page.goto(address)
    assert answer is not None
    assert (answer.headers["x-robots-tag"], answer.headers["cache-control"]) == ("noindex", "no-store")
    await visit.shows("Ky mandat është i vërtetë", "1.707,40 ALL", "OSHEE", "000000001", "Pagesa E paguar")
    await visit.shows("Numri i mandatit te kompania")
    await visit.screen("check")
    assert not [text for text in (*PERSONAL, payment) if text in await visit.page.locator("body").inner_text()]
    await visit.page.get_by_role("button", name="English").click()
    await visit.shows("This receipt is genuine", "1,707.40 ALL", "Invoice number 000000001", "Payment Paid")
    changed = address[:-1] + ("0" if address[-1] != "0" else "1")
    answer = await visit.page.goto(changed)
    assert answer is not None
    assert answer.status == 404
    await visit.shows("No such receipt is known")
    await visit.screen("check-unknown")
    case = await site.faturat.operators.open_case("op", payment, "kompania e ktheu pagesën")
    await visit.page.goto(address)
    await visit.shows("The payment is being examined", "1,707.40 ALL")
    refund = Adjustment(kind=AdjustmentKind.REFUND, amount=AMOUNT, booking="GL-1")
    await site.faturat.operators.close_case("op", case.id, refund, "kthyer klientit")
    await visit.page.goto(address)
    await visit.shows("The money was returned", "1,707.40 ALL later went back to whoever paid", "Payment Returned")
    assert not [text for text in (*PERSONAL, "GL-1") if text in await visit.page.locator("body").inner_text()]
    await visit.screen("check-returned")


async def _went_back(site: Site, visit: Visit, payment: str) -> None:
    """Whoever paid reads it too: where the payment is, where its receipt is, and on paper."""
    today = f"{company_day(site.clock.now()):%d.%m.%Y}"
    said = f"1.707,40 ALL nga kjo pagesë u kthyen në llogarinë tuaj më {today}."
    for path in (f"/pagesat/{payment}", f"/pagesat/{payment}/mandati"):
        await visit.page.goto(path)
        await visit.shows(said)
    await visit.shows(f"Kthyer te ju 1.707,40 ALL · {today}")
    assert "Kthyer te ju" in read_paper(await _download(visit)).text
    await visit.screen("receipt-returned")
