"""What the tests of UKT share: references, orders, samples, a clock set by hand, and a company that says anything."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pluggy
from aiohttp import web
from msgspec import Struct

from faturat.billers import Reference
from faturat.gate.biller import BillerGate
from faturat.hookspecs import BillerSpec
from faturat.payments.types import Order
from faturat_ukt.plugin import Ukt
from faturat_ukt.wire import Reply

SAMPLES = Path(__file__).parents[2] / "plugins" / "ukt" / "samples"
CURRENT = "1000001"
OVERDUE = "1000002"
NOBODY = "1000003"
ORDER_ID = "pay_0194f0000001"


class HandClock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.moment = datetime(2018, 8, 15, 8, 30, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def move(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


class Asked(Struct):
    """A request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Scripted:
    """A company that gives `replies` in their order, whatever is asked, and `tokens` one after the other.

    A reply is a status and a body, which may be JSON yet to be written.
    """

    def __init__(self) -> None:
        self.replies: list[tuple[int, object]] = []
        self.tokens: list[tuple[int, object]] = []
        self.asked: list[Asked] = []

    async def start(self) -> dict[str, str]:
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        return {"url": f"http://{host}:{port}", "client_id": "bank", "client_secret": "s3cret"}

    async def stop(self) -> None:
        await self._runner.cleanup()

    def paths(self) -> list[str]:
        return [each.path for each in self.asked]

    async def _answer(self, request: web.Request) -> web.Response:
        self.asked.append(Asked(request.method, request.raw_path, dict(request.headers), await request.read()))
        wants_token = request.path == "/oauth/token"
        status, body = (self.tokens if wants_token else self.replies).pop(0)
        headers = {"Location": "/elsewhere"} if 300 <= status < 400 else {}
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return web.Response(status=status, body=content, headers=headers)


def token(text: str = "T1", expires_in: int = 3600) -> tuple[int, object]:
    """What /oauth/token answers."""
    return 200, {"access_token": text, "token_type": "Bearer", "expires_in": expires_in}


def reference(number: str) -> Reference:
    return Reference("contract_number", {"contract_number": number})


def order(id: str = ORDER_ID, **changes: object) -> Order:
    """The payment of the first invoice of CURRENT, or of what `changes` say; `number` is the contract's."""
    fields: dict[str, object] = {
        "customer": "c1",
        "account": "a1",
        "biller": "ukt",
        "reference": reference(str(changes.pop("number", CURRENT))),
        "invoice_key": "U-000000001",
        "amount": 1862_40,
        "currency": "ALL",
        "created_at": datetime(2018, 8, 15, 8, 30, tzinfo=UTC),
    }
    return Order(id=id, **(fields | changes))


def sample(name: str) -> bytes:
    return next(SAMPLES.glob(f"{name}.*")).read_bytes()


def reply(name: str, status: int = 200) -> Reply:
    """A sample as the company's answer."""
    return Reply(status, sample(name))


def gate_to(plugin: Ukt, clock: HandClock) -> BillerGate:
    """The core's gate before a plugin, as in a bank."""
    manager = pluggy.PluginManager("faturat")
    manager.add_hookspecs(BillerSpec)
    manager.register(plugin)
    return BillerGate(plugin.describe_biller(), manager.hook, clock, timedelta(seconds=10), timedelta(seconds=30))
