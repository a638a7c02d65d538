"""What is wrong with the page in a window: for whoever hears it, reads it large, or has little room."""

from importlib.resources import files
from typing import Any

from pages_kit import SMALL_TARGETS, Visit
from playwright.async_api import ViewportSize

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
RUN_AXE = """async () => {
    const { violations } = await axe.run({ resultTypes: ["violations"] });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html, any, all, none }) =>
        `${id}: ${html.slice(0, 200)} ${[...any, ...all, ...none].map(({ message }) => message).join("; ")}`));
}"""
SHIFTED = """() => new Promise((resolve) => {
    let sum = 0;
    new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => { sum += value; }))
        .observe({ type: "layout-shift", buffered: true });
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(sum)));
})"""
MOST_SHIFTED = 0.02
CUT_OFF = """() => {
    const { clientWidth, scrollWidth } = document.documentElement;
    const out = (each) => {
        const { left, right, width } = each.getBoundingClientRect();
        const flows = getComputedStyle(each).display === "inline" || each.matches("input, select, .scroll");
        const wide = !flows && each.scrollWidth > each.clientWidth + 1;
        return wide || (width && (left < -0.5 || right > clientWidth + 0.5));
    };
    const seen = [...document.querySelectorAll("body *:not(svg *)")]
        .filter((each) => each.checkVisibility() && !each.closest(".scroll *, .skip"));
    const wrong = seen.filter(out);
    const inmost = wrong.filter((each) => !wrong.some((other) => each !== other && each.contains(other)));
    const said = inmost.map((each) => `cut off: ${each.outerHTML.replace(/\\s+/g, " ").slice(0, 160)}`);
    return scrollWidth > clientWidth && !said.length ? ["the page scrolls sideways"] : said;
}"""
BROKEN = """() => [...document.querySelectorAll(".amount, .total, .bar a, .bar button")].flatMap((each) => {
    if (!each.checkVisibility()) return [];
    const texts = document.createTreeWalker(each, NodeFilter.SHOW_TEXT), broken = [];
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
        for (const { 0: word, index } of text.data.matchAll(/\\S+/g)) {
            const range = new Range();
            range.setStart(text, index);
            range.setEnd(text, index + word.length);
            if (new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1) broken.push(word);
        }
    }
    return broken.map((word) => `broken: ${word}`);
})"""
"""An amount of which a part stands on the next line reads as another one."""
NARROW: ViewportSize = {"width": 320, "height": 640}
"""A desktop's window of 1280 pixels at 400 %."""


async def violations(visit: Visit) -> list[str]:
    """What axe-core finds; 0 is what every page has."""
    await visit.page.evaluate(AXE)
    found: list[str] = await visit.page.evaluate(RUN_AXE)
    return found


async def shifted(visit: Visit) -> list[str]:
    """Whether what was seen moved while the page came."""
    moved: float = await visit.page.evaluate(SHIFTED)
    return [f"moved by {moved}"] if moved > MOST_SHIFTED else []


async def cut_off(visit: Visit) -> list[str]:
    """What stands out of the window or of its own box, what is broken, and what is too low to be touched."""
    found: list[str] = await visit.page.evaluate(CUT_OFF)
    broken: list[str] = await visit.page.evaluate(BROKEN)
    small: list[str] = await visit.page.evaluate(SMALL_TARGETS)
    return [*found, *broken, *(f"small: {each}" for each in small)]


async def cut_off_where_there_is_little_room(visit: Visit) -> list[str]:
    """The same at 400 %, and in letters of twice the size as a browser's settings make them."""
    page, usual = visit.page, visit.page.viewport_size
    assert usual is not None
    await page.set_viewport_size(NARROW)
    found = [f"at 320 pixels, {each}" for each in await cut_off(visit)]
    await page.set_viewport_size(usual)
    session: Any = await page.context.new_cdp_session(page)
    await session.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    found += [f"in large letters, {each}" for each in await cut_off(visit)]
    await session.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
    await session.detach()
    return found
