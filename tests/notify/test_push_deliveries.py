"""The delivery log: one entry for each notice and device, bounded, of nobody else's device."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from fakes.clock import FakeClock

from faturat import FaturatError
from faturat.notices.types import NoticeEvent
from faturat.store.postgres import Database
from faturat_server.pages.delivery_words import EVENTS, FAILURES
from faturat_server.push.deliveries import KEPT, MOST, TEST, Failure, LoggedDelivery, deliveries_to, log_delivery
from faturat_server.push.service import NotificationService
from faturat_server.push.tables import DeviceRow
from faturat_server.schema import TABLES


@pytest.fixture
async def database(server_url: str) -> AsyncIterator[Database]:
    database = await Database.open(server_url, TABLES)
    yield database
    await database.close()


async def test_a_notice_is_one_entry_and_once_delivered_stays_so(database: Database, clock: FakeClock) -> None:
    for failure in (Failure.NOT_TAKEN, Failure.NOT_TAKEN, None, None, Failure.NOT_TAKEN):
        await log_delivery("dev_1", "not_1", "invoice_new", failure, clock.now())
        clock.advance(timedelta(minutes=1))
    found = await deliveries_to("dev_1")
    assert found == [LoggedDelivery("invoice_new", clock.now() - timedelta(minutes=3), None, 3)]
    assert await deliveries_to("dev_2") == []


async def test_only_the_newest_are_kept_and_none_for_long(database: Database, clock: FakeClock) -> None:
    await log_delivery("dev_gone", "not_0", "invoice_new", None, clock.now())
    for number in range(MOST + 3):
        clock.advance(timedelta(minutes=1))
        await log_delivery("dev_1", f"not_{number}", "invoice_new", None, clock.now())
    count = "SELECT count(*) FROM push_delivery"
    assert [row["count"] for row in await database.fetch(count)] == [MOST + 1]
    assert (await deliveries_to("dev_1"))[0].at == clock.now()
    clock.advance(KEPT + timedelta(days=1))
    await log_delivery("dev_1", "last", TEST, None, clock.now())
    assert [row["count"] for row in await database.fetch(count)] == [1]


async def test_the_log_of_a_device_is_its_customer_s_alone(database: Database, clock: FakeClock) -> None:
    service, now = NotificationService(database, clock, None), clock.now()
    await DeviceRow.insert(
        DeviceRow(id="dev_1", customer="c1", username="u", endpoint="https://h/x", p256dh="", auth="", created_at=now)
    )
    await log_delivery("dev_1", "not_1", "invoice_new", None, now)
    assert len((await service.deliveries("c1", "dev_1"))[1]) == 1
    with pytest.raises(FaturatError) as refused:
        await service.deliveries("c2", "dev_1")
    assert refused.value.code == "unknown_device"


def test_every_event_and_failure_has_words() -> None:
    assert set(EVENTS) == {*NoticeEvent, TEST}
    assert set(FAILURES) == set(Failure)
