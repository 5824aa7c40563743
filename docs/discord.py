"""Takes docs/discord-*.png: docs/debate.jsonl debated in a thread of the tests' local Discord.

    python -m docs.discord

Needs Chromium (`apt-get install chromium fonts-inter fonts-noto-color-emoji`) and the development
requirements. The bot, the worker and the log are real, and so is every message; how a message looks
is drawn after Discord's client.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from playwright.async_api import Browser

from docs.room import ASKED, TOPIC, Reciter
from engine.panels.loader import load_panel
from tests.discordbot.rig import House, house
from tests.fakes.discord.guilds import Channel
from tests.fakes.discord.messages import Message
from tests.fakes.discord.page import page
from tests.redis_server import redis_server
from tests.webroom.browsing import chromium

HERE = Path(__file__).parent
SIZE = (820, 600)


async def main() -> None:
    """Holds the debate and takes the pictures."""
    reciter = Reciter()
    with redis_server() as redis:
        async with house(redis, "pictures", model=reciter) as home, chromium() as browser:
            thread = await _debated(home, reciter)
            said = [*thread.messages.values()]
            root = home.club.general.messages[thread.id]
            asks = next(n for n, message in enumerate(said) if message.author.name == "luis")
            await _shoot(browser, home, thread, [root, *said[:4]], "thread")
            await _shoot(browser, home, thread, [*said[asks:][:3], *said[-2:]], "close")


async def _debated(home: House, reciter: Reciter) -> Channel:
    """The thread of a debate in which somebody has asked a persona, once its files are there."""
    club = home.club
    for persona in load_panel("ai-en").personas:
        role = club.discord.role(club.guild, persona.name, is_mentionable=True)
        role.color = int(persona.colour.removeprefix("#"), 16)
    async with home.bot():
        club.ana.says(club.general, f'@Panel debate "{TOPIC}" panel=ai-en pace=live language=en')
        thread = await home.a_thread()
        await home.until(lambda: len(home.posts(thread)) == 4)
        club.luis.reacts(home.posts(thread)[1].message, "👍")
        club.luis.says(thread, ASKED)
        await home.until_async(lambda: _heard(home), 1)
        reciter.go_on()
        await home.closed(thread)
    return thread


async def _heard(home: House) -> int:
    return len(await home.events("MessageHeard"))


async def _shoot(
    browser: Browser, home: House, thread: Channel, messages: Sequence[Message], name: str
) -> None:
    width, height = SIZE
    window = await browser.new_page(
        viewport={"width": width, "height": height}, device_scale_factor=1.5
    )
    await window.set_content(page(home.club.discord.world, thread, messages))
    await window.evaluate("document.fonts.ready")
    await window.screenshot(path=HERE / f"discord-{name}.png", full_page=True)
    await window.close()


if __name__ == "__main__":
    asyncio.run(main())
