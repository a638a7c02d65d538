"""The guide's case through the API: register, see the invoice, pay from too little, pay from enough."""

from typing import Any

CODE = "TR0.A0000000000000"
CONTRACT = {"biller": "oshee", "reference": {"customer_code": CODE}, "name": "Test Test"}


async def test_the_guide_s_case(live: Any, demo: Any) -> None:
    contract = await demo.post("/contracts", CONTRACT)
    assert contract.status == 201
    assert contract.headers["Location"] == f"/api/v1/contracts/{contract.body['id']}"
    assert contract.body == {
        "id": contract.body["id"],
        "biller": "oshee",
        "reference": {"kind": "customer_code", "customer_code": CODE},
        "name": "Test Test",
        "subscriber": "Test Test",
        "warnings": [],
    }

    path = f"/contracts/{contract.body['id']}/invoices"
    [invoice] = (await demo.get(f"{path}?states=open")).body["items"]
    expected = {
        "biller": "oshee",
        "contract": contract.body["id"],
        "number": "000000001",
        "issued_on": "2018-08-01",
        "due_on": None,
        "amount": "1707.40",
        "penalty": "0.00",
        "discount": "0.00",
        "total": "1707.40",
        "currency": "ALL",
        "state": "open",
        "lines": [],
    }
    assert {name: invoice[name] for name in expected} == expected
    assert invoice["payable"]["choices"][0]["amount"] == "1707.40"
    [main, savings] = (await demo.get("/accounts")).body["items"]
    assert (main["name"], main["available"], main["currency"]) == ("Llogaria kryesore", "18.13", "ALL")

    payment = {"invoice": invoice["id"], "account": main["id"], "amount": "1707.40"}
    declined = await demo.post("/payments", payment, Idempotency_Key="from main")
    assert declined.status == 201
    assert (declined.body["state"], declined.body["reason"]) == ("declined", "insufficient_funds")
    assert "18,13 ALL" in declined.body["message"]
    assert declined.body["receipt"] is None
    assert (await demo.get("/accounts")).body["items"] == [main, savings]
    assert live.company.books.bookings() == ()

    payment |= {"account": savings["id"]}
    paid = await demo.post("/payments", payment, Idempotency_Key="from savings")
    assert (paid.status, paid.body["state"], paid.body["message"]) == (201, "paid", "")
    [booking] = live.company.books.bookings()
    assert paid.body["receipt"]["number"] == booking.receipt
    assert (await demo.get(f"/payments/{paid.body['id']}/receipt")).body == paid.body["receipt"]
    assert paid.body["receipt"]["amount"] == "1707.40"
    assert (await demo.get("/accounts")).body["items"][1]["available"] == "248292.60"

    assert (await demo.get(f"{path}?states=open")).body["items"] == []
    assert [row["state"] for row in (await demo.get(path)).body["items"]] == ["paid"]
    again = await demo.post("/payments", payment, Idempotency_Key="once more")
    assert (again.status, again.body["type"]) == (409, "/problems/invoice_not_open")

    listed = (await demo.get("/payments")).body["items"]
    assert [row["id"] for row in listed] == [paid.body["id"], declined.body["id"]]
    assert (await demo.get(f"/payments/{paid.body['id']}")).body == paid.body
