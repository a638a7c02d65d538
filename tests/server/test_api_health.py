"""Health and metrics."""

from typing import Any

import asyncpg

from faturat.errors import MESSAGES


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
    await demo.post("/billers/oshee/lookup", {"reference": {"customer_code": "TR0.A0000000000000"}})
    async with demo.session.get(f"{live.url}/metrics") as reply:
        assert reply.status == 200
        assert 'faturat_plugin_calls_total{hook="find_contract",plugin="oshee",result="ok"}' in await reply.text()
