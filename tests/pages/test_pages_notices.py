"""The settings of notices: switches and quiet hours without JavaScript, and what a browser shows that is pushed to."""

import asyncio
import json
from typing import Any

import pytest
from fakes.browser import Browser as Device
from fakes.world import World, loaded
from pages_kit import FLOWS, WIDTHS, Open, Site

from faturat.hookspecs import ObserverSpec
from faturat_server.channels.plugin import ChannelNotifier
from faturat_server.channels.settings import Settings as ChannelSettings
from faturat_server.channels.tables import ChannelRow
from faturat_server.push.plugin import PushNotifier
from faturat_server.push.settings import Settings
from faturat_server.push.tables import DeviceRow

pytestmark = pytest.mark.browser

PAGE = "/njoftimet/cilesimet"
TO_THE_SYSTEM = """() => {
    self.shown = [];
    registration.showNotification = async (title, options) => void self.shown.push({ title, ...options });
}"""
"""What the worker hands to the system, which shows it only where a person let it."""


def pushing() -> World:
    return World(observers=(loaded("push", PushNotifier(Settings("notices@bank.example")), ObserverSpec),))


@pytest.mark.parametrize("size", WIDTHS, ids=str)
async def test_switches_and_quiet_hours_are_kept_without_javascript(
    fake_site: tuple[Site, World], open_page: Open, size: str | tuple[int, int]
) -> None:
    visit = await open_page(fake_site[0], size, java_script_enabled=False)
    page = visit.page
    await visit.log_in()
    await visit.menu("Njoftimet")
    await visit.click("Cilësimet")
    await visit.shows("Banka ende nuk dërgon gjë në pajisje")
    await page.locator("[name=invoice_due]").uncheck()
    await page.get_by_label("Nga", exact=True).fill("23:30")
    await visit.click("Ruaj")
    await visit.shows("Zgjedhja juaj u ruajt.")
    assert not await page.locator("[name=invoice_due]").is_checked()
    assert await page.locator("[name=invoice_new]").is_checked()
    assert await page.get_by_label("Nga", exact=True).input_value() == "23:30"
    await visit.shows("Nga ora 23:30 deri në orën 07:00, me orën e Shqipërisë", "dorëzohet në orën 07:00")
    await visit.screen("notice-settings")
    await page.locator("[name=qetesi]").uncheck()
    await visit.click("Ruaj")
    assert not await page.locator("[name=qetesi]").is_checked()
    await visit.shows("Ndërmjet orëve më poshtë")
    assert visit.complaints == []
    await page.get_by_label("Deri", exact=True).fill("22:00")
    await page.locator("[name=qetesi]").check()
    await page.locator("[name=invoice_due]").check()
    await visit.click("Ruaj")
    await visit.shows("“Deri” është e njëjta orë si “Nga”. Ndryshoni njërën")
    assert await page.locator("#deri[aria-invalid]").input_value() == "22:00", "what was typed is kept"
    assert await page.locator("[name=qetesi]").is_checked()
    assert await page.locator("[name=invoice_due]").is_checked()
    await visit.screen("notice-settings-same-hours")
    await page.goto(PAGE)
    assert not await page.locator("[name=qetesi]").is_checked(), "nothing of it was kept"


@pytest.mark.parametrize("size", FLOWS)
@pytest.mark.parametrize("fake_site", [pushing], indirect=True)
async def test_devices_come_and_go_and_a_notice_that_is_pushed_twice_is_shown_once(
    fake_site: tuple[Site, World], open_page: Open, size: str
) -> None:
    site, _ = fake_site
    visit = await open_page(site, size, service_workers="allow")
    page = visit.page
    await visit.log_in()
    await page.goto(PAGE)
    # a browser without a window never lets a page show notices
    await page.get_by_text("Ky shfletues nuk i lejon Faturat të shfaqin njoftime").wait_for()
    assert not await page.get_by_role("button", name="Aktivizo").is_visible()
    device = Device("https://fcm.googleapis.com/fcm/send/x")
    for name, value in {"endpoint": device.endpoint, **device.keys}.items():
        await page.evaluate("([name, value]) => { form.elements[name].value = value; }", [name, value])
    await page.evaluate("form.submit()")  # as where a push service answered the browser, which no test has
    await page.get_by_text("Chrome ose Android").wait_for()
    await visit.screen("notice-devices")

    cdp = await page.context.new_cdp_session(page)
    found: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def registered(said: dict[str, Any]) -> None:
        if said["registrations"] and not found.done():
            found.set_result(said["registrations"][0]["registrationId"])

    cdp.on("ServiceWorker.workerRegistrationUpdated", registered)
    await cdp.send("ServiceWorker.enable")
    notice = {"id": "not_1", "title": "Faturë e re", "body": "Shtëpia: 1.707,40 ALL", "path": "/faturat/fatura/x"}
    [worker] = page.context.service_workers
    await worker.evaluate(TO_THE_SYSTEM)
    for _ in range(2):
        message = {"origin": site.url, "registrationId": await found, "data": json.dumps(notice)}
        await cdp.send("ServiceWorker.deliverPushMessage", message)
    async with asyncio.timeout(5):
        while len(shown := await worker.evaluate("() => self.shown")) < 2:
            await asyncio.sleep(0.02)
    assert {(each["title"], each["body"], each["tag"], each["data"]) for each in shown} == {
        (notice["title"], notice["body"], "not_1", "/faturat/fatura/x")
    }, "the same tag: the system shows it once"

    await visit.click("Çaktivizo")
    await visit.shows("Njoftimet në atë pajisje u çaktivizuan", "Ende asnjë pajisje nuk merr njoftime")


def with_channels() -> World:
    return World(observers=(loaded("channels", ChannelNotifier(ChannelSettings()), ObserverSpec),))


@pytest.mark.parametrize("size", WIDTHS, ids=str)
@pytest.mark.parametrize(
    ("fake_site", "leads_to"),
    [(pushing, PAGE), (with_channels, "/njoftimet/kanalet"), (World, None)],
    indirect=["fake_site"],
)
async def test_whoever_hears_nothing_is_led_from_a_registration_to_where_notices_are_turned_on(
    fake_site: tuple[Site, World], open_page: Open, leads_to: str | None, size: str | tuple[int, int]
) -> None:
    site, world = fake_site
    made = await world.faturat.contracts.register("c1", "fake", None, {"code": "AB12"}, "Shtëpia")
    registered = f"/faturat/kontrata/{made.contract.id}/krijuar"
    visit = await open_page(site, size, java_script_enabled=False)
    await visit.log_in()
    await visit.page.goto(registered)
    await visit.screen("registered")
    offered = visit.page.get_by_role("link", name="Njoftomë për çdo faturë të re")
    assert await offered.count() == (leads_to is not None)
    if leads_to is None:
        return
    await offered.click()
    assert visit.page.url == f"{site.url}{leads_to}"
    row: dict[str, Any] = {"customer": "c1", "username": "demo", "created_at": world.clock.now()}
    if leads_to == PAGE:
        await DeviceRow.insert(
            DeviceRow(id="dev_1", endpoint="https://fcm.googleapis.com/x", p256dh="", auth="", **row)
        )
    else:
        await ChannelRow.insert(ChannelRow(id="chn_1", kind="ntfy", address="ntfy.bank.example/t", secret="", **row))
    await visit.page.goto(registered)
    assert not await offered.count(), "they hear of it already"
