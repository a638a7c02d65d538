"""A company that does not answer: said before a customer tries, and what becomes of money where they do."""

from datetime import timedelta

import pytest
from fakes.biller import make_invoice
from fakes.file_biller import BY_FILES
from fakes.world import World
from msgspec.structs import replace
from pages_kit import WIDTHS, Open, Site, Visit

from faturat.health import breaker
from faturat.health.types import Circuit

pytestmark = pytest.mark.browser

SAID = "Kompania Fake nuk përgjigjet që prej 10:00. Paratë tuaja nuk preken."


async def fail(world: World, times: int, ago: timedelta = timedelta()) -> None:
    """Calls without an answer, as another process of the bank reports them; a little later everybody knows."""
    for _ in range(times):
        circuit = (await world.store.circuits()).get("fake") or Circuit(biller="fake")
        assert await world.store.move_circuit(breaker.failed(circuit, world.clock.now() - ago))
    world.clock.advance(timedelta(seconds=2))


async def registered(visit: Visit, world: World) -> tuple[str, str]:
    """A contract and its invoice, registered while all was well."""
    await visit.log_in()
    registration = await world.faturat.contracts.register("c1", "fake", None, {"code": "AB12"}, "Shtëpia")
    (invoice,) = await world.faturat.invoices.of("c1")
    return registration.contract.id, invoice.id


@pytest.mark.parametrize("size", WIDTHS, ids=str)
async def test_it_is_said_before_a_customer_tries(
    fake_site: tuple[Site, World], open_page: Open, size: str | tuple[int, int]
) -> None:
    site, world = fake_site
    visit = await open_page(site, size)
    contract, invoice = await registered(visit, world)
    await fail(world, breaker.FAILURES)
    await visit.page.goto("/faturat/regjistro")
    await visit.shows("Fake pa përgjigje që prej 10:00")
    await visit.screen("health-choose")
    pages = {
        "bills": "/faturat",
        "unpaid": "/faturat/papaguara",
        "register": "/faturat/regjistro/fake",
        "look-up": "/paguaj/fake",
        "company": "/faturat/kompania/fake",
        "contract": f"/faturat/kontrata/{contract}",
        "invoice": f"/faturat/fatura/{invoice}",
    }
    for name, path in pages.items():
        await visit.page.goto(path)
        await visit.shows(SAID)
        await visit.screen(f"health-{name}")
    # they may try: nothing moves, and the page says so
    await visit.shows("Mund ta provoni gjithsesi")
    await visit.page.get_by_label("savings").check()
    await visit.click("Paguaj")
    await visit.shows(SAID, "Mund ta provoni gjithsesi")
    await visit.screen("health-confirm")
    await visit.click("Paguaj")
    await visit.shows("Pagesa nuk u krye", "Nuk është lëvizur asnjë para")
    await visit.screen("health-cancelled")
    assert world.bank.balances["c1", "savings"] == 25_000_000
    assert world.biller.pay_calls == []
    assert visit.complaints == []


async def test_what_was_not_sent_is_back_at_once(fake_site: tuple[Site, World], open_page: Open) -> None:
    site, world = fake_site
    visit = await open_page(site, "phone")
    _, invoice = await registered(visit, world)
    hold_funds = world.bank.hold_funds

    class Bank:
        def __getattr__(self, hook: str) -> object:
            return getattr(world.bank, hook)

        async def hold_funds(self, order: object) -> object:
            reply = await hold_funds(order)
            await fail(world, breaker.FAILURES)
            return reply

    world.faturat.bank._relay = Bank()
    await visit.page.goto(f"/faturat/fatura/{invoice}")
    await visit.page.get_by_label("savings").check()
    await visit.click("Paguaj")
    await visit.click("Paguaj")
    await visit.shows("Pagesa nuk u krye", "asgjë nuk iu dërgua", "Paratë tuaja u kthyen menjëherë të plota")
    await visit.screen("health-not-sent")
    assert world.bank.balances["c1", "savings"] == 25_000_000


async def test_a_company_that_answers_with_difficulty_and_one_that_works_by_files(
    fake_site: tuple[Site, World], open_page: Open
) -> None:
    site, world = fake_site
    visit = await open_page(site, "phone")
    _, invoice = await registered(visit, world)
    path = f"/faturat/fatura/{invoice}"
    await fail(world, 1)
    await visit.page.goto(path)
    assert await visit.page.locator(".trouble").count() == 0, "one call says little"
    await fail(world, 1)
    await visit.page.goto(path)
    await visit.shows("Kompania Fake po përgjigjet me vështirësi që prej 10:00")
    assert await visit.page.locator("#pay-help").count() == 0
    await visit.screen("health-disturbed")
    await fail(world, breaker.FAILURES - 2)
    biller = world.faturat.billers["fake"]
    world.faturat.billers = {"fake": replace(biller, capabilities=BY_FILES)}
    await visit.page.goto(path)
    await visit.shows("Mund të paguani: pagesën ia dërgojmë sapo të përgjigjet")
    await visit.screen("health-by-files")


async def test_lists_of_several_companies_say_it_once_of_each_that_has_something_there(
    fake_site: tuple[Site, World], open_page: Open
) -> None:
    site, world = fake_site
    world.biller.subscribers["AB13"] = "Test Test"
    world.biller.invoices["AB12"] = [make_invoice("F1"), make_invoice("F2")]
    world.biller.invoices["AB13"] = []
    visit = await open_page(site, "phone")
    await visit.log_in()
    said = visit.page.locator(".trouble")
    await fail(world, breaker.FAILURES)
    await visit.page.goto("/faturat")
    assert await said.count() == 0, "the customer has nothing there"
    world.clock.advance(timedelta(hours=1))
    home, flat = [
        (await world.faturat.contracts.register("c1", "fake", None, {"code": code}, code)).contract.id
        for code in ("AB12", "AB13")
    ]
    await fail(world, breaker.FAILURES)
    for path in ("/faturat", "/faturat/papaguara"):
        await visit.page.goto(path)
        assert await said.count() == 1, "of two contracts and two invoices"
    await visit.page.goto("/faturat/papaguara?kerko=asgje")
    assert await said.count() == 0, "none of its invoices is listed"
    await world.faturat.contracts.remove("c1", home)
    await visit.page.goto("/faturat")
    assert await said.count() == 1
    await visit.page.goto("/faturat/papaguara")
    assert await said.count() == 0, "nothing is to pay there"
    await world.faturat.contracts.remove("c1", flat)
    await visit.page.goto("/faturat")
    assert await said.count() == 0


async def test_in_english_and_on_another_day(fake_site: tuple[Site, World], open_page: Open) -> None:
    site, world = fake_site
    visit = await open_page(site, "desktop")
    _, invoice = await registered(visit, world)
    await fail(world, breaker.FAILURES, timedelta(days=1))
    await visit.page.goto(f"/faturat/fatura/{invoice}")
    await visit.page.get_by_role("button", name="English").click()
    await visit.shows("Fake has not answered since 21.11.2026 10:00. Your money is not touched.")


async def test_whoever_tries_out_numbers_reads_when_to_come_again(
    fake_site: tuple[Site, World], open_page: Open
) -> None:
    site, world = fake_site
    visit = await open_page(site, "phone")
    await visit.log_in()
    for _ in range(world.faturat.invoices.timing.look_ups_per_hour):
        assert await world.store.count_look_up("c1", world.clock.now(), 30, timedelta(hours=1)) is None
    await visit.look_up("Fake", "AB12")
    await visit.shows("deri në 30 herë në orë. Provoni përsëri pas 60 minutash")
    await visit.screen("health-too-many")
