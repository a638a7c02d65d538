"""Idempotency, lists in pages, and that nobody sees what is somebody else's."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from faturat.testing.books import CompanyContract, IssuedInvoice

REFERENCE = {"customer_code": "TR0.A0000000000000"}


async def body_of_payment(client: Any, account: str = "demo-2") -> dict[str, str]:
    found = await client.post("/billers/oshee/lookup", {"reference": REFERENCE})
    [invoice] = found.body["invoices"]
    return {"invoice": invoice["id"], "account": account, "amount": invoice["total"]}


async def test_a_look_up_masks_the_subscriber(demo: Any) -> None:
    found = (await demo.post("/billers/oshee/lookup", {"reference": REFERENCE})).body
    assert found["subscriber"] == "T*** T***"
    assert [(row["number"], row["contract"]) for row in found["invoices"]] == [("000000001", None)]
    assert (await demo.get("/contracts")).body == {"items": [], "next": None}


async def test_a_number_that_looks_like_another_brings_a_warning(live: Any, demo: Any) -> None:
    live.company.books.add_contract(CompanyContract("12345678", "Test Test"))
    reference = {"customer_code": "12345678"}
    found = await demo.post("/billers/oshee/lookup", {"reference": reference}, Accept_Language="en")
    [warning] = found.body["warnings"]
    assert warning["field"] == "customer_code"
    assert "serial number" in warning["message"]
    registered = await demo.post("/contracts", {"biller": "oshee", "reference": reference, "name": "x"})
    assert [each["field"] for each in registered.body["warnings"]] == ["customer_code"]


async def test_a_key_sent_again_answers_with_the_same_payment(live: Any, demo: Any) -> None:
    body = await body_of_payment(demo)
    first = await demo.post("/payments", body, Idempotency_Key="one")
    again = await demo.post("/payments", body, Idempotency_Key="one")
    assert (first.status, again.status) == (201, 200)
    assert first.body == again.body
    assert first.headers["Location"] == again.headers["Location"] == f"/api/v1/payments/{first.body['id']}"
    other = await demo.post("/payments", body | {"account": "demo-1"}, Idempotency_Key="one")
    assert (other.status, other.body["type"]) == (422, "/problems/key_reused")
    assert len(live.company.books.bookings()) == 1


async def test_one_key_posted_at_once_makes_one_payment(live: Any, demo: Any) -> None:
    body = await body_of_payment(demo)
    replies = await asyncio.gather(*(demo.post("/payments", body, Idempotency_Key="one") for _ in range(8)))
    statuses = Counter(reply.status for reply in replies)
    assert statuses[201] == 1, "one makes the payment"
    assert statuses.keys() <= {200, 201, 409}
    assert {reply.body["type"] for reply in replies if reply.status == 409} <= {"/problems/key_in_use"}
    assert len({reply.body["id"] for reply in replies if reply.status != 409}) == 1
    assert len((await demo.get("/payments")).body["items"]) == 1
    assert len(live.company.books.bookings()) == 1


async def test_many_keys_at_once_pay_an_invoice_once(live: Any, demo: Any) -> None:
    body = await body_of_payment(demo)
    replies = await asyncio.gather(*(demo.post("/payments", body, Idempotency_Key=f"key {n}") for n in range(8)))
    states = Counter(reply.body.get("state") for reply in replies)
    assert states["paid"] == 1
    assert all(reply.body.get("reason") == "already_paying" or reply.status in (201, 409) for reply in replies)
    assert len(live.company.books.bookings()) == 1
    assert (await demo.get("/accounts")).body["items"][1]["available"] == "248292.60"


async def test_a_key_belongs_to_its_customer(demo: Any, open_client: Any) -> None:
    other = await open_client("other")
    mine = await demo.post("/payments", await body_of_payment(demo, "demo-1"), Idempotency_Key="one")
    theirs = await other.post("/payments", await body_of_payment(other, "other-1"), Idempotency_Key="one")
    assert (mine.body["state"], theirs.body["state"]) == ("declined", "paid")


async def test_an_unknown_outcome_says_so(live: Any, demo: Any) -> None:
    live.company.fault("error_500_after_debit")
    reply = await demo.post("/payments", await body_of_payment(demo), Idempotency_Key="one", Accept_Language="en")
    assert (reply.status, reply.body["state"], reply.body["reason"]) == (201, "unknown", "outcome_unknown")
    assert "OSHEE" in reply.body["message"]
    payment = await live.faturat.payments.get("demo", reply.body["id"])
    level = reply.body["service_level"]
    assert level["asked"] == 0
    missing = await demo.get(f"/payments/{payment.id}/receipt")
    assert (missing.status, missing.body["type"]) == (404, "/problems/no_receipt")
    since, next_question, person = (
        datetime.fromisoformat(level[name]) for name in ("since", "next_question_at", "person_at")
    )
    assert (since, next_question) == (payment.submitted_at, payment.due_at)
    assert person - since == timedelta(days=1)
    paid = await live.faturat.operators.ask("op", payment.id)
    assert paid.state == "paid"
    assert (await demo.get(f"/payments/{paid.id}")).body["service_level"] is None


async def test_a_changed_total_is_named(live: Any, demo: Any) -> None:
    live.company.books.raise_penalties(100_00)
    body = await body_of_payment(demo)
    live.company.books.raise_penalties(100_00)
    reply = await demo.post("/payments", body, Idempotency_Key="one", Accept_Language="en")
    assert (reply.status, reply.body["state"], reply.body["reason"]) == (201, "cancelled", "amount_changed")
    assert "1,907.40 ALL" in reply.body["message"]


async def test_what_is_somebody_else_s_is_not_there(demo: Any, open_client: Any) -> None:
    other = await open_client("other")
    contract = (await demo.post("/contracts", {"biller": "oshee", "reference": REFERENCE, "name": "x"})).body
    payment = (await demo.post("/payments", await body_of_payment(demo), Idempotency_Key="one")).body
    unseen = {
        ("GET", f"/contracts/{contract['id']}"): "unknown_contract",
        ("PATCH", f"/contracts/{contract['id']}"): "unknown_contract",
        ("DELETE", f"/contracts/{contract['id']}"): "unknown_contract",
        ("GET", f"/contracts/{contract['id']}/invoices"): "unknown_contract",
        ("GET", f"/payments/{payment['id']}"): "unknown_payment",
        ("GET", f"/payments/{payment['id']}/receipt"): "unknown_payment",
    }
    for (method, path), code in unseen.items():
        reply = await other.send(method, f"/api/v1{path}", {"name": "y"} if method == "PATCH" else None)
        assert (reply.status, reply.body["type"]) == (404, f"/problems/{code}")
    stolen = {"invoice": payment["invoice"], "account": "other-1", "amount": "1707.40"}
    reply = await other.post("/payments", stolen, Idempotency_Key="mine")
    assert (reply.status, reply.body["type"]) == (404, "/problems/unknown_invoice")
    for path in ("/contracts", "/invoices", "/payments", "/notices"):
        assert (await other.get(path)).body == {"items": [], "next": None}
    assert [row["id"] for row in (await other.get("/accounts")).body["items"]] == ["other-1"]


async def test_lists_come_in_pages(live: Any, demo: Any) -> None:
    for number in range(5):
        code = f"TR0.D{number:013}"
        live.company.books.add_contract(CompanyContract(code, "Test Test"))
        invoice = IssuedInvoice(
            key=f"9{number}",
            contract=code,
            number=f"9{number}",
            issued_on=live.company.clock.now().date(),
            amount=100_00,
        )
        live.company.books.add_invoice(invoice)
        body = {"biller": "oshee", "reference": {"customer_code": code}, "name": f"{number}"}
        assert (await demo.post("/contracts", body)).status == 201
    for path, count in (("/contracts", 5), ("/invoices?states=open", 5)):
        whole = (await demo.get(path)).body
        assert len(whole["items"]) == count
        assert whole["next"] is None
        found, cursor = [], ""
        while cursor is not None:
            page = (await demo.get(f"{path}{'&' if '?' in path else '?'}limit=2&cursor={cursor}")).body
            assert 1 <= len(page["items"]) <= 2
            found, cursor = found + page["items"], page["next"]
        assert found == whole["items"]


async def test_a_new_invoice_brings_a_notice(live: Any, demo: Any) -> None:
    await demo.post("/contracts", {"biller": "oshee", "reference": REFERENCE, "name": "Shtëpia"})
    assert (await demo.get("/notices")).body["items"] == []
    invoice = IssuedInvoice(
        key="77",
        contract=REFERENCE["customer_code"],
        number="77",
        issued_on=live.company.clock.now().date(),
        amount=2500_00,
    )
    live.company.books.add_invoice(invoice)
    [contract] = await live.faturat.contracts.of("demo")
    await live.faturat.invoices.refresh(contract)
    [notice] = (await demo.get("/notices", Accept_Language="en")).body["items"]
    assert (notice["event"], notice["title"]) == ("invoice_new", "New invoice from OSHEE")
    assert "2,500.00 ALL" in notice["body"]


async def test_an_invoice_that_was_paid_elsewhere_says_so(live: Any, demo: Any) -> None:
    await demo.post("/contracts", {"biller": "oshee", "reference": REFERENCE, "name": "Shtëpia"})
    [contract] = await live.faturat.contracts.of("demo")
    [row] = await live.faturat.invoices.of("demo")
    assert (await demo.get("/invoices")).body["items"][0]["message"] == ""
    live.company.books.book("another-channel-1", row.invoice.invoice_key, 1, row.invoice.total)
    await live.faturat.invoices.refresh(contract)
    [gone] = (await demo.get("/invoices", Accept_Language="en")).body["items"]
    assert gone["state"] == "withdrawn"
    assert gone["message"].startswith("OSHEE no longer asks for this invoice; perhaps it was paid elsewhere.")
    [gone] = (await demo.get(f"/contracts/{contract.id}/invoices", Accept_Language="sq")).body["items"]
    assert gone["message"].startswith("Kompania OSHEE nuk e kërkon më këtë faturë; ndoshta është paguar gjetkë.")
