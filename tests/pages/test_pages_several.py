"""Several invoices by one confirmation, and how many taps a payment takes."""

from datetime import date, timedelta
from typing import Any, Literal
from urllib.parse import unquote, urlencode

import pytest
from fakes.biller import make_invoice
from fakes.faults import Fault, Script
from fakes.world import World
from pages_kit import Open, Site, Visit

from faturat import Invoice, PayRange, verify
from faturat.payments.several import MOST

LONG = "SHUMEGJATENUMERFATURE-2026-0000000001"
pytestmark = pytest.mark.browser

WIDTHS = [pytest.param((320, 640), marks=pytest.mark.soak), "phone", "desktop"]


def invoice(number: str, day: int, **changes: Any) -> Invoice:
    return make_invoice(number, day * 1000_00, issued_on=date(2026, 11, day), **changes)


def ask_for(world: World) -> None:
    world.biller.subscribers["CD34"] = "Test Test"
    world.biller.invoices["AB12"] = [invoice("F1", 1), invoice("F2", 2)]
    world.biller.invoices["CD34"] = [
        invoice("F3", 3),
        invoice("F4", 4, payable=PayRange(100_00, 3000_00)),
        invoice("F5", 5),
        invoice(LONG, 6),
    ]


async def mark(visit: Visit, *numbers: str) -> None:
    for number in numbers:
        await visit.page.get_by_label(f"Zgjidh faturën {number}", exact=True).check()


async def said(visit: Visit) -> list[str]:
    """What the summary says of each payment that has something to say, and what its own page does."""
    address = visit.page.url
    lines = visit.page.locator(".line:has(.note):has(a)")
    words = [await line.locator(".note").inner_text() for line in await lines.all()]
    payments = [await line.locator("a").first.get_attribute("href") for line in await lines.all()]
    own = []
    for payment in payments:
        await visit.page.goto(payment or "")
        own.append(await visit.page.locator("[data-live=result] .alert").inner_text())
    await visit.page.goto(address)
    assert words == own
    return words


@pytest.mark.parametrize("size", WIDTHS, ids=str)
async def test_several_at_once(fake_site: tuple[Site, World], open_page: Open, size: str | tuple[int, int]) -> None:
    site, world = fake_site
    ask_for(world)
    visit = await open_page(site, size, java_script_enabled=False)
    await visit.log_in()
    for code, name in [("AB12", "Shtëpia"), ("CD34", "Zyra")]:
        await world.faturat.contracts.register("c1", "fake", None, {"code": code}, name)
        world.clock.advance(timedelta(seconds=1))
    await visit.page.goto("/faturat/kompania/fake")
    assert await visit.page.get_by_label("Zgjidh faturën F4").count() == 0
    await visit.shows("Kjo paguhet veçmas", f"deri në {MOST}")
    await visit.click("Paguaj të zgjedhurat")
    await visit.shows("Nuk keni zgjedhur asnjë faturë.")
    await visit.click("Kthehu te lista")
    assert visit.page.url.endswith("/faturat/kompania/fake")
    await mark(visit, "F1", "F2", "F3", "F5", LONG)
    await visit.screen("several-marked")
    await visit.click("Paguaj të zgjedhurat")
    await visit.shows("5 fatura", "Shtëpia", "Zyra", "Numri i kontratës CD34", LONG, "Totali 17.000,00 ALL")
    await visit.shows("Gjendja e disponueshme: 18,13 ALL", "Nuk mjafton për 17.000,00 ALL")
    assert await visit.page.get_by_label("savings").is_checked(), "the first that has enough"
    await visit.click("Anulo")
    assert "/faturat/kompania/fake?" in visit.page.url
    assert await visit.page.locator(".pick :checked").count() == 5, "they are still marked"
    await visit.click("Paguaj të zgjedhurat")
    await visit.page.get_by_label("main").check()
    await visit.click("Paguaj 17.000,00 ALL")
    await visit.shows("gjendja e disponueshme është 18,13 ALL. Nuk është lëvizur asnjë para.")
    assert await world.faturat.payments.of("c1") == []
    await visit.screen("several")
    # the first is paid, the second's outcome lost, the third withdrawn; the bank is silent at the fourth
    world.biller.invoices["CD34"] = [row for row in world.biller.invoices["CD34"] if row.number != "F3"]
    world.biller.script = Script([Fault.NONE] * 3 + [Fault.SILENT])
    world.bank.script = Script([Fault.NONE] * 3 + [Fault.LOST])
    await visit.page.get_by_label("savings").check()
    await visit.page.locator("main button").dblclick()
    await visit.page.wait_for_url("**/pagesat/bashke?*")
    await visit.shows("U krye 1 nga 5 pagesat", "Totali i paguar 1.000,00 ALL", f"{LONG} Pret radhën")
    await visit.screen("several-paid")
    unknown, gone, under_way = await said(visit)
    assert "Paratë janë të sigurta" in unknown
    assert gone == "Kompania Fake nuk e kërkon më këtë faturë. Nuk është lëvizur asnjë para."
    assert "Mos paguani përsëri" in under_way
    world.clock.advance(timedelta(minutes=1))
    await visit.page.reload()
    await visit.shows(f"{LONG} E pafilluar", "Nuk filloi dhe nuk është lëvizur asnjë para.")
    await visit.screen("several-not-begun")
    await visit.click("Paguaj të tjerat")
    await visit.shows("1 faturë", LONG, "Totali 6.000,00 ALL")
    assert len(await world.faturat.payments.of("c1")) == 4
    assert (await verify(world.faturat)).faults == ()


async def test_the_bar_counts_what_is_chosen_and_the_list_is_come_back_to(
    fake_site: tuple[Site, World], open_page: Open
) -> None:
    site, world = fake_site
    world.biller.invoices["AB12"] = [make_invoice(f"F{number}", 853_70) for number in range(MOST + 1)]
    visit = await open_page(site, (320, 640))
    await visit.log_in()
    await visit.look_up("Fake", "AB12")
    found, bar = visit.page.url, visit.page.locator("#choice p")
    height = await bar.evaluate("each => each.offsetHeight")
    usual = await bar.inner_text()
    await mark(visit, "F0", "F1")
    assert await bar.inner_text() == f"Zgjedhur: 2 (deri në {MOST}) · 1.707,40 ALL"
    assert await bar.evaluate("each => each.offsetHeight") == height, "nothing moves"
    await visit.screen("several-counted")
    for number in (0, 1):
        await visit.page.get_by_label(f"Zgjidh faturën F{number}", exact=True).uncheck()
    assert await bar.inner_text() == usual
    await mark(visit, *(f"F{number}" for number in range(MOST + 1)))
    await visit.click("Paguaj të zgjedhurat")
    await visit.shows("Kthehuni te lista dhe zgjidhni më pak.")
    await visit.screen("several-too-many")
    await visit.click("Kthehu te lista")
    assert unquote(visit.page.url).startswith(found), "what was looked up without registering is found again"
    assert await visit.page.locator(".pick :checked").count() == MOST + 1
    assert await bar.inner_text() == f"Zgjedhur: {MOST + 1} (deri në {MOST}) · 17.927,70 ALL"
    assert all("422" in each for each in visit.complaints)


@pytest.mark.parametrize("back", ["//elsewhere.example/list", "https://elsewhere.example", "/\\elsewhere.example"])
async def test_no_address_leads_elsewhere(fake_site: tuple[Site, World], open_page: Open, back: str) -> None:
    visit = await open_page(fake_site[0])
    await visit.log_in()
    await visit.page.goto(f"/faturat/zgjedhura?{urlencode({'kthehu': back})}")
    await visit.click("Kthehu te lista")
    assert visit.page.url == f"{fake_site[0].url}/faturat"


@pytest.mark.parametrize("way", ["button", "+"])
async def test_a_newcomer_registers_in_four_taps_and_pays_in_three(site: Site, open_page: Open, way: str) -> None:
    visit = await open_page(site, "phone", has_touch=True)
    await visit.log_in()
    main = visit.page.get_by_role("main")
    taps = 0

    async def tap(role: Literal["link", "button", "radio"], name: str, then: str) -> None:
        """Tap on the one that is seen, which leads to where `then` is read."""
        nonlocal taps
        await main.get_by_role(role, name=name, exact=role == "button").filter(visible=True).tap()
        await main.get_by_text(then).first.wait_for()
        taps += 1

    if way == "+":
        await main.locator("summary", has_text="+").tap()
        taps += 1
        await main.get_by_role("link", name="Regjistro", exact=True).tap()
        taps += 1
    else:
        await tap("link", "Regjistro kontratën", "Zgjidhni kompaninë")
    await tap("link", "OSHEE", "Regjistro faturë")
    await main.get_by_label("Kodi i klientit").fill("TR0.A0000000000000")
    await main.get_by_label("Emri").fill("Shtëpia")
    await tap("button", "Vazhdo", "Regjistrimi është krijuar")
    assert taps <= 4
    taps = 0
    await tap("link", "Paguaj faturën 000000001", "Kamata")
    await visit.shows("OSHEE", "1.707,40 ALL")
    assert await main.get_by_label("Llogaria e kursimeve").is_checked(), "the first that has enough"
    await tap("button", "Paguaj", "Konfirmoni pagesën")
    await visit.shows("Përfituesi OSHEE", "1.707,40 ALL")
    await tap("button", "Paguaj", "Pagesa u krye")
    assert taps <= 3
    assert visit.complaints == []
