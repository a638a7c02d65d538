"""What a customer reads while a payment waits: the money is safe, what happens next, and never that it failed."""

from datetime import timedelta

import pytest
from fakes.biller import make_invoice
from fakes.faults import Fault, Script
from fakes.file_biller import EVERY, FileBiller
from fakes.world import World
from operators_kit import under_review_in, unknown_in
from pages_kit import Open, Site, Visit

from faturat import Payment
from faturat.operators.service import Decision

pytestmark = pytest.mark.browser

FAILED = ["E pakryer", "nuk u krye", "dështoi", "Not made", "was not made", "failed"]


def file_world() -> World:
    biller = FileBiller()
    biller.offer("OPEN-1", biller.register("AB12", make_invoice()))
    return World(biller=biller)


async def swap(world: World) -> None:
    world.clock.advance(EVERY)
    assert await world.faturat.exchange.run() == 1


async def opened(fake_site: tuple[Site, World], open_page: Open, payment: Payment) -> Visit:
    visit = await open_page(fake_site[0])
    await visit.log_in()
    await visit.page.goto(f"/pagesat/{payment.id}")
    return visit


async def never_failed(visit: Visit, payment: Payment) -> None:
    """Neither the payment's page nor the history says that it failed."""
    for path in (f"/pagesat/{payment.id}", "/pagesat"):
        await visit.page.goto(path)
        words = await visit.page.locator("main").inner_text()
        assert not [each for each in FAILED if each.casefold() in words.casefold()], words
        assert "Paratë janë të sigurta" in words


async def test_while_the_result_is_unknown(fake_site: tuple[Site, World], open_page: Open) -> None:
    _, world = fake_site
    payment = await unknown_in(world)
    visit = await opened(fake_site, open_page, payment)
    await visit.shows(
        "Rezultati nuk dihet ende",
        "Paratë janë të sigurta",
        "Mos paguani përsëri.",
        "Nuk keni nevojë të bëni asgjë.",
        "nëse deri më 23.11.2026 10:00 nuk ka përgjigje, pagesën e shqyrton një punonjës i bankës",
        "Dërguar kompanisë më 22.11.2026 10:00",
        "Kontrolluar ende jo",
        "Kontrolli i radhës rreth 22.11.2026 10:00",
    )
    await never_failed(visit, payment)
    world.biller.script = Script([Fault.LOST] * 500)
    for _ in range(6):
        world.clock.advance(timedelta(minutes=10))
        await world.faturat.run_due()
    await visit.page.goto(f"/pagesat/{payment.id}")
    await visit.shows("Kontrolluar 5 herë", "Kontrolli i radhës rreth 22.11.2026 11:05")
    world.clock.advance(timedelta(hours=2))
    await visit.page.reload()
    await visit.shows("Kontrolli i radhës në çdo çast")
    await never_failed(visit, payment)


async def test_while_a_person_looks_at_it_and_after(fake_site: tuple[Site, World], open_page: Open) -> None:
    _, world = fake_site
    payment = await under_review_in(world)
    visit = await opened(fake_site, open_page, payment)
    await visit.shows(
        "Pagesa është në shqyrtim",
        "Paratë janë të sigurta; mos paguani përsëri.",
        "Nuk keni nevojë të bëni asgjë. Një punonjës i bankës po e shqyrton që nga 24.11.2026 10:00",
    )
    await never_failed(visit, payment)
    back = Decision(version=payment.version, receipt=None, reason="u pa", evidence="lista")
    await world.faturat.operators.decide("op", payment.id, back)
    await visit.page.goto(f"/pagesat/{payment.id}")
    returned = "Banka e shqyrtoi pagesën dhe kompania Fake nuk e ka marrë. Paratë tuaja u kthyen të plota."
    await visit.shows("Pagesa nuk u krye", returned)
    before = await visit.page.locator("main").inner_text()
    await world.faturat.operators.open_case("op", payment.id, "kompania thotë se e ka")
    await visit.page.reload()
    assert await visit.page.locator("main").inner_text() == before, "the bank speaks to them itself"


async def test_in_english(fake_site: tuple[Site, World], open_page: Open) -> None:
    _, world = fake_site
    payment = await unknown_in(world)
    visit = await opened(fake_site, open_page, payment)
    await visit.page.get_by_role("button", name="English").click()
    await visit.shows(
        "The result is not known yet",
        "The money is safe",
        "You need do nothing. We keep checking with Fake; if there is no answer by 23.11.2026 10:00, a person at the "
        "bank looks at the payment.",
        "Checked not yet",
        "Next check at about 22.11.2026 10:00",
    )
    world.biller.script = Script([Fault.LOST] * 500)
    world.clock.advance(timedelta(days=2))
    await world.faturat.run_due()
    await visit.log_in()
    await visit.page.goto(f"/pagesat/{payment.id}")
    await visit.shows("You need do nothing. A person at the bank has been looking at it since 24.11.2026 10:00")
    await visit.page.goto("/pagesat")
    await visit.shows("The money is safe. A person at the bank has been looking at it since 24.11.2026 10:00.")


@pytest.mark.parametrize("fake_site", [file_world], indirect=True)
async def test_while_a_file_is_on_its_way(fake_site: tuple[Site, World], open_page: Open) -> None:
    """A company that confirms days later: the person is called after its own time, and a day."""
    _, world = fake_site
    await swap(world)
    payment = await world.pay()
    await swap(world)
    visit = await opened(fake_site, open_page, payment)
    await visit.shows(
        "Kompania e ka marrë pagesën",
        "Kompania Fake e ka marrë pagesën dhe e konfirmon më vonë.",
        "Paratë janë të sigurta. Mos paguani përsëri.",
        "nëse deri më 26.11.2026 11:00 nuk ka përgjigje, pagesën e shqyrton një punonjës i bankës",
    )
    await never_failed(visit, payment)
    operator = await open_page(fake_site[0])
    await operator.log_in("operator")
    await operator.page.goto(f"/operatori/pagesat/{payment.id}")
    (sent,) = world.biller.received
    await operator.shows("Në pritje te kompania", f"Skedari {sent.name}, dërguar më 22.11.2026 12:00")
