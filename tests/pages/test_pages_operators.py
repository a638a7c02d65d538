"""An operator's whole way in a browser: what waits, the question put again, the decision, the case."""

from datetime import timedelta

import pytest
from operators_kit import AMOUNT, RETURNED, SETTLED, fill_decision, unknown
from pages_kit import Open, Site, Visit

from faturat import PaymentState, Rejected, Rejection, verify
from faturat.audit import AuditAction
from faturat_server.pages.rendering import write_moment

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", ["phone", "desktop"])
async def test_from_an_unknown_payment_to_a_closed_case(site: Site, open_page: Open, size: str) -> None:
    payment = await unknown(site)
    customer = await open_page(site, size)
    await customer.log_in()
    visit = await open_page(site, size, java_script_enabled=size == "desktop")
    await visit.log_in("operator")
    await _find(visit, payment.id)
    await _ask(site, visit)
    await _decide(site, visit)
    await _close_the_case(site, visit, payment.id)
    await _look_back(site, visit)
    await customer.page.goto(f"/pagesat/{payment.id}")
    await customer.shows("Pagesa u krye", "Numri i mandatit", "R-77")
    assert (await verify(site.faturat)).faults == ()
    assert ["409" in said for said in visit.complaints] == [True], "the decision that was too early"


async def _find(visit: Visit, payment: str) -> None:
    await visit.shows("Kreu", "Rezultat i panjohur", "1", "Nuk ka asnjë rast të hapur.", "OSHEE")
    await visit.click("Rezultat i panjohur")
    await visit.shows("OSHEE", "1.707,40 ALL", payment, "kontrolluar 0 herë", "punonjësi thirret më")
    await visit.page.locator("main li a").click()
    await visit.shows(
        payment,
        "1.707,40 ALL",
        "Klienti demo",
        "Llogaria demo-2",
        "Niveli i shërbimit",
        "Historiku është i verifikuar dhe i pandryshuar.",
        "outcome_unknown",
    )


async def _ask(site: Site, visit: Visit) -> None:
    assert site.company is not None
    site.company.fault("error_500")
    await visit.click("Pyet përsëri")
    await visit.shows("Rezultat i panjohur", "Kontrolluar 1 herë", "Pyeti përsëri", "operator")


async def _decide(site: Site, visit: Visit) -> None:
    await fill_decision(visit, SETTLED, "R-77")
    await visit.shows("Kompania mund të jetë duke u pyetur pikërisht tani.")
    assert await visit.page.get_by_label("Prova").input_value() == "lista e datës 22.11.2026", "what was typed is kept"
    site.clock.ahead = timedelta(minutes=1)
    await visit.click("Vazhdo")
    await visit.shows(
        "Konfirmoni vendimin",
        "1.707,40 ALL merren nga llogaria demo-2 e klientit demo; kompania OSHEE merr 1.707,40 ALL.",
        "R-77",
        "u pa te lista",
    )
    assert (await site.faturat.operators.counts()).keys() == {PaymentState.UNKNOWN}, "nothing is done yet"
    await visit.click("Merr paratë")
    await visit.shows("E paguar", "R-77", "Vendosi: paratë i ka kompania", "u pa te lista", "lista e datës 22.11.2026")
    _, savings = await site.faturat.accounts("demo")
    assert savings.available == 250_000_00 - AMOUNT


async def _close_the_case(site: Site, visit: Visit, payment: str) -> None:
    """The company says afterwards, of its own accord, that it did not take the payment."""
    await site.faturat.payments.told("oshee", payment, Rejected(Rejection.NOT_ACCEPTED))
    await visit.menu("Kreu")
    await visit.click("rejected=not_accepted")
    await visit.shows("Rasti", "I hapur", "Burimi Kompania", "1.707,40 ALL", "Gjendja atëherë E paguar", payment)
    await visit.page.get_by_label("Kthim te klienti").check()
    await visit.page.get_by_label("Shuma e rregullimit").fill("1.707,40")
    await visit.page.get_by_label("Regjistrimi në librat e bankës").fill("GL-77")
    await visit.page.get_by_label("Pse zgjidhet kështu").fill("letra e kompanisë")
    await visit.click("Mbyll rastin")
    await visit.shows("I mbyllur", "Kthim te klienti", "Shuma e rregullimit 1.707,40 ALL", "GL-77")
    await visit.menu("Rastet")
    await visit.shows("Nuk ka asnjë rast të hapur.")
    await visit.click("Të gjitha rastet")
    await visit.shows("rejected=not_accepted", "I mbyllur")


async def _look_back(site: Site, visit: Visit) -> None:
    await visit.menu("Veprimet")
    await visit.shows("Pyeti përsëri", "Vendosi: paratë i ka kompania", "Mbylli rastin", "GL-77", "letra e kompanisë")
    deeds = await site.faturat.operators.audit()
    assert [(deed.operator, deed.action) for deed in reversed(deeds)] == [
        ("operator", AuditAction.ASKED),
        ("operator", AuditAction.SETTLED),
        ("operator", AuditAction.CASE_CLOSED),
    ]


async def test_the_money_goes_back(site: Site, open_page: Open) -> None:
    payment = await unknown(site)
    assert payment.submitted_at is not None
    site.clock.ahead = timedelta(minutes=1)
    visit = await open_page(site)
    await visit.log_in("operator")
    await visit.page.goto(f"/operatori/pagesat/{payment.id}")
    at = write_moment(payment.submitted_at + timedelta(days=1))
    await visit.shows(
        f"Paratë mund të kthehen duke filluar nga {at}: deri atëherë urdhri mund të mbërrijë te kompania."
    )
    await fill_decision(visit, RETURNED)
    await visit.shows("mund të mbërrijë ende. Kthejini paratë pas 24 orësh")
    site.clock.ahead = timedelta(days=1, minutes=1)
    await visit.log_in("operator")
    await visit.page.goto(f"/operatori/pagesat/{payment.id}")
    await fill_decision(visit, RETURNED)
    await visit.shows(
        "1.707,40 ALL kthehen të plota te llogaria demo-2 e klientit demo. Kompania OSHEE nuk merr asgjë."
    )
    await visit.page.locator("main form button").dblclick()
    await visit.page.get_by_role("heading", name="Para të kthyera").wait_for()
    await visit.shows("Para të kthyera", "Vendosi: paratë kthehen")
    assert [deed.action for deed in await site.faturat.operators.audit()] == [AuditAction.RETURNED]
    customer = await open_page(site)
    await customer.log_in()
    await customer.page.goto(f"/pagesat/{payment.id}")
    await customer.shows("Banka e shqyrtoi pagesën dhe kompania OSHEE nuk e ka marrë. Paratë tuaja u kthyen të plota.")
    assert (await verify(site.faturat)).faults == ()
