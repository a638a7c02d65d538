"""A new invoice at the company becomes one notice at a real endpoint, through Apprise."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from fakes.clock import FakeClock
from notify_kit import Bench

from faturat import PluginChoice
from faturat.host import open_host
from faturat.settings import Settings
from faturat_oshee.simulator import Simulator
from faturat_server.notify.settings import Settings as NotifySettings
from faturat_server.schema import APPS, TABLES


@dataclass
class Endpoint:
    """Where Apprise sends: keeps what arrived, and refuses as often as it is told."""

    url: str = ""
    refusals: int = 0
    arrived: list[dict[str, Any]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        if self.refusals:
            self.refusals -= 1
            return web.Response(status=503)
        self.arrived.append(await request.json())
        return web.Response()


@pytest.fixture
async def endpoint() -> AsyncIterator[Endpoint]:
    endpoint = Endpoint()
    app = web.Application()
    app.router.add_post("/notices", endpoint.take)
    server = TestServer(app)
    await server.start_server()
    endpoint.url = f"json://127.0.0.1:{server.port}/notices"
    yield endpoint
    await server.close()


@pytest.fixture
async def bench(server_url: str, company: Simulator, clock: FakeClock, endpoint: Endpoint) -> AsyncIterator[Bench]:
    plugins = PluginChoice(
        billers={"oshee": company.address}, bank={"memory": {}}, observers={"apprise": {"urls": [endpoint.url]}}
    )
    async with open_host(Settings(database_url=server_url, plugins=plugins), TABLES, APPS, clock) as host:
        bench = Bench(host, company, clock)
        await bench.register("c1")
        yield bench


async def test_one_notice_for_a_new_invoice_and_none_for_those_found_at_registration(
    bench: Bench, endpoint: Endpoint
) -> None:
    await bench.later(0)
    assert endpoint.arrived == []
    await bench.later()  # the seed's second invoice has appeared
    await bench.later()
    (notice,) = endpoint.arrived
    assert notice["title"] == "Faturë e re nga OSHEE"
    assert "Home: fatura 000000002, 1.832,60 ALL" in notice["message"]
    assert len(await bench.host.faturat.store.notices("c1")) == 1


async def test_an_endpoint_that_refuses_is_tried_again(bench: Bench, endpoint: Endpoint) -> None:
    endpoint.refusals = 2
    for _ in range(5):
        await bench.later(5)
    assert len(endpoint.arrived) == 1


async def test_every_new_invoice_has_its_own(bench: Bench, endpoint: Endpoint) -> None:
    await bench.later()
    for number in range(3):
        bench.issue(f"N{number}")
    await bench.later()
    assert sorted(notice["message"].split()[2] for notice in endpoint.arrived) == ["000000002,", "N0,", "N1,", "N2,"]


@pytest.mark.parametrize("urls", [["no url"], ["nothing://x"], ["json://h"] * 11])
def test_a_url_that_apprise_does_not_know_stops_the_start(urls: list[str]) -> None:
    with pytest.raises(msgspec.ValidationError, match="urls"):
        msgspec.convert({"urls": urls}, NotifySettings)
