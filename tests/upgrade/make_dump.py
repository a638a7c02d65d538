"""Writes a release's database, with data of each kind, as plain SQL: what the next release must be able to upgrade.

Run it in a checkout of the release, before the first migration of the next one is written:

    .venv/bin/python tests/upgrade/make_dump.py 0.1.0

It fills a database by that release's own code (tests/fakes/site.py), and pg_dump writes release-0.1.0.sql beside it.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from fakes.clock import FakeClock
from fakes.programs import run
from fakes.site import fill, open_site

from faturat.store.postgres import APP, Database
from faturat.store.postgres.embedded import EmbeddedPostgres
from faturat_server.bank.seed import seed_demo
from faturat_server.schema import APPS


async def made(folder: Path) -> str:
    """The dump of a database that was filled."""
    server = EmbeddedPostgres(folder / "pg")
    url = await server.start()
    try:
        database = await Database.open(url)
        await database.migrate([APP, *APPS])
        await database.close()
        async with open_site(url, FakeClock()) as site:
            await seed_demo()
            await fill(site)
        return await run("pg_dump", "--no-owner", "--no-privileges", "--no-comments", url)
    finally:
        await server.stop()


def main(release: str) -> None:
    with tempfile.TemporaryDirectory(prefix="fat-") as folder:
        text = asyncio.run(made(Path(folder)))
    # these lines bar a foreign dump from running psql's own commands; their token changes each time
    lines = [line for line in text.splitlines() if not line.startswith(("\\restrict", "\\unrestrict", "--"))]
    file = Path(__file__).with_name(f"release-{release}.sql")
    file.write_text("\n".join(line for line in lines if line) + "\n", "utf-8")
    print(f"{file.name}: {file.stat().st_size} bytes")


main(sys.argv[1])
