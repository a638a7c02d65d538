"""Requests that no browser sends: each is answered with a page, and none with an error of ours."""

import re
from collections.abc import AsyncIterator
from itertools import product

import aiohttp
import pytest
from pages_kit import Site
from yarl import URL

GETS = [
    "/faturat/kompania/{}",
    "/faturat/regjistro?kompania={}",
    "/faturat/regjistro/{}",
    "/faturat/regjistro/oshee?menyra={}&fatura={}",
    "/faturat/kontrata/{}",
    "/faturat/kontrata/{}/krijuar",
    "/faturat/kontrata/{}/hiq",
    "/faturat/kontrata/{}/hequr",
    "/faturat/fatura/{}",
    "/faturat/fatura/{}/konfirmo?llogaria={}&shuma={}",
    "/faturat/papaguara?kerko={}&kompania={}&afati={}",
    "/pagesat?para={}&muaji={}&kompania={}",
    "/pagesat/csv?muaji=-{}&kompania={}",
    "/faturat/zgjedhura?fatura={}&fatura={}",
    "/pagesat/bashke?celesi={}&fatura={}",
    "/pagesat/{}",
    "/pagesat/{}/mandati",
    "/pagesat/{}/mandati.pdf",
    "/pagesat/{}/gjendja",
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
    "/faturat/kontrata/{}/kthe",
    "/faturat/urdherat/{}/kapercej",
    "/faturat/fatura/{}/paguaj",
    "/faturat/zgjedhura",
    "/paguaj/{}",
    "/paguaj/oshee",
]
FIELDS = [
    "emri",
    "fjalekalimi",
    "vijo",
    "gjuha",
    "kthehu",
    "kind",
    "f-customer_code",
    "f-none",
    "name",
    "llogaria",
    "fatura",
]
STRANGE = ["", "%00", "%FF%FE", "..", "x" * 2000, "%F0%9F%92%A9", "'%3B--", "%3Cscript%3E", "-1", "%0D%0Aa:b"]

KINDS = [
    "application/json",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "application/x-www-form-urlencoded",
    "a",
]
BODIES = [b"", b"\xff\x00{", b"--x\r\nbroken", b"&=%&name=%zz;"]


@pytest.fixture
async def session(site: Site) -> AsyncIterator[aiohttp.ClientSession]:
    """Somebody who is logged in."""
    async with aiohttp.ClientSession(site.url, cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        form = {"emri": "demo", "fjalekalimi": "faturat-demo", "_csrf_token": await _token(session)}
        async with session.post("/hyr", data=form) as answer:
            assert answer.url.path == "/faturat"
        yield session


async def test_strange_addresses(site: Site, session: aiohttp.ClientSession) -> None:
    for path, strange in product([*GETS, "/verifiko/{}"], STRANGE):
        address = site.url + path.replace("{}", strange).replace("//", "/")
        async with session.get(URL(address, encoded=True)) as answer:
            await _is_page(answer, address)


async def test_strange_forms(session: aiohttp.ClientSession) -> None:
    token = await _token(session)
    for path, strange in product(POSTS, STRANGE):
        value = URL(f"/?a={strange}", encoded=True).query.get("a", "\ufffd")
        form = dict.fromkeys([*FIELDS, "shuma", "celesi"], value) | {"_csrf_token": token}
        async with session.post(path.replace("{}", "inv_0"), data=form) as answer:
            await _is_page(answer, f"{path} {strange}")
        upload = aiohttp.FormData()
        for name in [*FIELDS, "shuma", "celesi"]:
            upload.add_field(name, b"\x00\xff", filename="a.bin", content_type="application/octet-stream")
        upload.add_field("_csrf_token", token)
        async with session.post(path.replace("{}", "inv_0"), data=upload) as answer:
            await _is_page(answer, f"{path} as files")


async def test_bodies_that_are_no_forms(session: aiohttp.ClientSession) -> None:
    token = await _token(session)
    for path, kind, body in product(POSTS, KINDS, BODIES):
        headers = {"Content-Type": kind, "X-CSRFToken": token}
        async with session.post(path.replace("{}", "inv_0"), data=body, headers=headers) as answer:
            await _is_page(answer, f"{path} {kind} {body[:9]!r}")


async def test_a_form_without_its_token_is_refused(session: aiohttp.ClientSession) -> None:
    for path in POSTS:
        async with session.post(path.replace("{}", "inv_0"), data={"name": "a"}) as answer:
            assert answer.status == 403, path
            assert "Ky formular ishte tepër i vjetër" in await answer.text()


async def test_whoever_is_not_logged_in_is_sent_to_the_log_in(site: Site) -> None:
    async with aiohttp.ClientSession(site.url) as session:
        for path in [
            "/",
            "/pagesa",
            "/faturat",
            *(path.partition("?")[0].replace("{}", "oshee") for path in GETS[:-1]),
        ]:
            async with session.get(path, allow_redirects=False) as answer:
                assert answer.status == 303, path
                assert answer.headers["Location"] == f"/hyr?vijo={path}"


async def test_addresses_that_lead_nowhere(session: aiohttp.ClientSession) -> None:
    for path, status in [("/nuk-ka", 404), ("/static/nuk-ka.css", 404), ("/dil", 405)]:
        async with session.get(path) as answer:
            assert answer.status == status
            await _is_page(answer, path)
            text = await answer.text()
            [title], [heading] = re.findall("<title>(.*) · Faturat<", text), re.findall("<h1>(.*)</h1>", text)
            assert title == heading
            if not path.startswith("/static/"):
                assert all(f'action="{each}"' in text for each in ("/gjuha", "/dil")), "whoever is logged in has a menu"
    async with aiohttp.ClientSession(session._base_url) as stranger, stranger.get("/nuk-ka") as answer:
        assert answer.status == 404
        assert 'action="/dil"' not in await answer.text()
    form = {"gjuha": "en", "kthehu": "/", "_csrf_token": re.findall('_csrf_token" value="([^"]+)', text)[0]}
    async with session.post("/gjuha", data=form, allow_redirects=False) as answer:
        assert answer.status == 303, "and what it sends is taken"


async def test_a_page_is_not_kept_and_runs_nothing_foreign(session: aiohttp.ClientSession) -> None:
    async with session.get("/faturat") as answer:
        assert answer.headers["Cache-Control"] == "no-store"
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        text = await answer.text()
    assert not re.search(r"<script(?! src=\"/static/)|<style|\sstyle=|\son[a-z]+=|https?://", text)


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
        f"/faturat/zgjedhura?fatura={invoice.id}",
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
