"""Customers and operators: neither comes to a page of the other, whatever the way."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import aiohttp
import pytest
from operators_kit import unknown
from pages_kit import Site

from faturat.audit import AuditEntry
from faturat_server.pages.routes import ROUTES

Session = Callable[[str], Awaitable[aiohttp.ClientSession]]

OPEN_TO_ALL = {
    "/",
    "/hyr",
    "/dil",
    "/gjuha",
    "/static",
    "/verifiko",
    "/ekrani",
    "/pa-lidhje",
    "/offline.js",
    "/manifest.webmanifest",
}


@pytest.fixture
async def log_in(site: Site) -> AsyncIterator[Session]:
    """Opens a session of a user by requests alone."""
    opened: list[aiohttp.ClientSession] = []

    async def open_one(username: str) -> aiohttp.ClientSession:
        session = aiohttp.ClientSession(site.url, cookie_jar=aiohttp.CookieJar(unsafe=True))
        opened.append(session)
        form = {"emri": username, "fjalekalimi": "faturat-demo", "_csrf_token": await token_of(session)}
        async with session.post("/hyr", data=form) as answer:
            assert answer.url.path == ("/operatori" if username == "operator" else "/faturat")
        return session

    yield open_one
    for session in opened:
        await session.close()


async def token_of(session: aiohttp.ClientSession, path: str = "/hyr") -> str:
    async with session.get(path) as answer:
        found = re.search(r'name="_csrf_token" value="([^"]+)"', await answer.text())
    assert found is not None
    return found[1]


def every_route() -> Iterator[tuple[str, str]]:
    """Every method and path of every page."""
    for router in ROUTES:
        for route in router.routes:
            for method in getattr(route, "methods", ()):
                if method in ("GET", "POST"):
                    yield method, route.path_format


def routes(operators: bool) -> list[tuple[str, str]]:
    found = [
        (method, path)
        for method, path in every_route()
        if path.startswith("/operatori") is operators and f"/{path.split('/')[1]}" not in OPEN_TO_ALL
    ]
    assert len(found) > 10
    return found


async def send(session: aiohttp.ClientSession, method: str, path: str, token: str, **ids: str) -> tuple[int, str]:
    address = re.sub(r"{(\w+)}", lambda match: ids.get(match[1], "x"), path)
    form = {"_csrf_token": token, "vendimi": "kthim", "versioni": "9", "arsyeja": "a", "prova": "b", "thene": "c"}
    async with session.request(
        method, address, data=form if method == "POST" else None, allow_redirects=False
    ) as answer:
        return answer.status, await answer.text()


async def test_a_customer_opens_no_page_of_operators(site: Site, log_in: Session) -> None:
    payment = await unknown(site)
    customer = await log_in("demo")
    token = await token_of(customer, "/faturat")
    for method, path in routes(operators=True):
        status, text = await send(customer, method, path, token, payment=payment.id)
        assert (status, "Kjo faqe është për punonjësit e bankës." in text) == (403, True), (method, path)
    assert await site.faturat.payments.get("demo", payment.id) == payment
    assert await site.faturat.operators.audit() == []


async def test_an_operator_opens_no_page_of_customers(site: Site, log_in: Session) -> None:
    operator = await log_in("operator")
    token = await token_of(operator, "/operatori")
    for method, path in routes(operators=False):
        status, text = await send(operator, method, path, token)
        assert (status, "Kjo faqe është për klientët e bankës." in text) == (403, True), (method, path)
        assert 'href="/operatori"' in text


async def test_nobody_is_let_in_without_logging_in(site: Site) -> None:
    async with aiohttp.ClientSession(site.url, cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        token = await token_of(session)
        for method, path in routes(operators=True):
            status, _ = await send(session, method, path, token)
            assert status == 303, (method, path)


async def test_a_form_of_operators_without_its_token_is_refused(site: Site, log_in: Session) -> None:
    payment = await unknown(site)
    operator = await log_in("operator")
    for method, path in routes(operators=True):
        if method == "POST":
            status, _ = await send(operator, method, path, "", payment=payment.id)
            assert status == 403, path
    found: list[AuditEntry] = await site.faturat.operators.audit()
    assert found == []


async def test_strange_requests_of_an_operator_are_answered_with_a_page(site: Site, log_in: Session) -> None:
    payment = await unknown(site)
    operator = await log_in("operator")
    token = await token_of(operator, "/operatori")
    strange = ["%00", "x" * 2000, "%F0%9F%92%A9", "%3Cscript%3E", "-1", "%0D%0Aa:b"]
    addresses = [
        f"{path}{each}"
        for each in strange
        for path in (
            "/operatori/pagesat/",
            "/operatori/rastet/",
            "/operatori/pagesat?gjendja=",
            "/operatori/pagesat?kompania=",
            "/operatori/pagesat?mosha=",
            "/operatori/pagesat?pas=",
            "/operatori/rastet?para=",
            "/operatori/veprimet?para=",
            "/operatori/krahasimet/",
            "/operatori/krahasimet?kompania=",
        )
    ]
    for address in addresses:
        async with operator.get(aiohttp.client.URL(site.url + address, encoded=True)) as answer:
            text = await answer.text()
            assert answer.status < 500, address
            assert "<h1>" in text, address
            assert not re.search(r'<script(?! src="/static/)', text), address
    for path in (f"/operatori/pagesat/{payment.id}/konfirmo", f"/operatori/pagesat/{payment.id}/vendos"):
        for version in ("", "\u0661", "9" * 30, "-1", "1.0"):
            form = {
                "_csrf_token": token,
                "versioni": version,
                "vendimi": "kthim",
                "arsyeja": "a",
                "prova": "b",
            }
            async with operator.post(path, data=form) as answer:
                assert answer.status == 409, version
                assert "Pagesa ka ndryshuar ndërkohë." in await answer.text()
    assert await site.faturat.operators.audit() == []
