import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from itertools import count
from pathlib import Path

import pytest
from crash_kit import Bench, Prepared, bench_from
from crash_starts import STARTS
from crash_ways import Trials


@pytest.fixture(scope="session")
async def benches(
    fresh_database: Callable[..., AbstractAsyncContextManager[str]], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Callable[[str], AbstractAsyncContextManager[Bench]]]:
    """Benches by the name of what they begin with, which is made when it is first asked for and copied for each."""
    numbers, making = count(1), asyncio.Lock()
    prepared: dict[str, Prepared] = {}

    def folder() -> Path:
        return tmp_path_factory.mktemp(f"bench-{next(numbers)}-")

    async with AsyncExitStack() as databases:

        @asynccontextmanager
        async def fresh(start: str) -> AsyncIterator[Bench]:
            async with making:
                if start not in prepared:
                    url = await databases.enter_async_context(fresh_database())
                    prepared[start] = await STARTS[start](url, folder())
            template = prepared[start]
            async with fresh_database(template.database) as url, bench_from(template, url, folder()) as bench:
                yield bench

        yield fresh


@pytest.fixture(scope="session")
def trials(benches: Callable[[str], AbstractAsyncContextManager[Bench]]) -> Trials:
    return Trials(benches)
