"""Health and metrics, of the server and of the companies."""

from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest

from faturat import EngineSettings
from faturat.messages import MESSAGES

REFERENCE = {"reference": {"customer_code": "TR0.A0000000000000"}}


async def test_live_and_ready(open_client: Any) -> None:
    client = await open_client()
    for path in ("/health/live", "/health/ready"):
        reply = await client.send("GET", path)
        assert (reply.status, reply.body) == (200, {"status": "ok"})


async def test_without_the_database_it_is_not_ready_and_says_so(
    live: Any, postgres_url: str, open_client: Any, demo: Any
) -> None:
    client = await open_client()
    [row] = await live.database.fetch("SELECT current_database() AS name")
    other = await asyncpg.connect(postgres_url)
    await other.execute(f"ALTER DATABASE {row['name']} WITH ALLOW_CONNECTIONS false")
    await other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", row["name"])
    await other.close()
    assert (await client.send("GET", "/health/live")).status == 200
    assert (await client.send("GET", "/health/ready")).status == 503

    reply = await demo.get("/contracts")
    assert (reply.status, reply.body["type"]) == (503, "/problems/database_unavailable")
    assert reply.headers["Retry-After"] == "2"
    async with demo.session.get(f"{live.url}/faturat", cookies={"faturat_session": "x"}) as page:
        assert (page.status, page.content_type) == (503, "text/html")
        assert MESSAGES["database_unavailable"].sq in await page.text()


async def test_metrics_count_calls_to_companies(live: Any, demo: Any) -> None:
    await demo.post("/billers/oshee/lookup", REFERENCE)
    async with demo.session.get(f"{live.url}/metrics") as reply:
        assert reply.status == 200
        assert 'faturat_plugin_calls_total{hook="find_contract",plugin="oshee",result="ok"}' in await reply.text()


async def test_a_company_that_is_down_is_said_to_be_before_anybody_asks_it(live: Any, demo: Any) -> None:
    company = (await demo.get("/billers")).body["items"][0]
    assert (company["health"], company["category"]) == ({"state": "ok", "since": None}, "electricity")
    invoice = (await demo.post("/billers/oshee/lookup", REFERENCE)).body["invoices"][0]
    began = datetime.now(UTC)
    live.company.fault("error_500", times=1000)
    for _ in range(2):
        assert (await demo.post("/billers/oshee/lookup", REFERENCE)).status == 503
    assert (await demo.get("/billers")).body["items"][0]["health"]["state"] == "disturbed"
    for _ in range(3):
        assert (await demo.post("/billers/oshee/lookup", REFERENCE)).status == 503
    health = (await demo.get("/billers")).body["items"][0]["health"]
    assert health["state"] == "down"
    assert began <= datetime.fromisoformat(health["since"]) <= datetime.now(UTC)

    live.company.clear_faults()  # it would answer, but nobody asks it
    refused = await demo.post("/billers/oshee/lookup", REFERENCE, Accept_Language="en")
    assert (refused.status, refused.body["type"]) == (503, "/problems/biller_unavailable")
    assert refused.body["detail"].startswith("OSHEE has not answered since ")
    assert 1 <= int(refused.headers["Retry-After"]) <= 30
    contract = {"biller": "oshee", "name": "Test", **REFERENCE}
    assert (await demo.post("/contracts", contract)).headers["Retry-After"]

    body = {"invoice": invoice["id"], "account": "demo-2", "amount": invoice["total"]}
    paid = (await demo.post("/payments", body, Idempotency_Key="k", Accept_Language="en")).body
    assert (paid["state"], paid["reason"]) == ("cancelled", "biller_unavailable")
    assert "No money was moved" in paid["message"]
    async with demo.session.get(f"{live.url}/metrics") as reply:
        words = await reply.text()
        assert 'faturat_breaker_state{biller="oshee"} 2.0' in words
        assert 'faturat_calls_not_made_total{biller="oshee",why="breaker_open"}' in words


class TestLimits:
    @pytest.fixture
    def engine(self) -> EngineSettings:
        return EngineSettings(look_ups_per_hour=3, calls_per_minute={"oshee": 12})

    async def test_too_many_questions_say_when_to_come_again(self, demo: Any, open_client: Any) -> None:
        other = await open_client("other")
        # a look-up is two calls: one at once, one early
        assert (await demo.post("/billers/oshee/lookup", REFERENCE)).status == 200
        busy = await other.post("/billers/oshee/lookup", REFERENCE, Accept_Language="en")
        assert (busy.status, busy.body["type"]) == (503, "/problems/biller_busy")
        assert 1 <= int(busy.headers["Retry-After"]) <= 30
        assert f"in {busy.headers['Retry-After']} seconds" in busy.body["detail"]
        for _ in range(2):
            await demo.post("/billers/oshee/lookup", REFERENCE)
        stopped = await demo.post("/billers/oshee/lookup", REFERENCE, Accept_Language="en")
        assert (stopped.status, stopped.body["type"]) == (429, "/problems/too_many_look_ups")
        assert 3500 < int(stopped.headers["Retry-After"]) <= 3600
        assert "up to 3 times an hour" in stopped.body["detail"]
