"""Takes docs/room-*.png: the web room in a real browser, while docs/debate.jsonl is debated.

    python -m docs.room

Needs Chromium (`apt-get install chromium fonts-inter fonts-noto-color-emoji`) and the development
requirements. The model is the tests' fake server, which recites the script.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import orjson
from aiohttp import web
from playwright.async_api import Browser, Page, expect

from tests.fakes.model_behaviours import DONE, Received, chunk
from tests.redis_server import redis_server
from tests.webroom.browsing import PHONE, Window, chromium
from tests.webroom.rig import House

HERE = Path(__file__).parent
LINES = [orjson.loads(line) for line in (HERE / "debate.jsonl").read_bytes().splitlines()]
TOPIC = "Should a small team run its own language models?"
ASKED = "@AI Doomer what would a rented model cost us on the day it changes under our feet?"
ASIDE = (
    "The day itself, and then your trust in it: a silent upgrade breaks what you had tuned, and "
    "nobody can say when it began. Ask for a pinned version, a date in the contract, and the right "
    "to leave with your questions and your logs."
)
HALF_SAID = 4
"""The place in the script of the turn that is half spoken in the pictures."""
PIECE = 6

SIZES: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 800}, "device_scale_factor": 1.5},
    "phone": {**PHONE, "device_scale_factor": 2},
}


class Reciter:
    """A behaviour of the fake model server: the script's lines, one of them in two halves."""

    def __init__(self) -> None:
        self._place = 0
        self._on = asyncio.Event()

    def go_on(self) -> None:
        """What is half said is said to its end."""
        self._on.set()

    async def __call__(self, request: web.Request, received: Received) -> web.StreamResponse:
        """Streams one reply."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        held = self._place == HALF_SAID
        text = self._line(received.body["response_format"]["json_schema"]["schema"])
        for start in range(0, len(text), PIECE):
            await response.write(chunk({"content": text[start : start + PIECE]}))
            if held and start > len(text) // 2:
                await self._on.wait()
        usage = {"prompt_tokens": received.prompt_tokens, "completion_tokens": len(text) // 4}
        await response.write(chunk({}, "stop") + chunk({}, None, usage=usage) + DONE)
        return response

    def _line(self, schema: dict[str, Any]) -> str:
        if "summary" in schema["properties"]:
            return str(LINES[-1])
        last = self._place == len(LINES) - 2
        if "question" not in schema["properties"] and not last:
            return orjson.dumps({"answer": ASIDE}).decode()
        self._place += 1
        return str(LINES[self._place - 1])


async def main() -> None:
    """Holds the debate and takes the pictures."""
    reciter = Reciter()
    with redis_server() as redis:
        async with AsyncExitStack() as stack:
            house = await stack.enter_async_context(House.built(redis, "pictures"))
            house.model.always(reciter)
            room = await stack.enter_async_context(house.room())
            browser = await stack.enter_async_context(chromium())
            ana = Window(await _page(browser, "desktop", "light"))
            await ana.page.goto(room.url)
            await _shoot(ana.page, "start")
            await ana.start(room.url, topic=TOPIC, pace="Step by step")
            await _until_half_said(browser, ana)
            await _shoot_all(browser, ana.page.url, "debate")
            reciter.go_on()
            await _to_the_end(ana)
            await _shoot_all(browser, ana.page.url, "closed")


async def _until_half_said(browser: Browser, ana: Window) -> None:
    page = ana.page
    await expect(page.locator("#turn-1")).to_be_visible()
    ben = Window(await _page(browser, "desktop", "light"))
    await ben.enter(page.url)
    await _next(ana, until=3)
    await ben.page.locator("#turn-2").hover()
    await ben.page.get_by_label("Message").fill("Who would look after it at night?")
    await ben.page.keyboard.press("Enter")
    await ben.page.get_by_label("What should the others call you?").fill("Ben")
    await ben.page.keyboard.press("Enter")
    for window in (ana, ben):
        await window.page.locator("#turn-3").hover()
        await window.page.locator("#turn-3").get_by_role("button", name="Good turn").click()
    await ana.say(ASKED)
    await expect(page.locator("#turn-4")).to_be_visible()
    await _next(ana, until=5)
    await expect(page.locator("#status")).to_contain_text("waits to be called")
    await ana.press("Next")
    await expect(page.locator(".live .words")).to_contain_text("everybody knows")


async def _next(ana: Window, until: int) -> None:
    """Calls turns until this one is spoken."""
    for turn in range(len(await ana.turns()) + 1, until + 1):
        await expect(ana.page.locator("#status")).to_contain_text("waits to be called")
        await ana.press("Next")
        await expect(ana.page.locator(f"#turn-{turn}")).to_be_visible()


async def _to_the_end(ana: Window) -> None:
    await expect(ana.page.locator("#turn-6")).to_be_visible()
    await ana.page.get_by_role("button", name="Live", exact=True).click()
    await expect(ana.page.locator(".synthesis")).to_be_visible()


async def _shoot_all(browser: Browser, url: str, name: str) -> None:
    for size in SIZES:
        for scheme in ("light", "dark"):
            page = await _page(browser, size, scheme)
            await page.goto(url)
            shown = ".live .words" if name == "debate" else ".synthesis"
            await expect(page.locator(shown)).to_be_visible()
            await _shoot(page, f"{name}-{size}-{scheme}")
            await page.close()


async def _page(browser: Browser, size: str, scheme: str) -> Page:
    context = await browser.new_context(
        locale="en", color_scheme="dark" if scheme == "dark" else "light", **SIZES[size]
    )
    return await context.new_page()


async def _shoot(page: Page, name: str) -> None:
    await page.evaluate("document.fonts.ready")
    await asyncio.sleep(0.4)  # for what moves to come to rest
    await page.screenshot(path=HERE / f"room-{name}.png")


if __name__ == "__main__":
    asyncio.run(main())
