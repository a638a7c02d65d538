"""Requests that no browser sends: each is answered with a page, and none with an error of ours."""

import re
from collections.abc import AsyncIterator

import aiohttp
import pytest
from conftest import Site
from yarl import URL

GETS = [
    "/faturat/kompania/{}",
    "/faturat/regjistro?kompania={}",
    "/faturat/regjistro/{}",
    "/faturat/regjistro/oshee?menyra={}&fatura={}",
    "/faturat/kontrata/{}",
    "/faturat/kontrata/{}/krijuar",
    "/faturat/kontrata/{}/hiq",
    "/faturat/fatura/{}",
    "/faturat/fatura/{}/konfirmo?llogaria={}&shuma={}",
    "/pagesat?para={}",
    "/pagesat/{}",
    "/pagesat/{}/mandati",
    "/njoftimet?para={}",
    "/paguaj/{}",
    "/paguaj/oshee?menyra={}",
    "/paguaj/oshee/faturat?gjetur={}",
    "/hyr?vijo={}",
]
POSTS = [
    "/hyr",
    "/gjuha",
    "/faturat/regjistro/{}",
    "/faturat/regjistro/oshee",
    "/faturat/kompania/{}/rifresko",
    "/faturat/kontrata/{}/emri",
    "/faturat/kontrata/{}/hiq",
    "/faturat/fatura/{}/paguaj",
    "/paguaj/{}",
    "/paguaj/oshee",
]
FIELDS = ["emri", "fjalekalimi", "vijo", "gjuha", "kthehu", "kind", "f-customer_code", "f-none", "name", "llogaria"]
STRANGE = ["", "%00", "%FF%FE", "..", "x" * 2000, "%F0%9F%92%A9", "'%3B--", "%3Cscript%3E", "-1", "%0D%0Aa:b"]


@pytest.fixture
async def session(site: Site) -> AsyncIterator[aiohttp.ClientSession]:
    """Somebody who is logged in."""
    async with aiohttp.ClientSession(site.url, cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        form = {"emri": "demo", "fjalekalimi": "faturat-demo", "_csrf_token": await _token(session)}
        async with session.post("/hyr", data=form) as answer:
            assert answer.url.path == "/faturat"
        yield session


@pytest.mark.parametrize("path", GETS)
async def test_strange_addresses(session: aiohttp.ClientSession, path: str) -> None:
    for strange in STRANGE:
        address = f"{session._base_url}{path.replace('{}', strange)}".replace("//", "/").replace(":/", "://", 1)
        async with session.get(URL(address, encoded=True)) as answer:
            await _is_page(answer, address)


@pytest.mark.parametrize("path", POSTS)
async def test_strange_forms(session: aiohttp.ClientSession, path: str) -> None:
    token = await _token(session)
    for strange in STRANGE:
        value = URL(f"/?a={strange}", encoded=True).query.get("a", "\ufffd")
        form = {name: value for name in [*FIELDS, "shuma", "celesi"]} | {"_csrf_token": token}
        async with session.post(path.replace("{}", "inv_0"), data=form) as answer:
            await _is_page(answer, f"{path} {strange}")
        upload = aiohttp.FormData()
        for name in [*FIELDS, "shuma", "celesi"]:
            upload.add_field(name, b"\x00\xff", filename="a.bin", content_type="application/octet-stream")
        upload.add_field("_csrf_token", token)
        async with session.post(path.replace("{}", "inv_0"), data=upload) as answer:
            await _is_page(answer, f"{path} as files")


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x", "multipart/form-data", "a"])
async def test_bodies_that_are_no_forms(session: aiohttp.ClientSession, path: str, kind: str) -> None:
    headers = {"Content-Type": kind, "X-CSRFToken": await _token(session)}
    for body in (b"", b"\xff\x00{", b"--x\r\nbroken", b"a" * 100_000):
        async with session.post(path.replace("{}", "inv_0"), data=body, headers=headers) as answer:
            await _is_page(answer, f"{path} {kind} {body[:9]!r}")


@pytest.mark.parametrize("path", POSTS)
async def test_a_form_without_its_token_is_refused(session: aiohttp.ClientSession, path: str) -> None:
    async with session.post(path.replace("{}", "inv_0"), data={"name": "a"}) as answer:
        assert answer.status == 403
        assert "Ky formular ishte tepër i vjetër" in await answer.text()


@pytest.mark.parametrize("path", [path.partition("?")[0] for path in GETS if not path.startswith("/hyr")])
async def test_whoever_is_not_logged_in_is_sent_to_the_log_in(site: Site, path: str) -> None:
    address = path.replace("{}", "oshee")
    async with aiohttp.ClientSession(site.url) as session, session.get(address, allow_redirects=False) as answer:
        assert answer.status == 303
        assert answer.headers["Location"] == f"/hyr?vijo={address}"


async def test_a_page_is_not_kept_and_runs_nothing_foreign(session: aiohttp.ClientSession) -> None:
    async with session.get("/faturat") as answer:
        assert answer.headers["Cache-Control"] == "no-store"
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        text = await answer.text()
    assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=|https?://", text)


async def test_what_is_anothers_is_not_there(site: Site, session: aiohttp.ClientSession) -> None:
    values = {"customer_code": "TR0.A0000000000000"}
    contract = (await site.faturat.contracts.register("another", "oshee", None, values, "E tjetrit")).contract
    [invoice] = await site.faturat.store.invoices("another")
    for path in (
        f"/faturat/kontrata/{contract.id}",
        f"/faturat/kontrata/{contract.id}/krijuar",
        f"/faturat/kontrata/{contract.id}/hiq",
        f"/faturat/fatura/{invoice.id}",
        f"/faturat/fatura/{invoice.id}/konfirmo",
    ):
        async with session.get(path) as answer:
            assert answer.status == 404
            assert "E tjetrit" not in await answer.text()
    async with session.get(f"/faturat/regjistro/oshee?fatura={invoice.id}") as answer:
        assert 'TR0.A0000000000000"' not in await answer.text()


async def _token(session: aiohttp.ClientSession) -> str:
    async with session.get("/hyr") as answer:
        found = re.search(r'name="_csrf_token" value="([^"]+)"', await answer.text())
    assert found is not None
    return found[1]


async def _is_page(answer: aiohttp.ClientResponse, what: str) -> None:
    assert answer.status < 500, what
    assert answer.content_type == "text/html", what
    assert "<h1>" in await answer.text(), what
