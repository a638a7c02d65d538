"""`faturat simulate`: every installed company, and settings that can be put into faturat.toml as they are printed."""

import asyncio
import signal
import sys
import tomllib
from pathlib import Path

import aiohttp

from faturat.plugins.simulators import installed_simulators

FATURAT = Path(sys.executable).parent / "faturat"
PATIENCE = 60


async def test_all_of_them_are_served(tmp_path: Path, unused_tcp_port_factory: object) -> None:
    first = 20_000 + unused_tcp_port_factory() % 20_000
    process = await asyncio.create_subprocess_exec(
        FATURAT, "simulate", "--data", tmp_path, "--port", str(first), stdout=asyncio.subprocess.PIPE
    )
    said = ""
    try:
        async with asyncio.timeout(PATIENCE):
            while "ready" not in said:
                line = await process.stdout.readline()
                assert line, said
                said += line.decode()
        assert tomllib.loads(said)["plugins"]["billers"].keys() == installed_simulators().keys()
        plain = [offset for offset, name in enumerate(installed_simulators()) if name != "gjobat"]  # it speaks TLS
        async with aiohttp.ClientSession() as session:
            for offset in plain:
                async with session.get(f"http://127.0.0.1:{first + offset}/_control/cases") as reply:
                    assert len(await reply.json()) == 11
    finally:
        process.send_signal(signal.SIGINT)
        await asyncio.wait_for(process.wait(), PATIENCE)
    assert process.returncode == 0
