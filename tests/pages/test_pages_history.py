"""The history, its spreadsheet, and what was spent by month and company."""

import csv
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from fakes.biller import make_invoice
from fakes.world import World
from msgspec.structs import replace
from pages_kit import Open, Site

from faturat import FaturatError, Order, Payment, Receipt, Reference
from faturat.payments.rules import create
from faturat.payments.timing import Timing
from faturat.payments.types import IdempotencyKey, Plan
from faturat_server.history_csv import HistoryRow, as_csv
from faturat_server.months import month_bounds, month_of, months_to, read_month
from faturat_server.spending import sum_up


def begun(at: datetime, amount: int, biller: str = "fake", currency: str = "ALL") -> Plan:
    order = Order(
        id=f"pay_{at:%d}",
        customer="c1",
        account="savings",
        biller=biller,
        reference=Reference("contract", {"code": "AB12"}),
        invoice_key="F1",
        amount=amount,
        currency=currency,
        created_at=at,
    )
    key = IdempotencyKey(customer="c1", key="k", body_hash="")
    return create(order, "inv_1", amount, key, Timing())


def payment(*facts: Any, **more: Any) -> Payment:
    return begun(*facts, **more).payment


def test_months_begin_at_midnight_in_albania() -> None:
    since, until = month_bounds(date(2026, 3, 1))
    assert since == datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert until == datetime(2026, 3, 31, 22, tzinfo=UTC)
    assert month_of(since) == date(2026, 3, 1)
    assert month_of(since - timedelta(seconds=1)) == date(2026, 2, 1)
    assert months_to(date(2026, 2, 1), 3) == (date(2026, 2, 1), date(2026, 1, 1), date(2025, 12, 1))
    assert read_month("2026-12") == date(2026, 12, 1)
    assert month_bounds(date(2026, 12, 1))[1] == month_bounds(date(2027, 1, 1))[0]


@pytest.mark.parametrize("code", ["", "2026", "2026-13", "2026-1", "11.2026", "２０２６-11", "2026-11-01"])
def test_other_months_are_refused(code: str) -> None:
    with pytest.raises(FaturatError) as refused:
        read_month(code)
    assert (refused.value.code, refused.value.field) == ("unknown_choice", "month")


def test_spending_by_month_company_and_currency() -> None:
    months = (date(2026, 10, 1), date(2026, 11, 1))
    paid = [
        payment(datetime(2026, 10, 31, 22, 59, tzinfo=UTC), 100),
        payment(datetime(2026, 10, 31, 23, tzinfo=UTC), 20),
        payment(datetime(2026, 11, 2, tzinfo=UTC), 500, "water"),
        payment(datetime(2026, 11, 3, tzinfo=UTC), 3, currency="EUR"),
    ]
    [lek, euro] = sum_up(paid, months)
    assert (lek.currency, lek.total) == ("ALL", (100, 520))
    assert list(lek.by_biller.items()) == [("water", (0, 500)), ("fake", (100, 20))]
    assert (euro.currency, euro.total, euro.by_biller) == ("EUR", (0, 3), {"fake": (0, 3)})
    assert sum_up([], months) == []


def test_the_spreadsheet_is_text_and_no_formula() -> None:
    night = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)
    paid = replace(payment(night, 1_707_40), receipt=Receipt("@R1", night, 1_707_40))
    written = as_csv([HistoryRow(paid, "paid", "Ujësjellës", "=1+1", "@AB12", '-"2,3'), _bare(night)], "sq")
    assert written.startswith(b"\xef\xbb\xbfData;Kompania;")
    first, second = _read(written)
    assert first["Data"] == first["Paguar më"] == "2026-11-01"
    assert (first["Shuma"], first["Komisioni"], first["Monedha"]) == ("1707,40", "0,00", "ALL")
    assert (first["Kompania"], first["Gjendja"]) == ("Ujësjellës", "E paguar")
    assert (first["Kontrata"], first["Numri i faturës"], first["Numri i mandatit te kompania"]) == (
        "'=1+1",
        "'-\"2,3",
        "'@R1",
    )
    assert first["Referenca e kontratës"] == "'@AB12"
    assert (second["Kontrata"], second["Paguar më"], second["Gjendja"]) == ("'\t+1", "", "Në kryerje")
    in_english = as_csv([_bare(night)], "en").decode("utf-8-sig").splitlines()
    assert in_english[0].startswith("Date,Company,")
    assert ",0.05,0.00,ALL,Under way," in in_english[1]


def _bare(night: datetime) -> HistoryRow:
    return HistoryRow(payment(night, 5), "under_way", "fake", "\t+1", "", "")


def _read(written: bytes) -> list[dict[str, Any]]:
    return list(csv.DictReader(StringIO(written.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.browser
async def test_payments_are_narrowed_down_added_up_and_taken_away(
    fake_site: tuple[Site, World], open_page: Open
) -> None:
    site, world = fake_site
    world.biller.invoices["AB12"] = [
        make_invoice("F-1", 100_00),
        make_invoice("F-2", 20_50),
        make_invoice("F-3", 900_00),
    ]
    faturat, visit = world.faturat, await open_page(site, java_script_enabled=False)
    await faturat.contracts.register("c1", "fake", None, {"code": "AB12"}, "=HYPERLINK()")
    ids = {each.invoice.number: each.id for each in await faturat.invoices.of("c1")}
    await faturat.payments.pay("c1", ids["F-1"], "savings", 100_00, "k1")
    await world.store.commit(begun(world.clock.now(), 50_00, "no-longer-loaded"))
    world.clock.advance(timedelta(days=40))
    await faturat.payments.pay("c1", ids["F-2"], "savings", 20_50, "k2")
    world.clock.advance(timedelta(minutes=1))
    await faturat.payments.pay("c1", ids["F-3"], "main", 900_00, "k3")  # declined, for there is less
    await visit.log_in()
    await visit.menu("Historiku")
    assert await visit.page.locator(".lines a .code").all_inner_texts() == ["F-3", "F-2", "F-1"]
    assert await visit.page.locator(".line").count() == 4
    await visit.page.get_by_label("Muaji").select_option("nëntor 2026")
    await visit.page.get_by_label("Kompania").select_option("Fake")
    await visit.click("Shfaq")
    assert await visit.page.locator(".lines a .code").all_inner_texts() == ["F-1"]
    assert await visit.page.locator(".line").count() == 1
    await visit.screen("history-narrowed")
    address = await visit.page.get_by_role("link", name="Shkarko CSV").get_attribute("href")
    reply = await visit.page.request.get(address or "")
    assert reply.headers["content-disposition"] == 'attachment; filename="faturat-2026-11-fake.csv"'
    [row] = _read(await reply.body())
    assert (row["Numri i faturës"], row["Shuma"], row["Kontrata"]) == ("F-1", "100,00", "'=HYPERLINK()")
    assert row["Referenca e kontratës"] == "AB12"
    everything = await visit.page.request.get("/pagesat/csv")
    numbers = [row["Numri i faturës"] for row in _read(await everything.body())]
    assert sorted(numbers) == ["", "F-1", "F-2", "F-3"]
    await visit.page.get_by_label("Muaji").select_option("dhjetor 2026")
    await visit.click("Shfaq")
    await visit.shows("Nuk u gjet asnjë pagesë e tillë.")
    await visit.click("Shpenzimet")
    await visit.shows("në muajt shkurt 2026 – janar 2027", "Fake 120,50 ALL")
    cells = await visit.page.locator("tbody tr").all_inner_texts()
    assert [" ".join(row.split()) for row in cells][:3] == [
        "janar 2027 20,50 20,50 ALL",
        "dhjetor 2026 0,00 ALL",
        "nëntor 2026 100,00 100,00 ALL",
    ]
    assert await visit.page.locator(".bars rect").count() == 2
    await visit.screen("spending")
    assert visit.complaints == []
    reply = await visit.page.goto("/pagesat?muaji=2026-13")
    assert reply is not None
    assert reply.status == 422
    await visit.shows("“2026-13” nuk është në listë.")


@pytest.mark.browser
async def test_each_payment_says_which_contract_it_was_for(fake_site: tuple[Site, World], open_page: Open) -> None:
    site, world = fake_site
    due = world.clock.now().date() + timedelta(days=9)
    for code in ("AB12", "AB13"):
        world.biller.subscribers[code] = "Test Test"
        world.biller.invoices[code] = [make_invoice(f"F-{code}", 100_00, due_on=due)]
    faturat, visit = world.faturat, await open_page(site, (320, 640), java_script_enabled=False)
    home, flat = [
        (await faturat.contracts.register("c1", "fake", None, {"code": code}, name)).contract
        for code, name in (("AB12", "Shtëpia"), ("AB13", "Apartamenti i prindërve"))
    ]
    ids = {each.contract: each.id for each in await faturat.invoices.of("c1")}
    paid = await faturat.payments.pay("c1", ids[home.id], "savings", 100_00, "k1")
    on = due - timedelta(days=3)
    planned = await faturat.payments.schedule("c1", ids[flat.id], "savings", 100_00, "k2", on, 100_00)
    await visit.log_in()
    await visit.page.goto("/pagesat")
    await visit.shows("Fake F-AB12 E paguar Shtëpia · AB12", "Fake F-AB13 Apartamenti i prindërve · AB13")
    await visit.screen("history-contracts")
    await visit.page.goto(f"/pagesat/{planned.id}")
    await visit.shows("Përfituesi Fake Kontrata Apartamenti i prindërve Numri i kontratës AB13 Numri i faturës F-AB13")
    await visit.screen("payment-contract")
    await visit.click("Apartamenti i prindërve")
    await visit.shows("Të dhënat e kontratës")
    # a contract that is no longer there has no name; its number stays, also where the invoice is gone
    for contract in (home, flat):
        await faturat.contracts.remove("c1", contract.id)
    await visit.page.goto(f"/pagesat/{paid.id}")
    await visit.shows("Përfituesi Fake Numri i kontratës AB12 Numri i faturës F-AB12")
    await visit.page.goto(f"/pagesat/{planned.id}")
    await visit.shows("Pagesa u anulua", "AB13")
    assert await visit.page.get_by_text("Apartamenti").count() == 0
    # taken back, its invoices are other rows; the payment finds its own among them
    restored = await faturat.contracts.restore("c1", flat.id)
    await faturat.invoices.refresh_all("fake", [restored])
    await visit.page.goto("/pagesat")
    await visit.shows("Fake F-AB13 E anuluar")
    written = _read(await (await visit.page.request.get("/pagesat/csv")).body())
    assert sorted(row["Numri i faturës"] for row in written) == ["F-AB12", "F-AB13"]
