"""What operators do to forms: wrong input, a payment that moved, two clicks, the other language."""

from datetime import timedelta

import pytest
from fakes.biller import make_invoice
from fakes.world import World
from operators_kit import RETURNED, SETTLED, fill_decision, under_review_in
from pages_kit import Open, Site, Visit

from faturat import Payment, Rejected, Rejection
from faturat.audit import AuditAction
from faturat.operators.service import Decision

pytestmark = pytest.mark.browser

LONG = "x" * 501


async def fill(visit: Visit, **typed: str) -> None:
    for field, value in typed.items():
        await visit.page.locator(f"#{field}").fill(value)


async def wrong(visit: Visit, field: str, says: str) -> None:
    """One field is wrong, and says so beside itself."""
    assert says in await visit.page.locator(f"#{field}-error").inner_text()
    assert await visit.page.locator("main .wrong").count() == 1
    control = visit.page.locator(f"#{field}")
    if await control.count():
        assert await control.get_attribute("aria-invalid") == "true"
        assert await control.get_attribute("aria-describedby") == f"{field}-error"


async def opened(fake_site: tuple[Site, World], open_page: Open) -> tuple[Visit, World, Payment]:
    site, world = fake_site
    payment = await under_review_in(world)
    visit = await open_page(site, "desktop")
    await visit.log_in("operator")
    await visit.page.goto(f"/operatori/pagesat/{payment.id}")
    return visit, world, payment


async def test_a_decision_typed_wrongly_is_named_beside_its_field(
    fake_site: tuple[Site, World], open_page: Open
) -> None:
    visit, world, payment = await opened(fake_site, open_page)
    good = {"mandati": "R-1", "arsyeja": "u pa", "prova": "lista"}
    for where, typed, field, says in (
        (None, {}, "vendimi", "Zgjidhni ku janë paratë"),
        (SETTLED, {"mandati": " "}, "mandati", "Plotësoni fushën “Numri i mandatit”."),
        (SETTLED, {"mandati": "R" * 201}, "mandati", "deri në 200 shenja"),
        (RETURNED, {}, "mandati", "Kur paratë kthehen, kompania nuk ka dhënë mandat."),
        (SETTLED, {"arsyeja": ""}, "arsyeja", "Plotësoni fushën “Arsyeja”."),
        (SETTLED, {"arsyeja": "a\u202eb"}, "arsyeja", "U+202E"),
        (SETTLED, {"prova": LONG}, "prova", "deri në 500 shenja; keni shkruar 501"),
        (RETURNED, {"mandati": "", "prova": "\n"}, "prova", "Plotësoni fushën “Prova”."),
    ):
        await visit.page.goto(f"/operatori/pagesat/{payment.id}")
        if where is not None:
            await visit.page.get_by_label(where).check()
        await fill(visit, **(good | typed))
        await visit.click("Vazhdo")
        await wrong(visit, field, says)
        for each, value in (good | typed).items():
            assert (await visit.page.locator(f"#{each}").input_value()).strip() == value.strip()
    assert await world.faturat.operators.audit() == []


async def test_a_payment_that_moved_is_shown_as_it_stands_now(fake_site: tuple[Site, World], open_page: Open) -> None:
    """Before the confirmation and after it."""
    visit, world, payment = await opened(fake_site, open_page)
    await fill_decision(visit, RETURNED)
    await visit.shows("Konfirmoni vendimin")
    other = Decision(version=payment.version, receipt="R-5", reason="telefon", evidence="letra 5")
    await world.faturat.operators.decide("tjetri", payment.id, other)
    await visit.click("Kthe paratë")
    await visit.shows("Pagesa ka ndryshuar ndërkohë. Shiheni përsëri", "E paguar", "R-5", "tjetri")
    assert await visit.page.locator("#arsyeja").count() == 0, "there is nothing to decide any more"
    paid = await world.faturat.payments.get("c1", payment.id)
    assert paid.state == "paid"
    assert [deed.operator for deed in await world.faturat.operators.audit()] == ["tjetri"]


async def test_what_was_shown_is_what_is_decided(fake_site: tuple[Site, World], open_page: Open) -> None:
    """A form that lay open while the payment moved on is refused, though the payment still is to be decided."""
    visit, world, payment = await opened(fake_site, open_page)
    await visit.page.locator("input[name=versioni]").evaluate("each => { each.value = String(each.value - 1) }")
    await fill_decision(visit, RETURNED)
    await visit.shows("Pagesa ka ndryshuar ndërkohë.", "Në shqyrtim")
    assert await world.faturat.payments.get("c1", payment.id) == payment


async def test_a_decision_sent_twice_is_one(fake_site: tuple[Site, World], open_page: Open) -> None:
    visit, world, payment = await opened(fake_site, open_page)
    await fill_decision(visit, SETTLED, "R-7")
    form = {
        await each.get_attribute("name") or "": await each.input_value()
        for each in await visit.page.locator("main form input").all()
    }
    for _ in range(2):
        answer = await visit.page.context.request.post(f"/operatori/pagesat/{payment.id}/vendos", form=form)
        assert (answer.status, answer.url.endswith(payment.id)) == (200, True)
    assert [deed.action for deed in await world.faturat.operators.audit()] == [AuditAction.SETTLED]


async def test_a_receipt_that_the_bank_did_not_take_is_warned_of(
    fake_site: tuple[Site, World], open_page: Open
) -> None:
    site, world = fake_site
    world.bank.refuse_capture = True
    payment = await world.pay()
    visit = await open_page(site)
    await visit.log_in("operator")
    await visit.page.goto(f"/operatori/pagesat/{payment.id}")
    await fill_decision(visit, RETURNED)
    await visit.shows(f"Kompania ka dhënë mandatin R-{payment.id}: ktheni paratë vetëm nëse ajo e ka anuluar.")
    world.bank.refuse_capture = False
    await visit.click("Anulo")
    await visit.click("Pyet përsëri")
    await visit.shows("E paguar", "Pyeti përsëri")


async def test_a_case_by_hand_and_its_wrong_inputs(fake_site: tuple[Site, World], open_page: Open) -> None:
    visit, world, payment = await opened(fake_site, open_page)
    assert await visit.page.locator("#thene").count() == 0, "it is to be decided, not to be contradicted"
    await fill_decision(visit, SETTLED, "R-1")
    await visit.click("Merr paratë")
    await visit.click("Hap rast")
    await wrong(visit, "thene", "Plotësoni fushën “Çfarë u mësua”.")
    await fill(visit, thene="u kthye mbrapsht, letra 14")
    await visit.click("Hap rast")
    await visit.shows("Rasti · Fake", "u kthye mbrapsht, letra 14", "Burimi Punonjësi")
    for kind, typed, field, says in (
        (None, {}, "rregullimi", "Zgjidhni një nga rregullimet."),
        ("Pa rregullim", {"shuma": "1,00"}, "rregullimi", "Pa rregullim nuk ka as shumë"),
        ("Kthim te klienti", {"shuma": "shumë"}, "shuma", "Shuma “shumë” nuk lexohet."),
        ("Kthim te klienti", {"shuma": ""}, "shuma", "mbi zero dhe deri në 1.707,40 ALL"),
        ("Arkëtim nga klienti", {"shuma": "1.707,41"}, "shuma", "mbi zero dhe deri në 1.707,40 ALL"),
        (
            "Shumën e mban banka",
            {"shuma": "10,00"},
            "regjistrimi",
            "Plotësoni fushën “Regjistrimi në librat e bankës”.",
        ),
        ("Pa rregullim", {"arsyeja": LONG}, "arsyeja", "deri në 500 shenja"),
    ):
        if kind is not None:
            await visit.page.get_by_label(kind).check()
        await fill(visit, **({"shuma": "", "regjistrimi": "", "arsyeja": "u pa"} | typed))
        await visit.click("Mbyll rastin")
        await wrong(visit, field, says)
    await visit.page.get_by_label("Pa rregullim").check()
    await fill(visit, arsyeja="gabim i kompanisë")
    await visit.click("Mbyll rastin")
    await visit.shows("I mbyllur", "Pa rregullim")
    await visit.page.goto(f"/operatori/pagesat/{payment.id}")
    await fill(visit, thene="u kthye  mbrapsht, letra 14")
    await visit.click("Hap rast")
    await wrong(visit, "thene", "ka tashmë një rast me të njëjtat fjalë")
    deeds = sorted(deed.action for deed in await world.faturat.operators.audit())
    assert deeds == [AuditAction.CASE_CLOSED, AuditAction.CASE_OPENED, AuditAction.SETTLED]


async def test_a_case_of_a_payment_that_is_to_decide_waits(fake_site: tuple[Site, World], open_page: Open) -> None:
    visit, world, payment = await opened(fake_site, open_page)
    await world.faturat.payments.told("fake", payment.id, Rejected(Rejection.NOT_ACCEPTED))
    await visit.menu("Rastet")
    await visit.click("rejected=not_accepted")
    await visit.shows("Për pagesën duhet vendosur ende")
    await visit.click("Shiko pagesën")
    await visit.shows(payment.id, "rejected=not_accepted")


async def test_the_list_by_state_company_and_age(fake_site: tuple[Site, World], open_page: Open) -> None:
    visit, world, payment = await opened(fake_site, open_page)
    await visit.menu("Pagesat")
    await visit.shows(payment.id)
    await visit.page.get_by_label("Gjendja").select_option("Rezultat i panjohur")
    await visit.click("Shfaq")
    await visit.shows("Nuk u gjet asnjë pagesë e tillë.")
    await visit.page.get_by_label("Gjendja").select_option("Në shqyrtim")
    await visit.page.get_by_label("Kompania").select_option("Fake")
    await visit.page.get_by_label("Pret prej të paktën").fill("1h")
    await visit.click("Shfaq")
    await visit.shows("Nuk u gjet asnjë pagesë e tillë.")
    world.clock.advance(timedelta(hours=1))
    await visit.click("Shfaq")
    await visit.shows(payment.id, "në këtë gjendje prej 1 orë")
    for query, field, says in (
        ("mosha=dje", "age", "“dje” nuk lexohet. Shkruani minutat, orët ose ditët"),
        ("gjendja=humbur", "state", "Nuk ka gjendje “humbur”."),
        ("kompania=humbur", "biller", "Kjo kompani nuk gjendet."),
    ):
        await visit.page.goto(f"/operatori/pagesat?{query}")
        assert says in await visit.page.locator(f"#{field}-error").inner_text()
        assert await visit.page.locator(f"[aria-describedby={field}-error]").count() == 1


async def test_long_lists_come_in_pages(
    fake_site: tuple[Site, World], open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("faturat_server.pages.operators.PAGE", 2)
    monkeypatch.setattr("faturat_server.pages.operator_cases.PAGE", 2)
    visit, world, payment = await opened(fake_site, open_page)
    await fill_decision(visit, RETURNED)
    await visit.click("Kthe paratë")
    for number in range(1, 4):
        await world.faturat.operators.open_case("op", payment.id, f"letra {number}")
        world.clock.advance(timedelta(seconds=1))
    for path, first, second in (
        ("/operatori/rastet", ["letra 3", "letra 2"], ["letra 1"]),
        ("/operatori/rastet?te=gjitha", ["letra 3", "letra 2"], ["letra 1"]),
        ("/operatori/veprimet", ["letra 3", "letra 2"], ["letra 1", "lista e datës 22.11.2026"]),
    ):
        await visit.page.goto(path)
        await visit.shows(*first)
        await visit.click("Më të vjetra")
        await visit.shows(*second)
        shown = await visit.page.locator("main").inner_text()
        assert not [each for each in first if each in shown]
    world.biller.invoices["AB12"] = [make_invoice()]
    world.biller.reject = Rejection.NOT_ACCEPTED
    later = []
    for number in range(2):
        world.clock.advance(timedelta(seconds=1))  # ids sort by the time at which they were made
        later.append(await world.pay(key=f"more {number}"))
    await visit.page.goto("/operatori/pagesat?gjendja=failed&kompania=fake")
    await visit.shows(payment.id, later[0].id)
    await visit.click("Më të reja")
    await visit.shows(later[1].id)
    assert "kompania=fake" in visit.page.url


async def test_the_pages_in_english(fake_site: tuple[Site, World], open_page: Open) -> None:
    visit, world, payment = await opened(fake_site, open_page)
    await visit.page.get_by_role("button", name="English").click()
    await visit.shows("Under review", "1,707.40 ALL", "Service level", "Ask again", "Where is the money?")
    await visit.click("Continue")
    await visit.shows("Choose where the money is: the company has it, or it goes back to the customer.")
    await visit.page.get_by_label("The company does not have it").check()
    await fill(visit, arsyeja="seen in the list", prova="list of 22.11.2026")
    await visit.click("Continue")
    await visit.shows(
        "Confirm the decision",
        "1,707.40 ALL go back in full to account savings of customer c1. Fake gets nothing. This cannot be undone.",
    )
    await visit.click("Return the money")
    await visit.shows("Money returned", "Decided: the money goes back", "The chain of the history is verified.")
    await world.faturat.operators.open_case("op", payment.id, "letter 5")
    for path, words in (
        ("/operatori", ["Overview", "No payment is waiting.", "Open cases", "letter 5", "An operator"]),
        ("/operatori/pagesat?gjendja=failed", ["Payment list", "Money returned", "in this state for"]),
        ("/operatori/rastet", ["Cases", "letter 5"]),
        ("/operatori/veprimet", ["Actions", "Opened the case", "Decided: the money goes back"]),
    ):
        await visit.page.goto(path)
        await visit.shows(*words)
