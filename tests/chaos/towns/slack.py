"""A Slack with people in it, as a process: `python -m tests.chaos.towns.slack`."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path

from bots import slackbot
from bots.slackbot.message import key_of
from engine.adapters.system_clock import SystemClock
from tests.chaos.towns.line import serve
from tests.fakes.slack.messages import Message
from tests.fakes.slack.screen import seen
from tests.fakes.slack.server import LocalSlack
from tests.fakes.slack.timing import Timing

CHANNELS = 96
"""Slack takes a post a second in each."""
TURNING_S = 2.0
MANIFEST = Path(slackbot.__file__).parent / "manifest.json"
RETRIES_S = (0.0, 2.0, 5.0, 10.0, 20.0, 40.0)
"""Slack's cover six minutes; nobody waits so long here."""


class Town:
    """A workspace, in which Ana asks and Luis has something to say."""

    def __init__(self, slack: LocalSlack) -> None:
        self._slack = slack
        self._is_turning = False
        self._team = slack.team()
        self._ana = slack.person(self._team, "ana", is_admin=True)
        self._luis = slack.person(self._team, "luis")
        self._app = slack.app(json.loads(MANIFEST.read_text()))
        installed = slack.install(self._app, self._team)
        people = (self._ana, self._luis, installed.bot)
        self._channels = [slack.channel(self._team, f"room-{n}", *people) for n in range(CHANNELS)]
        self._aside = slack.channel(self._team, "aside", *people)
        self.about = {
            "port": int(slack.url.rpartition(":")[2]),
            "bot_token": installed.bot_token,
            "app_token": slack.registry.app_token(self._app, "connections:write"),
            "signing_secret": self._app.signing_secret,
        }

    async def ask(self, number: int, question: str) -> bool | None:
        """Asks for a debate, by command or by mention; whether it was taken, if Slack says that."""
        channel = self._channels[number % CHANNELS]
        if number % 2:
            self._ana.says(channel, f"@tertulia debate {question}")
            return None
        outcome = await self._ana.runs("/debate", question, channel)
        return outcome.is_acknowledged and not outcome.body.get("text")

    async def remark(self, channel: str, thread: str, words: str) -> int:
        """Luis says something in a thread; answers when: Unix time, milliseconds."""
        self._luis.says(self._slack.workspaces.channels[channel], words, thread=thread)
        return SystemClock().now_ms()

    async def double(self, times: int) -> int:
        """The next events come twice; how many."""
        self._slack.deliveries.double(times)
        return times

    async def turn_round(self, times: int) -> int:
        """So many events come in the wrong order; how many that were."""
        if self._is_turning:
            return 0
        self._is_turning = True
        self._slack.deliveries.turn_round(times)
        await asyncio.sleep(TURNING_S)
        self._chatter(times)  # nothing is held for long
        self._is_turning = False
        return times

    async def hang_up(self, times: int) -> int:
        """All Socket Mode connections break; how many."""
        open_ones = self._slack.sockets.connections(self._app)
        for connection in open_ones:
            await self._slack.sockets.drop(connection)
        return len(open_ones)

    async def mend(self) -> None:
        """What is held back comes."""
        self._slack.deliveries.double(0)
        self._chatter(8)

    async def ready(self) -> int:
        """How many connections the app has."""
        return len(self._slack.sockets.connections(self._app))

    async def finished(self) -> list[str]:
        """The threads in which files stand."""
        found = []
        for channel in self._channels:
            with_files = {m.thread_ts for m in channel.messages.values() if m.files}
            found += [f"{channel.id}/{thread}" for thread in with_files]
        return found

    async def unheard(self) -> list[str]:
        """What people said that the app never acknowledged, however often it was told."""
        never = [d.event for d in self._slack.deliveries.all if not d.is_heard]
        return [str(event.get("text", "")) for event in never]

    async def see(self) -> dict[str, list[dict[str, object]]]:
        """What stands in each thread below its root; and under `CHANNEL/`, what stands beside."""
        shown: dict[str, list[dict[str, object]]] = {}
        for channel in self._channels:
            for message in sorted(channel.messages.values(), key=lambda m: float(m.ts)):
                thread = message.thread_ts
                where = "" if thread in (None, message.ts) else thread
                shown.setdefault(f"{channel.id}/{where}", []).append(self._seen(message))
        return shown

    def _chatter(self, times: int) -> None:
        for _ in range(times):
            self._luis.says(self._aside, "Nothing in particular.")

    def _seen(self, message: Message) -> dict[str, object]:
        found = seen(self._slack.workspaces, message)
        key = key_of(message.as_json(with_metadata=True))
        return {
            "id": message.ts,
            "author": found.author,
            "is_app": found.is_app,
            "text": found.text,
            "files": list(found.files),
            "key": str(key) if key else None,
        }


async def _main() -> None:
    timing = replace(Timing(), retries_s=RETRIES_S, ping_s=30.0)
    async with LocalSlack.open(timing) as slack:
        town = Town(slack)
        names = ("ask", "remark", "double", "turn_round", "hang_up", "mend", "ready")
        handlers = {name: getattr(town, name) for name in (*names, "finished", "unheard", "see")}
        await serve(handlers, town.about)


if __name__ == "__main__":
    asyncio.run(_main())
