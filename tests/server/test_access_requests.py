"""Who is let in over HTTP: tokens for the API, the cookie for the pages, and never one for the other."""

from typing import Any

import pytest

from faturat_server.access.middleware import COOKIE
from faturat_server.access.service import FAILURES_OF_USERNAME

PASSWORD = "faturat-demo"
ROUTES = [
    ("GET", "/billers"),
    ("POST", "/billers/oshee/lookup"),
    ("GET", "/contracts"),
    ("POST", "/contracts"),
    ("GET", "/contracts/con_1"),
    ("PATCH", "/contracts/con_1"),
    ("DELETE", "/contracts/con_1"),
    ("GET", "/contracts/con_1/invoices"),
    ("GET", "/invoices"),
    ("GET", "/accounts"),
    ("POST", "/payments"),
    ("GET", "/payments"),
    ("GET", "/payments/pay_1"),
    ("GET", "/payments/pay_1/receipt"),
    ("GET", "/notices"),
]


async def test_every_route_wants_a_token(live: Any, open_client: Any) -> None:
    nobody = await open_client()
    cookie, _ = await live.access.log_in("demo", PASSWORD, "::1", "web")
    for method, path in ROUTES:
        for headers in (
            {},
            {"Authorization": f"Bearer {cookie}"},
            {"Authorization": "Basic x"},
            {"Cookie": f"{COOKIE}={cookie}"},
        ):
            reply = await nobody.send(method, f"/api/v1{path}", **headers)
            assert (reply.status, reply.body["type"]) == (401, "/problems/not_logged_in"), (method, path, headers)
            assert reply.headers["WWW-Authenticate"] == "Bearer"


async def test_no_way_of_writing_the_path_lets_a_cookie_in(live: Any, open_client: Any) -> None:
    nobody = await open_client()
    cookie, _ = await live.access.log_in("demo", PASSWORD, "::1", "web")
    for path in (
        "//api/v1/contracts",
        "/api//v1/contracts",
        "/api/v1/contracts/",
        "/./api/v1/contracts",
        "/%61pi/v1/contracts",
    ):
        reply = await nobody.send("GET", path, Cookie=f"{COOKIE}={cookie}")
        assert reply.status in (401, 404), path


async def test_the_api_is_for_customers_alone(live: Any, open_client: Any) -> None:
    await live.access.add_operator("op", PASSWORD, "en")
    nobody = await open_client()
    reply = await nobody.post("/tokens", {"username": "op", "password": PASSWORD})
    assert (reply.status, reply.body["type"]) == (403, "/problems/not_a_customer")
    wrong = await nobody.post("/tokens", {"username": "op", "password": "wrong password"})
    assert wrong.status == 401, "who does not know the password learns no role"


async def test_a_token_of_whoever_became_an_operator_is_good_for_nothing(live: Any, open_client: Any) -> None:
    other = await open_client("other")
    await live.database.fetch("UPDATE access_user SET role = 'operator', customer = '' WHERE username = 'other'")
    for method, path in ROUTES:
        reply = await other.send(method, f"/api/v1{path}", None if method == "GET" else {})
        assert (reply.status, reply.body["type"]) == (403, "/problems/not_a_customer"), (method, path)


async def test_logging_in_brings_a_token(open_client: Any) -> None:
    client = await open_client()
    reply = await client.post("/tokens", {"username": "demo", "password": PASSWORD})
    assert reply.status == 201
    accounts = await client.get("/accounts", Authorization=f"Bearer {reply.body['token']}")
    assert accounts.status == 200


async def test_a_token_is_no_cookie(live: Any, open_client: Any) -> None:
    client = await open_client()
    token, _ = await live.access.log_in("demo", PASSWORD, "::1", "token")
    headers = {"Cookie": f"{COOKIE}={token}"}
    async with client.session.get(f"{live.url}/faturat", headers=headers, allow_redirects=False) as page:
        assert page.status == 303
        assert page.headers["Location"].startswith("/hyr")


async def test_too_many_wrong_passwords(open_client: Any) -> None:
    client = await open_client()
    wrong = {"username": "demo", "password": "not this one"}
    for _ in range(FAILURES_OF_USERNAME):
        reply = await client.post("/tokens", wrong)
        assert (reply.status, reply.body["type"]) == (401, "/problems/bad_login")
    reply = await client.post("/tokens", {"username": "demo", "password": PASSWORD}, Accept_Language="en")
    assert (reply.status, reply.body["type"]) == (429, "/problems/too_many_attempts")
    assert 0 < int(reply.headers["Retry-After"]) <= 900
    assert reply.headers["Retry-After"] in reply.body["detail"]


async def test_a_form_without_a_csrf_token_is_refused(live: Any, open_client: Any) -> None:
    client = await open_client()
    form = {"emri": "demo", "fjalekalimi": PASSWORD}
    async with client.session.post(f"{live.url}/hyr", data=form, allow_redirects=False) as page:
        assert page.status == 403
        assert COOKIE not in page.cookies


async def test_a_form_with_its_csrf_token_is_taken(live: Any, open_client: Any) -> None:
    client = await open_client()
    async with client.session.get(f"{live.url}/hyr") as page:
        token = page.cookies["faturat_csrf"]
        assert token["httponly"]
    form = {"emri": "demo", "fjalekalimi": PASSWORD, "_csrf_token": token.value}
    headers = {"Cookie": f"faturat_csrf={token.value}"}
    async with client.session.post(f"{live.url}/hyr", data=form, headers=headers, allow_redirects=False) as page:
        assert page.status == 303
        cookie = page.cookies[COOKIE]
        assert (cookie["httponly"], cookie["path"], cookie["samesite"].lower()) == (True, "/", "lax")


@pytest.mark.parametrize("path", ["/api/v1/billers", "/api/v1/nothing", "/hyr", "/nothing", "/health/live", "/metrics"])
async def test_security_headers_are_everywhere(open_client: Any, path: str) -> None:
    headers = (await (await open_client()).send("GET", path)).headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers


@pytest.mark.parametrize("secure_cookies", [True])
async def test_over_tls_nothing_goes_without_it(open_client: Any) -> None:
    reply = await (await open_client()).send("GET", "/hyr")
    assert reply.headers["Strict-Transport-Security"].startswith("max-age=")
    assert "secure" in reply.headers["Set-Cookie"].lower()
