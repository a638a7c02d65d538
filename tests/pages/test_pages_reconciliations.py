"""Reconciliations in an operator's browser: one made now, what it found, its files, and inputs that cannot be taken."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from fakes.world import World
from operators_kit import AMOUNT, CODE
from pages_kit import WIDTHS, Open, Site, Visit

from faturat import Payment, PaymentState, Reconciliation, verify
from faturat.clock import company_day

pytestmark = pytest.mark.browser


async def paid(site: Site) -> Payment:
    found = await site.faturat.invoices.look_up("demo", "oshee", None, {"customer_code": CODE})
    payment = await site.faturat.payments.pay("demo", found.quotes[0].id, "demo-2", AMOUNT, "key")
    assert payment.state is PaymentState.PAID
    return payment


def day_of(payment: Payment) -> str:
    assert payment.receipt is not None
    return f"{company_day(payment.receipt.settled_at):%d.%m.%Y}"


async def reconcile(visit: Visit, day: str, company: str = "OSHEE") -> None:
    await visit.menu("Krahasimet")
    await visit.page.get_by_label("Kompania").select_option(company)
    picker = visit.page.get_by_label("Dita")
    assert await picker.get_attribute("type") == "date"
    await picker.evaluate("each => { each.type = 'text' }")  # as a browser has it that knows no dates
    await picker.fill(day)
    await visit.click("Krahaso tani")


async def newest(site: Site, count: int) -> Reconciliation:
    heads = await site.faturat.reconciliation.of("oshee")
    assert len(heads) == count
    return await site.faturat.reconciliation.get(heads[0].id)


@pytest.mark.parametrize("size", WIDTHS, ids=str)
async def test_from_all_matched_to_a_difference(site: Site, open_page: Open, size: str | tuple[int, int]) -> None:
    payment = await paid(site)
    day = day_of(payment)
    assert site.company is not None
    visit = await open_page(site, size, java_script_enabled=size == "desktop")
    await visit.log_in("operator")
    await visit.menu("Krahasimet")
    await visit.shows("Krahasimet", "Nuk është krahasuar ende asgjë.", "Dita")
    await visit.screen("reconciliations-empty")
    await reconcile(visit, day)
    await visit.shows(f"OSHEE · {day}", "Gjithçka përputhet", "Nuk ka asnjë ndryshim.", "1 pagesë përputhet")

    site.company.fault("other_amount")
    site.company.fault("extra_row")
    await reconcile(visit, day)
    made = await newest(site, 2)
    await visit.shows(
        f"OSHEE · {day} 2 ndryshime",
        "Shumë tjetër 1",
        "Mungon këtu 1",
        "Përputhet 0",
        "Shuma këtu 1.707,40 ALL",
        made.file,
        made.sha256,
        "pay_nobodys",
        "Pyesni kompaninë se kush e ka urdhëruar.",
        f"{payment.id} E paguar",
        "Këtu 1.707,40 ALL · ",
        "Te kompania 1.708,40 ALL · ",
        "Tregojini kompanisë mandatin: ka regjistruar një shumë të ndryshme",
    )
    await visit.screen("reconciliation-differences")
    assert await visit.page.get_by_role("link", name="pay_nobodys").count() == 0, "there is no payment to look at"
    await _files(visit, made)
    await visit.menu("Krahasimet")
    await visit.shows("OSHEE", "2 ndryshime", "mungon këtu: 1", "shumë tjetër: 1", "Gjithçka përputhet", "përputhet: 1")
    shown = await visit.page.locator("main section .lines .tag").all_inner_texts()
    assert shown == ["2 ndryshime", "Gjithçka përputhet"], "the newest first"
    await visit.screen("reconciliations")
    await visit.page.locator("main section .lines a").first.click()
    await visit.page.get_by_role("link", name=payment.id).click()
    await visit.shows(payment.id, "1.707,40 ALL", "Klienti demo")
    assert visit.complaints == []
    assert (await verify(site.faturat)).faults == ()


async def _files(visit: Visit, made: Reconciliation) -> None:
    """Both downloads, by their links."""
    async with visit.page.expect_download() as started:
        await visit.click("Shkarko CSV")
    download = await started.value
    assert download.suggested_filename == f"oshee-{made.day}.csv"
    text = (await download.path()).read_bytes().decode()
    kinds = [row["kind"] for row in csv.DictReader(io.StringIO(text, newline=""))]
    assert kinds == [finding.kind for finding in made.findings] == ["missing_here", "different_amount"]
    async with visit.page.expect_download() as started:
        await visit.click("Shkarko JSON")
    document = json.loads((await (await started.value).path()).read_bytes())
    assert (document["id"], document["totals"]["amount_there"]) == (made.id, "2707.40")
    answer = await visit.page.context.request.get(f"/operatori/krahasimet/{made.id}/csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["cache-control"] == "no-store"


async def test_a_case_is_opened_and_the_matched_are_folded(site: Site, open_page: Open) -> None:
    """The company refuses a payment, and books it all the same."""
    assert site.company is not None
    site.company.fault("rejects_payment")
    found = await site.faturat.invoices.look_up("demo", "oshee", None, {"customer_code": CODE})
    returned = await site.faturat.payments.pay("demo", found.quotes[0].id, "demo-2", AMOUNT, "first")
    assert returned.state is PaymentState.FAILED
    payment = await paid(site)
    site.company.books.book(returned.id, returned.order.invoice_key, 2, AMOUNT)
    visit = await open_page(site)
    await visit.log_in("operator")
    await reconcile(visit, day_of(payment))
    await visit.shows("1 ndryshim", "Klientit i janë kthyer paratë", f"{returned.id} Para të kthyera", "1 pagesë")
    matched = visit.page.get_by_role("link", name=payment.id)
    assert not await matched.is_visible()
    await visit.page.locator("summary").click()
    assert await matched.is_visible()
    await visit.screen("reconciliation-matched")
    await visit.menu("Rastet")
    await visit.shows("booked company=oshee", f"amount={AMOUNT}", "Krahasimi", returned.id)


async def wrong(visit: Visit, field: str, says: str) -> None:
    """One field is wrong, and says so beside itself."""
    assert says in await visit.page.locator(f"#{field}-error").inner_text()
    assert await visit.page.locator("main .wrong").count() == 1
    control = visit.page.locator(f"#{field}")
    assert await control.get_attribute("aria-invalid") == "true"
    assert await control.get_attribute("aria-describedby") == f"{field}-error"


async def test_inputs_that_cannot_be_taken(site: Site, open_page: Open) -> None:
    assert site.company is not None
    visit = await open_page(site)
    await visit.log_in("operator")
    today = company_day(site.clock.now())
    for day, says in (
        ("", "“” nuk është datë."),
        ("dje", "“dje” nuk është datë. Shkruajeni si 23.11.2026"),
        ("31.02.2026", "“31.02.2026” nuk është datë."),
        (f"{today + timedelta(days=2):%d.%m.%Y}", "Zgjidhni një ditë që ka kaluar."),
        ("01.01.0001", "Zgjidhni një ditë që ka kaluar."),
    ):
        await reconcile(visit, day)
        await wrong(visit, "dita", says)
        assert await visit.page.get_by_label("Dita").get_attribute("value") == day, "what was typed is kept"
    payment = await paid(site)
    assert payment.receipt is not None
    today = company_day(payment.receipt.settled_at)
    site.company.fault("cut_statement")
    await reconcile(visit, f"{today:%Y-%m-%d}")
    await wrong(visit, "kompania", "nuk lexohet (incomplete_statement)")
    await visit.page.locator("option:checked").evaluate("each => { each.value = 'nobody' }")
    await visit.click("Krahaso tani")
    await wrong(visit, "kompania", "Kjo kompani nuk gjendet.")
    await site.company.stop()
    await reconcile(visit, f"{today:%d.%m.%Y}")
    await wrong(visit, "kompania", "Kompania OSHEE nuk e dha listën e ditës")
    await visit.screen("reconciliations-wrong")
    assert await site.faturat.reconciliation.of("oshee") == [], "nothing is kept"
    for path in ("/operatori/krahasimet/rec_1", "/operatori/krahasimet/rec_1/csv", "/operatori/krahasimet/rec_1/json"):
        await visit.page.goto(path)
        await visit.shows("Krahasimi nuk gjendet.")


async def test_a_company_without_statements(fake_site: tuple[Site, World], open_page: Open) -> None:
    visit = await open_page(fake_site[0])
    await visit.log_in("operator")
    await reconcile(visit, "22.11.2026", "Fake")
    await wrong(visit, "kompania", "Kompania Fake nuk jep listë të pagesave që ka regjistruar")


async def test_more_than_a_page_shows(site: Site, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("A_MONTH", "SHOWN"):
        monkeypatch.setattr(f"faturat_server.pages.operator_reconciliations.{name}", 1)
    monkeypatch.setattr("faturat_server.pages.operator_reconciliations.A_YEAR", 2)
    payment = await paid(site)
    assert site.company is not None
    assert payment.receipt is not None
    for fault in ("extra_row", "other_amount"):
        site.company.fault(fault)
    day = company_day(payment.receipt.settled_at)
    for _ in range(3):
        await site.faturat.reconciliation.run("oshee", day)
    visit = await open_page(site)
    await visit.log_in("operator")
    await visit.menu("Krahasimet")
    lines = visit.page.locator("main section .lines .line")
    assert await lines.count() == 1
    await visit.click("Më të vjetra: OSHEE")
    await visit.page.wait_for_url(re.compile("kompania=oshee"))
    assert await lines.count() == 2
    await visit.shows("Shfaqen 2 më të rinjtë.")
    first = (await site.faturat.reconciliation.of("oshee"))[-1]
    await visit.page.goto(f"/operatori/krahasimet/{first.id}")
    await visit.shows("2 ndryshime", "pay_nobodys", "Këtu shfaqet vetëm i pari; skedarët i kanë të gjithë.")
    assert await visit.page.locator(".finding").count() == 1


async def test_the_pages_in_english(site: Site, open_page: Open) -> None:
    payment = await paid(site)
    assert site.company is not None
    site.company.fault("missing_row")
    visit = await open_page(site, "desktop")
    await visit.log_in("operator")
    await reconcile(visit, day_of(payment))
    await visit.page.get_by_role("button", name="English").click()
    await visit.shows(
        "1 difference",
        "Missing there",
        "Where it is still missing, show the company its receipt",
        "At the company nothing",
        "Download CSV",
    )
    await visit.page.get_by_role("link", name="Reconciliations").first.click()
    await visit.shows("Reconcile a day", "1 difference", "missing there: 1", "matched: 0", "One that is over")
