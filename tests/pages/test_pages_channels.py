"""A customer adds a channel, tries it, says what it tells of, and removes it; without JavaScript."""

import json

import aiohttp
import pytest
from fakes.mailbox import serve_mailbox
from fakes.sms_gateway import TOKEN, serve_sms
from fakes.webhooks import serve_webhooks
from fakes.world import World, loaded
from pages_kit import WIDTHS, Open, Site, free_port

from faturat.hookspecs import ObserverSpec
from faturat.notices.types import NoticeEvent
from faturat_server.channels.plugin import ChannelNotifier, settings_of
from faturat_server.channels.service import BETWEEN_TESTS
from faturat_server.channels.settings import Mail, Settings, Sms, Telegram

pytestmark = pytest.mark.browser

SMS_PORT = free_port()
TESTED = "Prova e datës 22.11.2026 10:00:00 u dorëzua."
BOT = Telegram("bank_bills_bot", "123456:token", "a-secret-of-20-letters")


def sending() -> World:
    mail = Mail("127.0.0.1", "notices@bank.example", free_port(), "insecure")
    sms = Sms(f"smseagle://{TOKEN}@127.0.0.1:{SMS_PORT}")
    settings = Settings(ntfy=("ntfy.bank.example",), mail=mail, sms=sms, telegram=BOT, local_webhooks=True)
    notifier = ChannelNotifier(settings)
    return World(observers=(loaded("channels", notifier, ObserverSpec),))


@pytest.mark.parametrize("size", WIDTHS, ids=str)
@pytest.mark.parametrize("fake_site", [sending], indirect=True)
async def test_each_kind_from_its_form_to_its_removal(
    fake_site: tuple[Site, World], open_page: Open, size: str | tuple[int, int]
) -> None:
    site, world = fake_site
    visit = await open_page(site, size, java_script_enabled=False)
    page = visit.page
    await visit.log_in()
    await visit.menu("Njoftimet")
    await visit.click("Cilësimet")
    await visit.click("Kanale të tjera")
    await visit.shows("Nuk keni ende kanal tjetër")
    await visit.screen("channels")
    await visit.click("Shto: ntfy")
    await page.get_by_label("Tema").fill("fature")
    await visit.click("Shto")
    await visit.shows("8 deri në 64 shenja")
    await visit.screen("channel-ntfy")
    await page.get_by_label("Tema").fill("faturat-e-mia-7")
    await visit.click("Shto")
    await visit.shows("ntfy.bank.example/faturat-e-mia-7")
    await visit.click("Hiq")
    await visit.shows("Kanali u hoq", "Nuk keni ende kanal tjetër")
    await page.reload()
    await visit.shows("Kanali u hoq")
    await visit.screen("channel-removed")
    offered = settings_of(world.faturat)
    assert offered is not None
    assert offered.mail is not None
    async with serve_mailbox(offered.mail.port) as mailbox:
        await visit.click("Shto: E-mail")
        await page.get_by_label("Adresa e e-mailit").fill("test.test@mail.example")
        await visit.screen("channel-mail")
        await visit.click("Vazhdo")
        keys = [await page.get_by_label("Kodi").get_attribute(each) for each in ("inputmode", "autocomplete")]
        assert keys == ["numeric", "one-time-code"]
        await page.get_by_label("Kodi").fill("no")
        await visit.click("Vazhdo")
        await visit.shows("Kodi nuk është i saktë", "edhe 4 herë")
        await visit.screen("channel-code")
        await page.get_by_label("Kodi").fill(mailbox.code)
        await visit.click("Vazhdo")
        await visit.click("Dërgo një provë")
        await visit.shows("test.test@mail.example", TESTED, "Orët tuaja të qetësisë këtu nuk vlejnë")
        assert mailbox.letters[-1]["Subject"] == "Provë e njoftimeve"
    await visit.click("Hiq")
    async with serve_sms(SMS_PORT) as gateway:
        await visit.click("Shto: SMS")
        await page.get_by_label("Numri i telefonit").fill("+1 900 123 4567")
        await visit.click("Vazhdo")
        await visit.shows("vetëm te numra që fillojnë me +355")
        await visit.screen("channel-sms")
        await page.get_by_label("Numri i telefonit").fill("069 123 4567")
        await visit.click("Vazhdo")
        await page.get_by_label("Kodi").fill(gateway.code)
        await visit.click("Vazhdo")
        await visit.click("Dërgo një provë")
        await visit.shows("+355691234567", TESTED, "Në orët tuaja të qetësisë këtu nuk vjen asgjë")
    await visit.click("Hiq")
    await visit.click("Shto: Telegram")
    await visit.screen("channel-telegram-form")
    await visit.click("Vazhdo")
    await visit.screen("channel-telegram")
    link = await page.get_by_role("link", name="Hap Telegram-in").get_attribute("href")
    await visit.click("Vazhdo")
    await visit.shows("shtypni Start te Telegram, pastaj Vazhdo")
    assert await page.get_by_role("link", name="Hap Telegram-in").get_attribute("href") == link, "it is good still"
    status, answer = await _hear(site, str(link), "not-ours")
    assert (status, "sendMessage" in answer) == (401, False)
    status, answer = await _hear(site, str(link), BOT.secret)
    said = json.loads(answer)
    assert (status, said["method"], said["chat_id"]) == (200, "sendMessage", "5000000001")
    assert "shtypni Vazhdo" in said["text"]
    status, answer = await _hear(site, str(link), BOT.secret)
    assert (status, "sendMessage" in answer) == (200, False), "a link is opened once"
    await visit.click("Vazhdo")
    await visit.shows("Biseda juaj me robotin e bankës")
    await visit.screen("channel-telegram-added")
    await visit.click("Hiq")
    await visit.click("Shto: Një program i juaji (webhook)")
    await visit.shows("Cilësimet Kanale të tjera", "https://programi.example/njoftimet")
    assert await page.get_by_label("Adresa").get_attribute("inputmode") == "url"
    await page.get_by_label("Adresa").fill("http://program.example/")
    await visit.click("Shto")
    await visit.shows("Ajo duhet të fillojë me https://.")
    assert await page.get_by_label("Adresa").input_value() == "http://program.example/", "what was typed is kept"
    await visit.screen("channel-form")
    async with serve_webhooks() as receiver:
        await page.get_by_label("Adresa").fill(receiver.url("mine"))
        await visit.click("Shto")
        await visit.click("Dërgo një provë")
        await visit.shows(TESTED, "Provë", "U dorëzua")
        [arrived] = receiver.posted
        await page.locator("summary").click()
        await visit.shows("ky sekret humbet përgjithmonë")
        assert arrived.is_signed_with(await page.locator("details .code").inner_text())
        await page.reload()
        await visit.click("Dërgo një provë")
        await visit.shows("Sapo dërguat një provë")
        world.clock.advance(BETWEEN_TESTS)
        await page.reload()
        assert receiver.posted == [arrived], "to load a page again sends nothing"
        await page.locator("[name=invoice_due]").uncheck()
        await visit.click("Ruaj")
        await visit.shows("Zgjedhja juaj u ruajt.")
        chosen = {event: await page.locator(f"[name={event}]").is_checked() for event in NoticeEvent}
        assert [event for event in NoticeEvent if not chosen[event]] == [NoticeEvent.INVOICE_DUE], "each has its switch"
        await visit.screen("channel")
        receiver.answers["mine"] = 410
        await visit.click("Dërgo një provë")
        await visit.shows("10:00:10 nuk u dorëzua", "ndaj kanali u hoq", "Nuk keni ende kanal tjetër")
        await page.reload()
        await visit.shows("ndaj kanali u hoq")
    await page.goto("/njoftimet/kanalet?hequr=po")
    assert not await page.locator(".alert:visible").count(), "an address alone says nothing of a test"
    assert [each for each in visit.complaints if not any(refused in each for refused in ("409", "422"))] == []


@pytest.mark.parametrize("fake_site", [sending], indirect=True)
async def test_a_channel_that_was_removed_by_its_receiver_is_told_of(
    fake_site: tuple[Site, World], open_page: Open
) -> None:
    visit = await open_page(fake_site[0], (320, 640))
    await visit.log_in()
    async with serve_webhooks() as receiver:
        receiver.answers["mine"] = 410
        await visit.page.goto("/njoftimet/kanalet/shto/webhook")
        await visit.page.get_by_label("Adresa").fill(receiver.url("mine"))
        await visit.click("Shto")
        await visit.click("Dërgo një provë")
        await visit.shows("nuk merr më njoftime")
    await visit.page.goto("/njoftimet/cilesimet")
    await visit.shows(f"{receiver.url('mine')}: u përgjigj se nuk merr më njoftime, ndaj kanali u hoq.")
    await visit.screen("notice-settings-gone")


async def _hear(site: Site, link: str, secret: str) -> tuple[int, str]:
    """Telegram tells what the bot heard of who opened a link; our answer, which it does what is said in."""
    message = {"chat": {"id": 5000000001, "type": "private"}, "text": f"/start {link.partition('=')[2]}"}
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{site.url}/telegram", json={"message": message}, headers=headers) as answer,
    ):
        return answer.status, await answer.text()
