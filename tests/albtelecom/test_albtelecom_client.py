"""The way to the company: to the one server that the bank knows, by password or key; no connection stays open."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import count
from pathlib import Path

import asyncssh
import pytest
from albtelecom_kit import FIRST, Host, order

from faturat.errors import BillerError
from faturat.exchange.types import OutgoingFile
from faturat_albtelecom import client
from faturat_albtelecom.plugin import Albtelecom
from faturat_albtelecom.simulator import Simulator

OpenPlugin = Callable[..., Awaitable[Albtelecom]]
NONE = frozenset[str]()
REGISTER = "OPEN-20180815-001.csv"


async def why(awaitable: Awaitable[object]) -> str:
    with pytest.raises(BillerError) as caught:
        await awaitable
    return caught.value.why


async def hung_up(simulator: Simulator) -> None:
    """Until the company has nobody at its door."""
    async with asyncio.timeout(5):
        while simulator.door.connections:
            await asyncio.sleep(0)


def a_key() -> str:
    return asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()


async def test_another_host_key_gets_no_password(simulator: Simulator, open_plugin: OpenPlugin) -> None:
    plugin = await open_plugin(**simulator.address | {"host_key": a_key()})
    assert await why(plugin.collect_files(NONE)) == "wrong_host_key"
    assert await why(plugin.send_files((OutgoingFile("PAY-1.csv", b"x", ("1",)),))) == "wrong_host_key"
    assert simulator.door.logins == 0
    await hung_up(simulator)


async def test_a_host_key_of_another_kind(simulator: Simulator, open_plugin: OpenPlugin) -> None:
    rsa = asyncssh.generate_private_key("ecdsa-sha2-nistp256").export_public_key().decode()
    plugin = await open_plugin(**simulator.address | {"host_key": rsa})
    assert await why(plugin.collect_files(NONE)) == "ssh_failed"
    assert simulator.door.logins == 0


async def test_the_machines_own_configuration_does_not_count(
    simulator: Simulator, open_plugin: OpenPlugin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".ssh").mkdir()
    (tmp_path / ".ssh" / "known_hosts").write_text(f"* {simulator.door.host_key}\n")
    (tmp_path / ".ssh" / "config").write_text("Host *\n  UserKnownHostsFile none\n  ProxyCommand false\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    plugin = await open_plugin(**simulator.address | {"host_key": a_key()})
    assert await why(plugin.collect_files(NONE)) == "wrong_host_key"
    plugin = await open_plugin(**simulator.address)
    assert len(await plugin.collect_files(NONE)) == 1


async def test_a_wrong_password(simulator: Simulator, open_plugin: OpenPlugin) -> None:
    plugin = await open_plugin(**simulator.address | {"password": "wrong"})
    assert await why(plugin.collect_files(NONE)) == "login_refused"
    assert simulator.door.logins == 1


async def test_a_private_key_instead_of_a_password(
    simulator: Simulator, open_plugin: OpenPlugin, tmp_path: Path
) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(tmp_path / "bank")
    root = simulator.outbox.parent
    server = await asyncssh.listen(
        "127.0.0.1",
        0,
        server_host_keys=[tmp_path / "host_key"],
        authorized_client_keys=asyncssh.import_authorized_keys(key.export_public_key().decode()),
        sftp_factory=lambda channel: asyncssh.SFTPServer(channel, chroot=str(root).encode()),
    )
    address = {name: value for name, value in simulator.address.items() if name != "password"}
    plugin = await open_plugin(**address | {"port": server.get_port(), "private_key_file": str(tmp_path / "bank")})
    assert [file.name for file in await plugin.collect_files(NONE)] == [REGISTER]
    server.close()


@pytest.fixture
async def mute_port() -> AsyncIterator[int]:
    """The port of a server that takes connections and says nothing."""
    done = asyncio.Event()

    async def say_nothing(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await done.wait()
        writer.close()

    server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    done.set()
    server.close()


async def test_a_server_that_says_nothing(simulator: Simulator, open_plugin: OpenPlugin, mute_port: int) -> None:
    plugin = await open_plugin(**simulator.address | {"port": mute_port, "timeout": 0.1})
    assert await why(plugin.collect_files(NONE)) == "timeout"


async def test_a_server_that_is_not_one(simulator: Simulator, open_plugin: OpenPlugin) -> None:
    async def talk(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n" * 2000)
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    plugin = await open_plugin(**simulator.address | {"port": server.sockets[0].getsockname()[1], "timeout": 1})
    assert await why(plugin.collect_files(NONE)) in ("ssh_failed", "connection_lost", "no_connection")
    server.close()


async def shown(simulator: Simulator, name: str) -> None:
    """Until a fault is being shown."""
    async with asyncio.timeout(5):
        while fault := simulator.take(name):
            simulator.fault(name, seconds=fault.seconds)
            await asyncio.sleep(0)


@pytest.mark.parametrize("fault", ["slow", "timeout_before_debit", "timeout_after_debit"])
async def test_a_cancelled_call_hangs_up(simulator: Simulator, open_plugin: OpenPlugin, fault: str) -> None:
    plugin = await open_plugin(**simulator.address)
    simulator.fault(fault, seconds=3600)
    file = OutgoingFile("PAY-1.csv", b"x", ("1",))
    call = asyncio.create_task(plugin.collect_files(NONE) if fault == "slow" else plugin.send_files((file,)))
    await shown(simulator, fault)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(call, 1)
    await hung_up(simulator)


async def test_a_call_cancelled_at_any_moment_hangs_up(simulator: Simulator, open_plugin: OpenPlugin) -> None:
    plugin = await open_plugin(**simulator.address)
    for steps in count(0, 2):
        call = asyncio.create_task(plugin.collect_files(NONE))
        for _ in range(steps):
            await asyncio.sleep(0)
        if call.done():
            break
        call.cancel()
        await asyncio.wait({call}, timeout=1)
        assert call.done()
        await hung_up(simulator)


async def test_a_finished_call_hangs_up(simulator: Simulator, plugin: Albtelecom) -> None:
    await plugin.collect_files(NONE)
    await hung_up(simulator)


async def test_what_is_not_a_file_for_us_is_passed_over(simulator: Simulator, plugin: Albtelecom) -> None:
    inbox = simulator.outbox.parent / "inbox"
    for name in (".OPEN-1.csv.part", "OPEN-2.csv.part", "OPEN-3.csv.tmp", "OPEN 4.csv", "Ë.csv", "x" * 121):
        (inbox / name).write_bytes(b"?")
    (inbox / os.fsdecode(b"OPEN-\xff.csv")).write_bytes(b"?")
    (inbox / "OPEN-5.csv").mkdir()
    (inbox / "OPEN-6.csv").symlink_to("/etc/hostname")
    (inbox / "README.txt").write_bytes(b"kept by the host, and passed over by exchange()")
    files = await plugin.collect_files(NONE)
    assert [file.name for file in files] == [REGISTER, "README.txt"]
    reply = await plugin.exchange(files[1:], ())
    assert (reply.register, reply.outcomes, reply.incomplete) == ((), {}, ())


async def test_a_file_moved_away_meanwhile_is_not_there(simulator: Simulator, host: Host) -> None:
    simulator.fault("moved_away")
    assert (await host.swap()).register == ()
    assert host.known == set()


async def test_a_file_that_grows_while_it_is_read_is_incomplete(simulator: Simulator, host: Host) -> None:
    simulator.fault("growing")
    assert (await host.swap()).incomplete == (REGISTER,)
    assert host.register == {}


async def test_a_file_above_the_limit_is_not_read(simulator: Simulator, open_plugin: OpenPlugin) -> None:
    plugin = await open_plugin(**simulator.address)
    with (simulator.outbox.parent / "inbox" / "OPEN-20180815-002.csv").open("wb") as sparse:
        sparse.truncate(64 * 1024 * 1024 + 1)
    assert await why(plugin.collect_files(NONE)) == "file_too_large"


async def test_a_file_that_grows_above_the_limit_is_not_read(simulator: Simulator, open_plugin: OpenPlugin) -> None:
    size = (simulator.outbox.parent / "inbox" / REGISTER).stat().st_size
    plugin = await open_plugin(**simulator.address, max_file=size)
    assert len(await plugin.collect_files(NONE)) == 1
    simulator.fault("growing")
    assert await why(plugin.collect_files(NONE)) == "file_too_large"


async def test_a_large_file_arrives_whole(simulator: Simulator, open_plugin: OpenPlugin) -> None:
    content = os.urandom(3_000_001)
    (simulator.outbox.parent / "inbox" / "large.bin").write_bytes(content)
    plugin = await open_plugin(**simulator.address)
    (large,) = await plugin.collect_files(frozenset({REGISTER}))
    assert large.content == content
    await plugin.send_files((OutgoingFile("PAY-large.csv", content, ("1",)),))
    assert (simulator.outbox / "PAY-large.csv").read_bytes() == content


async def test_a_great_deal_is_fetched_bit_by_bit(
    simulator: Simulator, plugin: Albtelecom, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        simulator.publish()
    size = (simulator.outbox.parent / "inbox" / REGISTER).stat().st_size
    monkeypatch.setattr(client, "MOST_BYTES", size)
    first = await plugin.collect_files(NONE)
    assert [file.name[-7:] for file in first] == ["001.csv", "002.csv"]
    monkeypatch.setattr(client, "MOST_FILES", 1)
    second = await plugin.collect_files(frozenset(file.name for file in first))
    assert [file.name[-7:] for file in second] == ["003.csv"]


async def test_a_folder_without_end(simulator: Simulator, plugin: Albtelecom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "MOST_NAMES", 3)  # itself, its parent and the register
    assert len(await plugin.collect_files(NONE)) == 1
    monkeypatch.setattr(client, "MOST_NAMES", 2)
    assert await why(plugin.collect_files(NONE)) == "too_many_files"
    await hung_up(simulator)


async def test_what_lies_there_stays_as_it_is(simulator: Simulator, plugin: Albtelecom) -> None:
    (simulator.outbox / "PAY-1.csv").write_bytes(b"sent before")
    simulator.fault("no_room")
    await plugin.send_files((OutgoingFile("PAY-1.csv", b"again", ("1",)),))
    assert simulator.take("no_room"), "it was not even written"
    await plugin.send_files((OutgoingFile("PAY-1.csv", b"again", ("1",)), OutgoingFile("PAY-2.csv", b"new", ("2",))))
    assert (simulator.outbox / "PAY-1.csv").read_bytes() == b"sent before"
    assert simulator.arrivals == {"PAY-2.csv": 1}


@pytest.mark.parametrize("folder", ["inbox", "outbox"])
async def test_a_folder_that_is_not_there(simulator: Simulator, open_plugin: OpenPlugin, folder: str) -> None:
    plugin = await open_plugin(**simulator.address | {folder: "no-such-folder"})
    call = plugin.collect_files(NONE) if folder == "inbox" else plugin.send_files((OutgoingFile("P", b"x", ("1",)),))
    assert await why(call) == "no_such_folder"


async def test_folders_may_lie_deeper(simulator: Simulator, open_plugin: OpenPlugin) -> None:
    plugin = await open_plugin(**simulator.address | {"inbox": "/inbox", "outbox": "./outbox/"})
    host = Host(plugin)
    await host.pay(order())
    await host.swap()
    assert FIRST in host.register
    assert list(simulator.arrivals.values()) == [1]
