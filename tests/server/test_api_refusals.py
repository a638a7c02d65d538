"""What each route refuses, and how it says so."""

from itertools import product
from typing import Any

import pytest

CODE = "TR0.A0000000000000"
REFERENCE = {"customer_code": CODE}
CONTRACT = {"biller": "oshee", "reference": REFERENCE, "name": "Test Test"}


async def quote(client: Any) -> dict[str, Any]:
    """The guide's invoice, looked up."""
    found = await client.post("/billers/oshee/lookup", {"reference": REFERENCE})
    return dict(found.body["invoices"][0])


def problem(reply: Any) -> tuple[int, str, str | None]:
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert reply.body["status"] == reply.status
    assert reply.body["title"]
    assert reply.body["detail"]
    return reply.status, reply.body["type"].removeprefix("/problems/"), reply.body.get("field")


BODIES = [
    ("/tokens", {"username": "demo", "password": "wrong wrong"}, (401, "bad_login", None)),
    ("/tokens", {"username": "demo"}, (400, "bad_request", "password")),
    ("/tokens", {"username": "demo", "password": 7}, (400, "bad_request", "password")),
    ("/tokens", {"username": "demo", "password": "x", "remember": True}, (400, "bad_request", "remember")),
    ("/billers/nobody/lookup", {"reference": REFERENCE}, (404, "unknown_biller", "biller")),
    ("/billers/oshee/lookup", {"reference": {}}, (422, "field_required", "customer_code")),
    ("/billers/oshee/lookup", {"reference": {"plate": "AA001AA"}}, (422, "field_unknown", "plate")),
    ("/billers/oshee/lookup", {"reference": {"kind": "plate"}}, (422, "bad_reference_kind", "kind")),
    (
        "/billers/oshee/lookup",
        {"reference": {"customer_code": "TR0.C0000000000000"}},
        (422, "unknown_reference", "customer_code"),
    ),
    (
        "/billers/oshee/lookup",
        {"reference": {"customer_code": "ë"}},
        (422, "field_bad_characters", "customer_code"),
    ),
    ("/billers/oshee/lookup", {"reference": {"customer_code": "a?"}}, (422, "field_bad_shape", "customer_code")),
    (
        "/billers/oshee/lookup",
        {"reference": {"customer_code": "9" * 65}},
        (422, "field_too_long", "customer_code"),
    ),
    ("/billers/oshee/lookup", {"reference": {"customer_code": 1}}, (400, "bad_request", "reference")),
    ("/billers/oshee/lookup", None, (400, "bad_request", None)),
    ("/contracts", CONTRACT | {"biller": "nobody"}, (404, "unknown_biller", "biller")),
    ("/contracts", CONTRACT | {"name": "   "}, (422, "field_required", "name")),
    ("/contracts", CONTRACT | {"name": "x" * 61}, (422, "field_too_long", "name")),
    ("/contracts", CONTRACT | {"name": "a\0b"}, (422, "field_bad_characters", "name")),
    ("/contracts", {"biller": "oshee", "name": "x"}, (400, "bad_request", "reference")),
    ("/contracts", CONTRACT | {"nmae": "x"}, (400, "bad_request", "nmae")),
    ("/contracts", [CONTRACT], (400, "bad_request", None)),
]


async def test_bodies(demo: Any) -> None:
    for path, body, expected in BODIES:
        assert problem(await demo.post(path, body)) == expected, (path, body)


PAYMENTS = [
    ({"amount": "1707.4"}, "k", (422, "bad_amount", "amount")),
    ({"amount": "-1707.40"}, "k", (422, "bad_amount", "amount")),
    ({"amount": "1707,40"}, "k", (422, "bad_amount", "amount")),
    ({"amount": "1e3"}, "k", (422, "bad_amount", "amount")),
    ({"amount": 1707.40}, "k", (400, "bad_request", "amount")),
    ({"amount": "0.00"}, "k", (422, "amount_not_accepted", "amount")),
    ({"amount": "1707.39"}, "k", (422, "amount_not_accepted", "amount")),
    ({"amount": "999999999999.99"}, "k", (422, "amount_not_accepted", "amount")),
    ({"account": "other-1"}, "k", (404, "unknown_account", "account")),
    ({"account": ""}, "k", (404, "unknown_account", "account")),
    ({"invoice": "inv_nothing"}, "k", (404, "unknown_invoice", "invoice")),
    ({"invoice": ""}, "k", (404, "unknown_invoice", "invoice")),
    ({"invoice": "a\0b"}, "k", (400, "bad_request", None)),
    ({"currency": "ALL"}, "k", (400, "bad_request", "currency")),
    ({}, None, (400, "key_required", "Idempotency-Key")),
    ({}, "", (400, "key_required", "Idempotency-Key")),
    ({}, "k" * 65, (400, "key_required", "Idempotency-Key")),
]


async def test_payments(demo: Any) -> None:
    invoice = await quote(demo)
    for change, key, expected in PAYMENTS:
        body = {"invoice": invoice["id"], "account": "demo-2", "amount": invoice["total"]} | change
        headers = {} if key is None else {"Idempotency_Key": key}
        assert problem(await demo.post("/payments", body, **headers)) == expected, (change, key)
    assert (await demo.get("/payments")).body["items"] == []


PATHS = [
    ("GET", "/contracts/con_nothing", (404, "unknown_contract", None)),
    ("DELETE", "/contracts/con_nothing", (404, "unknown_contract", None)),
    ("GET", "/contracts/con_nothing/invoices", (404, "unknown_contract", None)),
    ("GET", "/contracts/%00", (400, "bad_request", None)),
    ("GET", "/payments/pay_nothing", (404, "unknown_payment", None)),
    ("GET", "/payments/pay_nothing/receipt", (404, "unknown_payment", None)),
    ("GET", "/contracts?limit=0", (400, "bad_request", "limit")),
    ("GET", "/invoices?limit=101", (400, "bad_request", "limit")),
    ("GET", "/payments?limit=x", (400, "bad_request", "limit")),
    ("GET", "/notices?cursor=%00", (400, "bad_cursor", "cursor")),
    ("GET", "/invoices?cursor=last", (400, "bad_cursor", "cursor")),
    ("GET", "/invoices?states=lost", (400, "bad_request", "states")),
    ("GET", "/nothing", (404, "not_found", None)),
    ("PUT", "/contracts", (405, "method_not_allowed", None)),
    ("DELETE", "/payments", (405, "method_not_allowed", None)),
]


async def test_paths(demo: Any) -> None:
    for method, path, expected in PATHS:
        assert problem(await demo.send(method, f"/api/v1{path}")) == expected, path
    assert problem(await demo.send("POST", "/telegram")) == (404, "not_found", None), "there is no bot here"


async def test_a_reference_is_registered_once(demo: Any) -> None:
    assert (await demo.post("/contracts", CONTRACT)).status == 201
    again = await demo.post(
        "/contracts", CONTRACT | {"name": "Again", "reference": {"customer_code": f" {CODE.lower()}"}}
    )
    assert problem(again) == (409, "already_registered", "customer_code")
    assert "Test Test" in again.body["detail"]


async def test_a_name_is_changed_as_it_is_given(demo: Any) -> None:
    contract = (await demo.post("/contracts", CONTRACT)).body
    path = f"/api/v1/contracts/{contract['id']}"
    assert (await demo.send("PATCH", path, {"name": " Vila  ime "})).body["name"] == "Vila ime"
    assert problem(await demo.send("PATCH", path, {"name": ""})) == (422, "field_required", "name")
    assert problem(await demo.send("PATCH", path, {"biller": "ukt"})) == (400, "bad_request", "biller")
    assert (await demo.send("GET", path)).body["name"] == "Vila ime"
    assert (await demo.send("DELETE", path)).status == 204
    assert problem(await demo.send("GET", path)) == (404, "unknown_contract", None)


async def test_a_body_that_is_too_large(demo: Any) -> None:
    assert problem(await demo.post("/contracts", CONTRACT | {"name": "x" * 70_000})) == (413, "too_large", None)


async def test_a_body_that_is_no_json(live: Any, demo: Any) -> None:
    bodies = [b"", b"{", b"\xff\xfe", b'"\\ud800"', b"null", b"[]", b'{"a": 1e999}']
    for path, body in product(("/tokens", "/contracts", "/payments"), bodies):
        headers = {"Content-Type": "application/json", "Idempotency-Key": "k"}
        async with demo.session.post(f"{live.url}/api/v1{path}", data=body, headers=headers) as reply:
            assert reply.status == 400, (path, body)
            assert (await reply.json(content_type=None))["type"] == "/problems/bad_request"


@pytest.mark.parametrize(
    ("fault", "status", "code"), [("error_500", 503, "biller_unavailable"), ("malformed", 502, "biller_bad_reply")]
)
async def test_a_company_that_does_not_answer(live: Any, demo: Any, fault: str, status: int, code: str) -> None:
    live.company.fault(fault)
    assert problem(await demo.post("/contracts", CONTRACT)) == (status, code, None)
    assert (await demo.post("/contracts", CONTRACT)).status == 201


async def test_an_error_of_ours_says_nothing_of_itself(live: Any, demo: Any) -> None:
    await live.database.fetch("ALTER TABLE notice RENAME TO lost")
    reply = await demo.get("/notices", Accept_Language="en")
    assert problem(reply) == (500, "internal", None)
    assert "notice" not in reply.body["detail"]
