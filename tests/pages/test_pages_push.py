"""A browser that notices are pushed to: turned on, off at the server, on again, and subscribed with an older key.

The push service is a real one on 127.0.0.1; that the browser has one is put into it by fakes/push_browser.js.
"""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes.browser import Browser
from fakes.push_service import PushService, serve_push
from fakes.trusted import BUNDLE, trusted
from fakes.world import World, loaded
from pages_kit import FLOWS, Open, Site, Visit, free_port
from playwright.async_api import Locator

from faturat.hookspecs import ObserverSpec
from faturat_server.access.tables import SecretRow
from faturat_server.push.keys import NAME
from faturat_server.push.plugin import PushNotifier
from faturat_server.push.service import BETWEEN_TESTS
from faturat_server.push.settings import Settings
from faturat_server.push.tables import DeviceRow

pytestmark = pytest.mark.browser

PAGE = "/njoftimet/cilesimet"
PORT = free_port()
BROWSER = (Path(__file__).parents[1] / "fakes" / "push_browser.js").read_text("utf-8")
HERE, TURN_ON = "Ky shfletues merr njoftime.", "Aktivizo në këtë shfletues"


@pytest.fixture
async def push(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[PushService]:
    async with serve_push(trusted(tmp_path), PORT) as service:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / BUNDLE))
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield service


def pushing() -> World:
    notifier = PushNotifier(Settings("notices@bank.example", hosts=(f"127.0.0.1:{PORT}", "fcm.googleapis.com")))
    return World(observers=(loaded("push", notifier, ObserverSpec),))


def own_line(visit: Visit) -> Locator:
    """This browser's in the list of devices."""
    return visit.page.locator(".line", has=visit.page.locator(".tag:visible", has_text="ky shfletues"))


async def is_on(visit: Visit) -> None:
    """This browser, of all devices, is said to get notices."""
    await visit.page.get_by_text(HERE).wait_for()
    assert not await visit.page.get_by_role("button", name=TURN_ON).is_visible()
    assert "127.0.0.1" in await own_line(visit).inner_text()


async def turn_on_again(visit: Visit) -> None:
    """It is not said to get notices, though others do; one button turns them on."""
    await visit.page.get_by_role("button", name=TURN_ON).wait_for()
    assert not await visit.page.get_by_text(HERE).is_visible()
    assert await visit.page.locator(".line").count() == 1, "the other device stays"
    assert not await own_line(visit).count()
    await visit.click(TURN_ON)
    await is_on(visit)


@pytest.mark.parametrize("size", FLOWS)
@pytest.mark.parametrize("fake_site", [pushing], indirect=True)
async def test_a_browser_is_turned_on_again_whoever_turned_it_off(
    fake_site: tuple[Site, World], open_page: Open, push: PushService, size: str
) -> None:
    visit = await open_page(fake_site[0], size, service_workers="allow")
    page = visit.page
    await page.add_init_script(f"{BROWSER}({json.dumps({'origin': push.origin, 'keys': push.browser('').keys})})")
    await visit.log_in()
    other = Browser("https://fcm.googleapis.com/fcm/send/x")
    now = datetime.now(UTC)
    await DeviceRow.insert(
        DeviceRow(id="dev_0", customer="c1", username="demo", endpoint=other.endpoint, **other.keys, created_at=now)
    )
    await page.goto(PAGE)
    await turn_on_again(visit)
    await page.reload()
    await is_on(visit)
    await visit.screen("notice-push")

    await page.goto(f"{PAGE}?prova=dev_0")
    assert not await page.locator(".alert:visible").count(), "an address alone says nothing of a test"
    await own_line(visit).get_by_role("button", name="Dërgo një provë").click()
    await page.get_by_text("Prova e datës 22.11.2026 10:00:00 u nis").wait_for()
    await page.reload()
    await visit.shows("u nis: pajisja e shfaq pas pak sekondash")
    assert [each.name for each in push.tried] == ["1"], "to load the page again sends nothing"
    await own_line(visit).get_by_role("button", name="Dërgo një provë").click()
    await page.get_by_text("Sapo dërguat një provë").wait_for()
    assert push.tried[1:] == []

    fake_site[1].clock.advance(BETWEEN_TESTS)
    push.answers["1"] = 410
    await page.reload()
    assert push.tried[1:] == []
    await own_line(visit).get_by_role("button", name="Dërgo një provë").click()
    await page.get_by_text("Ai shfletues nuk merr më njoftime, prandaj u hoq.").wait_for()
    await page.reload()
    await visit.shows("Ai shfletues nuk merr më njoftime, prandaj u hoq.")
    await turn_on_again(visit)

    await own_line(visit).get_by_role("button", name="Çaktivizo").click()
    await turn_on_again(visit)
    assert [each.name for each in push.tried] == ["1", "1"]
    assert visit.complaints == []


@pytest.mark.parametrize("size", FLOWS)
@pytest.mark.parametrize("fake_site", [pushing], indirect=True)
async def test_a_subscription_with_an_older_key_of_the_server_is_renewed(
    fake_site: tuple[Site, World], open_page: Open, push: PushService, size: str
) -> None:
    visit = await open_page(fake_site[0], size, service_workers="allow")
    page = visit.page
    await page.add_init_script(f"{BROWSER}({json.dumps({'origin': push.origin, 'keys': push.browser('').keys})})")
    await visit.log_in()
    await page.goto(PAGE)
    await visit.click(TURN_ON)
    await is_on(visit)
    [before] = await DeviceRow.select(DeviceRow.id, DeviceRow.endpoint)
    await SecretRow.delete().where(SecretRow.name == NAME)  # the next to ask makes a new one
    async with page.expect_request("**/njoftimet/pajisjet"):
        await page.goto(PAGE)
    await is_on(visit)
    [after] = await DeviceRow.select(DeviceRow.id, DeviceRow.endpoint)
    assert after["id"] == before["id"], "it is the same device"
    assert after["endpoint"] != before["endpoint"]
    key = await page.locator("#push").get_attribute("data-key")
    assert json.loads(await page.evaluate("localStorage.getItem('subscription')"))["key"] == key
    await page.reload()
    await is_on(visit)
    assert await page.evaluate("localStorage.getItem('made')") == "2", "once is enough"
    assert visit.complaints == []
