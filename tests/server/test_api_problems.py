"""Every error is a problem of a documented type, whatever is sent; and each type can be read about."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from yarl import URL

import faturat
import faturat_server
from faturat.messages import MESSAGES
from faturat_server.api.problems import STATUSES, TITLES
from faturat_server.languages import accepted_language

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
TEXTS = st.sampled_from(["oshee", "TR0.A0000000000000", "demo-2", "1707.40", "", "\0"]) | st.text(max_size=30)
REFERENCES = st.dictionaries(st.sampled_from(["customer_code", "kind"]) | st.text(max_size=10), TEXTS, max_size=3)
NAMES = [
    "username",
    "password",
    "biller",
    "reference",
    "name",
    "invoice",
    "account",
    "amount",
    "events",
    "endpoint",
    "keys",
]
BODIES = JSON | st.fixed_dictionaries({}, optional={n: REFERENCES if n == "reference" else TEXTS | JSON for n in NAMES})
SEGMENTS = (
    st.sampled_from(
        ["tokens", "billers", "oshee", "lookup", "contracts", "invoices", "accounts", "payments", "receipt"]
    )
    | st.sampled_from(["notices", "notifications", "push"])
    | st.text(max_size=10)
)
QUERIES = st.dictionaries(st.sampled_from(["limit", "cursor", "states"]), TEXTS, max_size=2)
METHODS = st.sampled_from(["GET", "POST", "PATCH", "DELETE", "PUT"])


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(METHODS, st.lists(SEGMENTS, min_size=1, max_size=4), QUERIES, BODIES, st.text("ab1-", max_size=70))
async def test_whatever_is_sent(
    live: Any, demo: Any, method: str, segments: list[str], query: dict[str, str], body: Any, key: str
) -> None:
    path = "/".join(quote(each, safe="") for each in segments)
    words = "&".join(f"{name}={quote(value, safe='')}" for name, value in query.items())
    url = URL(f"{live.url}/api/v1/{path}?{words}", encoded=True)
    async with demo.session.request(method, url, json=body, headers={"Idempotency-Key": key}) as reply:
        assert reply.status < 500, await reply.text()
        if reply.status >= 400:
            await assert_problem(reply)


async def assert_problem(reply: aiohttp.ClientResponse) -> None:
    assert reply.content_type == "application/problem+json"
    problem = await reply.json(content_type=None)
    assert set(problem) - {"field"} == {"type", "title", "status", "detail"}
    assert STATUSES[problem["type"].removeprefix("/problems/")] == problem["status"] == reply.status


async def test_each_type_can_be_read_about(open_client: Any) -> None:
    client = await open_client()
    for code, status in STATUSES.items():
        reply = await client.send("GET", f"/problems/{code}")
        assert (reply.status, reply.body["status"], reply.body["type"]) == (200, status, f"/problems/{code}")
        assert set(reply.body["title"]) == set(reply.body["detail"]) == {"sq", "en"}
    assert (await client.send("GET", "/problems/nothing")).status == 404


async def test_a_method_that_is_not_allowed_says_which_are(demo: Any) -> None:
    reply = await demo.send("PUT", "/api/v1/billers")
    assert set(reply.headers["Allow"].split(", ")) == {"GET", "OPTIONS"}


async def test_problems_speak_the_language_that_is_asked_for(demo: Any) -> None:
    for header, word in (
        ("sq", "Kontrata"),
        ("en-GB,en;q=0.9", "contract"),
        ("de", "Kontrata"),
        ("sq;q=0.1,en", "contract"),
    ):
        assert word in (await demo.get("/contracts/con_1", Accept_Language=header)).body["detail"]


def test_languages() -> None:
    assert accepted_language("") is None
    assert accepted_language("fr, *") is None
    assert accepted_language("EN-us") == "en"
    assert accepted_language("en;q=0.4, sq;q=0.5") == "sq"
    assert accepted_language("en;q=x, sq;q=0") is None


def test_every_error_that_is_raised_has_a_status() -> None:
    """Codes that no route raises stand in MESSAGES for payments and for `faturat user`."""
    raised = set()
    for package in (faturat, faturat_server):
        for file in Path(package.__file__).parent.rglob("*.py"):
            raised |= set(re.findall(r"FaturatError\(\s*\"(\w+)\"", file.read_text("utf-8")))
    assert raised - set(STATUSES) == {"bad_username", "bad_password", "username_taken", "unknown_user"}
    assert set(STATUSES) <= set(MESSAGES)
    assert set(STATUSES.values()) <= set(TITLES)
