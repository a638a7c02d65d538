"""`faturat demo` as a newcomer meets it: started, used, stopped, killed, started again."""

import asyncio
import re
import signal
import socket
import sys
import tempfile
import tomllib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from fakes.forked import faturat

from faturat.store.postgres.embedded import EmbeddedPostgres
from faturat.work import IDLE
from faturat_oshee.simulator import COMES_AFTER
from faturat_server.channels.settings import Settings as Channels
from faturat_server.commands.demo import _settings
from faturat_server.notify.settings import Settings as Apprise

PATIENCE = 60
FATURAT = Path(sys.executable).parent / "faturat"


class Demo:
    def __init__(self, process: asyncio.subprocess.Process, port: int, said: str) -> None:
        self.process = process
        self.said = said
        self.api = f"http://127.0.0.1:{port}/api/v1"
        self.token = ""

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, self.api + path, json=body, headers=headers) as reply,
        ):
            assert reply.status < 300, await reply.text()
            return await reply.json()

    async def log_in(self) -> None:
        match = re.search(r"Log in as (\S+) with the password (\S+)\.", self.said)
        assert match is not None
        answer = await self.ask("POST", "/tokens", {"username": match[1], "password": match[2]})
        self.token = answer["token"]


@pytest.fixture
def data() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="fat-") as folder:  # short, for the socket's path
        yield Path(folder) / "demo"


@asynccontextmanager
async def demo(data: Path, port: int) -> AsyncIterator[Demo]:
    process = await asyncio.create_subprocess_exec(
        FATURAT, "demo", "--data", data, "--port", str(port), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    said = ""
    try:
        async with asyncio.timeout(PATIENCE):
            while "Ctrl-C" not in said:
                line = await process.stdout.readline()
                assert line, f"the demo ended: {said}"
                said += line.decode()
        yield Demo(process, port, said)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
        await asyncio.wait_for(process.wait(), PATIENCE)


async def run(*arguments: object) -> tuple[int, str]:
    """One command: its exit code, and what it said."""
    said = await faturat(*arguments)
    return said.code, said.all


async def test_the_guides_flow_survives_a_kill_and_a_second_start(data: Path, unused_tcp_port: int) -> None:
    async with demo(data, unused_tcp_port) as running:
        assert f"http://127.0.0.1:{unused_tcp_port}" in running.said
        assert "log in as operator with the password faturat-demo" in running.said
        await running.log_in()
        contract = await running.ask(
            "POST",
            "/contracts",
            {"biller": "oshee", "reference": {"customer_code": "TR0.A0000000000000"}, "name": "Test Test"},
        )
        (invoice,) = (await running.ask("GET", f"/contracts/{contract['id']}/invoices"))["items"]
        accounts = (await running.ask("GET", "/accounts"))["items"]
        assert [account["available"] for account in accounts] == ["18.13", "250000.00"]
        body = {"invoice": invoice["id"], "account": accounts[1]["id"], "amount": "1707.40"}
        paid = await running.ask("POST", "/payments", body, **{"Idempotency-Key": "one"})
        assert paid["state"] == "paid"

        settings = tomllib.loads((data / "faturat.toml").read_text("utf-8"))
        assert settings["engine"]["sweep_every"] + COMES_AFTER.total_seconds() + IDLE < 120, (
            "a newcomer sees the notice"
        )
        code, said = await run("verify", "--data", data)
        assert (code, "every invariant holds" in said) == (0, True), said
        for arguments, word in (
            (("user1", "--customer", "c9", "--password", "long enough"), "may log in"),
            (("user1", "--customer", "c9", "--password", "long enough"), "taken"),
            (("user1", "--password", "another one"), "may log in"),
            (("nobody", "--password", "another one"), "no such user"),
            (("user2", "--customer", " ", "--password", "long enough"), "--customer"),
            (("user3", "--operator", "--password", "long enough"), "may log in"),
            (("user3", "--operator", "--customer", "c9", "--password", "long enough"), "not both"),
            (("operator", "--operator", "--password", "long enough"), "taken"),
        ):
            _, said = await run("user", *arguments, "--config", data / "faturat.toml")
            assert word in said
        code, said = await run("plugins", "--data", data)
        assert (code, "status_inquiry" in said, "answers, in" in said) == (0, True, True), said
        code, said = await run("demo", "--data", data, "--port", "8999")
        assert code != 0
        assert "runs on" in said
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            code, said = await run("demo", "--data", data.parent / "other", "--port", taken.getsockname()[1])
        assert code != 0
        assert "Choose another port" in said
        running.process.send_signal(signal.SIGKILL)
        await running.process.wait()

    async with demo(data, unused_tcp_port) as again:
        await again.log_in()
        assert (await again.ask("POST", "/payments", body, **{"Idempotency-Key": "one"}))["id"] == paid["id"]
        accounts = (await again.ask("GET", "/accounts"))["items"]
        assert [account["available"] for account in accounts] == ["18.13", "248292.60"]
        again.process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(again.process.wait(), PATIENCE) == 0
    assert not EmbeddedPostgres(data / "postgres").running, "Ctrl-C stops the database too"

    code, said = await run("verify", "--data", data)
    assert (code, "1 payments" in said) == (0, True), said


@pytest.mark.parametrize(
    "command",
    [
        *(
            "check",
            "new",
            "demo",
            "serve",
            "worker",
            "migrate",
            "sweep",
            "user",
            "plugins",
            "simulate",
            "verify",
            "reconcile",
        ),
        *("payments list", "payments show", "payments ask", "payments decide"),
        *("payments cases", "payments open-case", "payments close-case"),
    ],
)
async def test_every_command_has_help_with_an_example(command: str) -> None:
    code, said = await run(*command.split(), "--help")
    assert code == 0
    assert f"faturat {command}" in said.split("Example:")[1]


@pytest.mark.parametrize("command", ["serve", "worker", "migrate", "sweep", "verify", "payments list"])
async def test_without_a_database_a_command_says_what_to_set(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "faturat.toml").write_text("[plugins.bank.memory]\n")
    code, said = await run(*command.split())
    assert code != 0
    assert "FATURAT_DATABASE_URL" in said
    assert "Traceback" not in said


def test_it_sends_to_no_server_by_itself(tmp_path: Path) -> None:
    """Every address is one that a person adds; none of the operator is set, and no server to choose from."""
    settings = _settings(tmp_path, "postgresql://127.0.0.1/demo", 8000, {})
    observers = settings.plugins.observers
    assert set(observers) == {"apprise", "push", "channels"}
    assert Apprise(**observers["apprise"]).urls == ()
    channels = Channels(**observers["channels"])
    assert (channels.ntfy, channels.mail, channels.sms, channels.telegram) == ((), None, None, None)
