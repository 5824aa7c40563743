"""A real Chromium at the room, and what a test watches it for."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.async_api import Browser, FilePayload, Page, async_playwright, expect

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

needs_chromium = pytest.mark.skipif(
    CHROMIUM is None and "CI" not in os.environ,
    reason="Chromium is not installed: apt-get install chromium",
)

TOO_WIDE = """(() => {
  const { scrollWidth, clientWidth } = document.getElementById("scroller");
  return scrollWidth > clientWidth;
})()"""
"""Whether the thread reaches out of its window sideways."""

WITHIN_MS = 15_000
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}

expect.set_options(timeout=WITHIN_MS)


@dataclass
class Window:
    """One browser window, and all that went wrong in it."""

    page: Page
    troubles: list[str] = field(default_factory=list)

    async def start(
        self,
        url: str,
        name: str = "Ana",
        topic: str = "Tea or coffee?",
        pace: str = "Live",
        rule: str = "Ring",
    ) -> str:
        """Starts a debate as a newcomer does; answers its id."""
        page = self.page
        await page.goto(url)
        await page.get_by_label("Topic").fill(topic)
        await page.get_by_label("What should the others call you?").fill(name)
        await page.get_by_text("How it is held").click()
        for choice in (pace, rule):
            await page.get_by_text(choice, exact=True).click()
        await page.get_by_role("button", name="Start the debate").click()
        await page.wait_for_url("**/d/*")
        await self._ready()
        return page.url.rpartition("/")[2]

    async def choose(self, button: str, *files: FilePayload) -> None:
        """Presses a paperclip, and chooses these files."""
        async with self.page.expect_file_chooser() as choosing:
            await self.page.get_by_role("button", name=button).click()
        await (await choosing.value).set_files(files)

    async def enter(self, url: str) -> None:
        """Goes to a debate's page."""
        await self.page.goto(url)
        await self._ready()

    async def _ready(self) -> None:
        await expect(self.page.locator("#status")).not_to_be_empty()

    async def say(self, words: str) -> None:
        """Types into the composer and sends it."""
        await self.page.get_by_label("Message").fill(words)
        await self.page.keyboard.press("Escape")
        await self.page.get_by_label("Message").press("Enter")

    async def press(self, name: str) -> None:
        """A button of the panel's side."""
        side = self.page.get_by_role("group", name="Steer the debate")
        await side.get_by_role("button", name=name, exact=True).click()

    async def turns(self) -> list[str]:
        """The turns in the thread, by their anchors, in order."""
        posts = self.page.locator(".post.turn[id]")
        return [str(await post.get_attribute("id")) for post in await posts.all()]


def file(name: str, text: str) -> FilePayload:
    """A file that lies nowhere but in the test."""
    return {"name": name, "mimeType": "", "buffer": text.encode()}


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """The browser."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM,
            chromium_sandbox=os.geteuid() != 0,  # it does not start for root with one
        )
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def window(browser: Browser, **given: Any) -> AsyncIterator[Window]:
    """A window of somebody of their own, without a cookie; it must close without trouble."""
    context = await browser.new_context(**{"locale": "en", **given})
    page = await context.new_page()
    page.set_default_timeout(WITHIN_MS)
    opened = Window(page)
    page.on("pageerror", lambda error: opened.troubles.append(f"error: {error}"))
    page.on("dialog", lambda dialog: opened.troubles.append(f"dialog: {dialog.message}"))
    page.on(
        "console",
        lambda line: opened.troubles.append(line.text) if line.type == "error" else None,
    )
    yield opened
    await context.close()
    assert opened.troubles == []
