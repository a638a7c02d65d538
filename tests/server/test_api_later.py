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
    other = await demo.post("/payments", body | {"on": None}, Idempotency_Key="one")
    assert (other.status, other.body["type"]) == (422, "/problems/key_reused")
    now = await demo.post("/payments", body | {"on": None}, Idempotency_Key="two")
    assert (now.status, now.body["type"]) == (409, "/problems/already_scheduled")
    cancelled = await demo.post(f"/payments/{first.body['id']}/cancel", {})
    assert (cancelled.status, cancelled.body["state"], cancelled.body["on"]) == (200, "cancelled", None)
    assert live.company.books.bookings() == ()
