"""`faturat plugins` tells what all processes of the bank know of a company that does not answer."""

from datetime import timedelta

from faturat.clock import SystemClock, time_in_albania
from faturat.command.plugins import known_troubles
from faturat.health import breaker
from faturat.health.types import Circuit
from faturat.settings import Settings
from faturat.store.postgres import Database, PostgresStore


async def test_what_is_known_stands_beside_each_company(database_url: str) -> None:
    database = await Database.open(database_url)
    store, since = PostgresStore(database), SystemClock().now() - timedelta(minutes=3)
    settings = Settings(database_url=database_url)
    for biller, failures in (("oshee", breaker.FAILURES), ("ukt", breaker.DISTURBED), ("gjobat", 1)):
        circuit = Circuit(biller=biller)
        for _ in range(failures):
            circuit = breaker.failed(circuit, since)
            assert await store.move_circuit(circuit)
    await database.close()
    said = time_in_albania(since, SystemClock().now())
    assert await known_troubles(settings) == {"oshee": f"down since {said}", "ukt": f"disturbed since {said}"}


async def test_without_a_database_nothing_is_known(empty_database_url: str) -> None:
    for url in ("", "postgresql://nobody@127.0.0.1:1/none", empty_database_url):
        assert await known_troubles(Settings(database_url=url)) == {}
