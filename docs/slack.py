"""Takes docs/slack-*.png: docs/debate.jsonl debated in a thread of the tests' local Slack.

    python -m docs.slack

Needs Chromium (`apt-get install chromium fonts-inter fonts-noto-color-emoji`) and the development
requirements. The bot, the worker and the log are real, and so is every message; how a message looks
is drawn after Slack's client.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from playwright.async_api import Browser, ViewportSize

from docs.room import ASKED, TOPIC, Reciter
from tests.fakes.slack.page import page
from tests.fakes.slack.screen import Seen
from tests.redis_server import redis_server
from tests.slackbot.rig import House, house
from tests.webroom.browsing import chromium

HERE = Path(__file__).parent
SIZE: ViewportSize = {"width": 820, "height": 600}


async def main() -> None:
    """Holds the debate and takes the pictures."""
    with redis_server() as redis:
        reciter = Reciter()
        async with house(redis, "pictures", model=reciter) as home, chromium() as browser:
            async with home.bot():
                await home.ana.runs("/debate", f'"{TOPIC}" panel=ai-en pace=live', home.general)
                await home.until(lambda: home.ana.sees(home.general) and len(home.thread()) == 4)
                home.luis.reacts(home.thread()[1].message, "+1")
                home.luis.says(home.general, ASKED, thread=home.card().ts)
                await home.until_async(lambda: _waiting(home), 1)
                await _shoot(browser, home, [home.card(), *home.thread()[:3]], "thread")
                reciter.go_on()
                said = await home.closed()
            asked = next(n for n, seen in enumerate(said) if not seen.is_app)
            await _shoot(browser, home, [*said[asked:][:3], *said[-2:]], "close")


async def _waiting(home: House) -> int:
    """How many people wait for an answer."""
    (listed,) = await home.debates.recent(1)
    records = await home.debates.records(listed.debate)
    return sum(type(record.event).__name__ == "MessageHeard" for record in records)


async def _shoot(browser: Browser, home: House, thread: Sequence[Seen], name: str) -> None:
    window = await browser.new_page(viewport=SIZE, device_scale_factor=1.5)
    await window.set_content(page(home.slack.workspaces, home.general.name, thread))
    await window.evaluate("document.fonts.ready")
    await window.screenshot(path=HERE / f"slack-{name}.png", full_page=True)
    await window.close()


if __name__ == "__main__":
    asyncio.run(main())
