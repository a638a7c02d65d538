"""Payments on a later day through the API."""

from datetime import timedelta
from typing import Any

from faturat.clock import SystemClock, company_day

REFERENCE = {"customer_code": "TR0.A0000000000000"}


async def test_a_payment_is_scheduled_repeated_and_cancelled(live: Any, demo: Any) -> None:
    [quote] = (await demo.post("/billers/oshee/lookup", {"reference": REFERENCE})).body["invoices"]
    made = await demo.post("/contracts", {"biller": "oshee", "reference": REFERENCE, "name": "x"})
    [invoice] = (await demo.get(f"/contracts/{made.body['id']}/invoices")).body["items"]
    on = (company_day(SystemClock().now()) + timedelta(days=2)).isoformat()
    body = {"invoice": invoice["id"], "account": "demo-2", "amount": invoice["total"], "on": on}
    no_contract = await demo.post("/payments", body | {"invoice": quote["id"]}, Idempotency_Key="q")
    assert (no_contract.status, no_contract.body["type"]) == (422, "/problems/later_without_contract")
    if invoice["due_on"] is not None and invoice["due_on"] < on:
        refused = await demo.post("/payments", body, Idempotency_Key="one")
        assert (refused.status, refused.body["type"]) == (409, "/problems/no_day_left")
        return
    first = await demo.post("/payments", body, Idempotency_Key="one")
    again = await demo.post("/payments", body, Idempotency_Key="one")
    assert (first.status, again.status, first.body) == (201, 200, again.body)
    assert (first.body["state"], first.body["on"]) == ("scheduled", on)
    listed = (await demo.get("/invoices?states=open")).body["items"]
    assert [invoice["scheduled_on"], *[each["scheduled_on"] for each in listed if each["id"] == invoice["id"]]] == [
        None,
        on,
    ]
    other = await demo.post("/payments", body | {"on": None}, Idempotency_Key="one")
    assert (other.status, other.body["type"]) == (422, "/problems/key_reused")
    now = await demo.post("/payments", body | {"on": None}, Idempotency_Key="two")
    assert (now.status, now.body["type"]) == (409, "/problems/already_scheduled")
    cancelled = await demo.post(f"/payments/{first.body['id']}/cancel", {})
    assert (cancelled.status, cancelled.body["state"], cancelled.body["on"]) == (200, "cancelled", None)
    assert live.company.books.bookings() == ()


async def test_autopay_is_set_read_and_stopped(live: Any, demo: Any, open_client: Any) -> None:
    made = await demo.post("/contracts", {"biller": "oshee", "reference": REFERENCE, "name": "x"})
    path = f"/contracts/{made.body['id']}/autopay"
    terms = {"account": "demo-2", "most_per_invoice": "5000.00", "most_per_month": "8000.00", "days_before": 3}
    none = await demo.get(path)
    assert (none.status, none.body["type"]) == (404, "/problems/no_autopay")
    for wrong, problem in [
        ({"days_before": 15}, "bad_days_before"),
        ({"most_per_month": "1.00"}, "month_below_invoice"),
        ({"most_per_invoice": "5"}, "bad_amount"),
        ({"account": "other-1"}, "unknown_account"),
    ]:
        refused = await demo.send("PUT", f"/api/v1{path}", terms | wrong)
        assert refused.body["type"] == f"/problems/{problem}"
    assert (await demo.send("PUT", f"/api/v1{path}", terms)).body == terms | {"scheduled": []}
    await live.faturat.autopay.run()
    read = await demo.get(path)
    assert [len(read.body["scheduled"]), read.body | {"scheduled": []}] == [1, terms | {"scheduled": []}]
    payment = await demo.get(f"/payments/{read.body['scheduled'][0]}")
    assert (payment.body["state"], payment.body["amount"]) == ("scheduled", "1707.40")
    assert (await (await open_client("other")).get(path)).status == 404
    assert (await demo.send("DELETE", f"/api/v1{path}")).status == 204
    assert (await demo.get(f"/payments/{payment.body['id']}")).body["reason"] == "autopay_stopped"
    assert (await demo.get(path)).status == 404
