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

from playwright.async_api import Browser, ViewportSize

from docs.room import ASKED, TOPIC, Reciter
from engine.panels.loader import load_panel
from tests.discordbot.club import Club
from tests.discordbot.rig import House, house
from tests.fakes.discord.guilds import Channel
from tests.fakes.discord.messages import Message
from tests.fakes.discord.page import page
from tests.redis_server import redis_server
from tests.webroom.browsing import chromium

HERE = Path(__file__).parent
SIZE: ViewportSize = {"width": 820, "height": 600}


async def main() -> None:
    """Holds the debate and takes the pictures."""
    with redis_server() as redis:
        reciter = Reciter()
        async with house(redis, "pictures", model=reciter) as home, chromium() as browser:
            club, camera = home.club, Camera(browser, home)
            _roles(club)
            async with home.bot():
                asks = f'@Panel debate "{TOPIC}" panel=ai-en pace=live language=en'
                club.ana.says(club.general, asks)
                thread = await home.a_thread()
                await home.until(lambda: len(home.posts(thread)) == 4)
                club.luis.reacts(home.posts(thread)[1].message, "👍")
                question = club.luis.says(thread, ASKED)
                await home.until_async(lambda: _heard(home), 1)
                said = [club.general.messages[thread.id], *thread.messages.values()]
                await camera.takes(thread, said[:5], "thread")
                reciter.go_on()
                await home.closed(thread)
            said = [message for message in thread.messages.values() if message.id >= question.id]
            await camera.takes(thread, [*said[:3], *said[-2:]], "close")


def _roles(club: Club) -> None:
    """Of the personas, as `tertulia discord roles` makes them, in their colours."""
    for persona in load_panel("ai-en").personas:
        role = club.discord.role(club.guild, persona.name, is_mentionable=True)
        role.color = int(persona.colour.removeprefix("#"), 16)


async def _heard(home: House) -> int:
    return len(await home.events("MessageHeard"))


class Camera:
    """Photographs threads of one house."""

    def __init__(self, browser: Browser, home: House) -> None:
        self._browser, self._world = browser, home.club.discord.world

    async def takes(self, thread: Channel, messages: Sequence[Message], name: str) -> None:
        """A picture of these messages."""
        window = await self._browser.new_page(viewport=SIZE, device_scale_factor=1.5)
        await window.set_content(page(self._world, thread, messages))
        await window.evaluate("document.fonts.ready")
        await window.screenshot(path=HERE / f"discord-{name}.png", full_page=True)
        await window.close()


if __name__ == "__main__":
    asyncio.run(main())
