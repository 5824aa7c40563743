"""A Discord with people in it, as a process: `python -m tests.chaos.towns.discord`."""

from __future__ import annotations

import asyncio
import urllib.parse

from bots.discordbot.marks import key_in
from engine.adapters.system_clock import SystemClock
from tests.chaos.towns.line import serve
from tests.discordbot.club import RIGHTS
from tests.fakes.discord.guilds import Channel
from tests.fakes.discord.messages import Message
from tests.fakes.discord.screen import seen
from tests.fakes.discord.server import LocalDiscord

CHANNELS = 96
TURNING_S = 2.0


class Town:
    """A server, in which Ana asks and Luis has something to say."""

    def __init__(self, discord: LocalDiscord) -> None:
        self._discord = discord
        self._is_turning = False
        self._ana, self._luis = discord.person("ana"), discord.person("luis")
        guild = discord.guild("club", self._ana, self._luis)
        self._channels = [discord.channel(guild, f"room-{n}") for n in range(CHANNELS)]
        self._aside = discord.channel(guild, "aside")
        self._app = discord.app("Panel", self._ana)
        discord.install(self._app, guild, RIGHTS)
        url = urllib.parse.urlsplit(discord.api_url)
        self.about = {
            "port": url.port,
            "path": url.path,
            "gateway_url": discord.gateway_url,
            "cdn_url": discord.url,
            "token": self._app.token,
        }

    async def ask(self, number: int, question: str) -> None:
        """Asks for a debate, by mention; Discord does not say whether it was taken."""
        self._ana.says(self._channels[number % CHANNELS], f"@Panel debate {question}")

    async def remark(self, channel: str, thread: str, words: str) -> int:
        """Luis says something in a thread; answers when: Unix time, milliseconds."""
        self._luis.says(self._discord.world.channels[thread], words)
        return SystemClock().now_ms()

    async def double(self, times: int) -> int:
        """The next events come twice; how many."""
        self._discord.announcer.double(times)
        return times

    async def turn_round(self, times: int) -> int:
        """So many events come in the wrong order; how many that were."""
        if self._is_turning:
            return 0
        self._is_turning = True
        self._discord.announcer.turn_round(times)
        await asyncio.sleep(TURNING_S)
        self._chatter(times)  # nothing is held for long
        self._is_turning = False
        return times

    async def hang_up(self, times: int) -> int:
        """All gateway connections break; sessions of the dead are forgotten. Answers how many."""
        self._discord.gateway.forget(self._app)
        open_ones = await self.ready()
        self._discord.gateway.cut(self._app)
        return open_ones

    async def mend(self) -> None:
        """What is held back comes."""
        self._discord.announcer.double(0)
        self._chatter(8)

    async def ready(self) -> int:
        """How many connections the app has."""
        return len(self._discord.gateway.of(self._app))

    async def finished(self) -> list[str]:
        """The threads in which files stand."""
        with_files = [
            thread
            for thread in self._threads()
            if any(m.attachments for m in thread.messages.values())
        ]
        return [f"{t.parent.id if t.parent else ''}/{t.id}" for t in with_files]

    async def unheard(self) -> list[str]:
        """All that Ana asked in channels: Discord has no acknowledgement that would tell."""
        said = [m for channel in self._channels for m in channel.messages.values()]
        return [message.content for message in said if message.author is self._ana.user]

    async def see(self) -> dict[str, list[dict[str, object]]]:
        """What stands in each thread; and under `CHANNEL/`, what stands beside."""
        shown = {}
        for thread in self._threads():
            parent = thread.parent.id if thread.parent else ""
            shown[f"{parent}/{thread.id}"] = self._all_of(thread)
        for channel in self._channels:
            shown[f"{channel.id}/"] = self._all_of(channel)
        return shown

    def _chatter(self, times: int) -> None:
        for _ in range(times):
            self._luis.says(self._aside, "Nothing in particular.")

    def _threads(self) -> list[Channel]:
        return [c for c in self._discord.world.channels.values() if c.is_thread]

    def _all_of(self, channel: Channel) -> list[dict[str, object]]:
        messages = sorted(channel.messages.values(), key=lambda m: int(m.id))
        return [self._seen(message) for message in messages]

    def _seen(self, message: Message) -> dict[str, object]:
        found = seen(self._discord.world, message)
        key = key_in({"components": message.components})
        return {
            "id": message.id,
            "author": found.author,
            "is_app": bool(message.webhook_id) or message.author.is_bot,
            "text": found.text,
            "files": list(found.files),
            "key": str(key) if key else None,
        }


async def _main() -> None:
    async with LocalDiscord.open() as discord:
        town = Town(discord)
        names = ("ask", "remark", "double", "turn_round", "hang_up", "mend", "ready")
        handlers = {name: getattr(town, name) for name in (*names, "finished", "unheard", "see")}
        await serve(handlers, town.about)


if __name__ == "__main__":
    asyncio.run(_main())
