"""The people of a run: so many debates at once, asked for in both towns, and talked into."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic

from engine.debate.events import Place
from engine.ports.debates import Debates, Listed
from engine.ports.store import StoreAway
from tests.chaos.moments import DISCORD, SLACK
from tests.chaos.towns.line import Line

LOOK_S = 1.0
LISTED = 1_000
ASK_AGAIN_S = {SLACK: 60.0, DISCORD: 20.0}
"""Whoever sees nothing come of a mention for so long asks again; Slack itself tells it again."""
REMARKS = 0.4
"""In so many of the debates somebody says something."""
REMARK_WITHIN_S = 3.0
"""And does so this soon: debates here are short."""


def question(number: int) -> str:
    """What is asked, like no other question of the run."""
    return f"Should the team meet less? (case {number}c) panel=ai-en pace=live rounds=1"


def number_in(topic: str) -> int | None:
    """Which question this is."""
    _, _, rest = topic.partition("(case ")
    number, ends, _ = rest.partition("c)")
    return int(number) if ends and number.isdigit() else None


@dataclass
class Asked:
    """A question, and what has come of it."""

    number: int
    town: str
    at: float
    """On the monotonic clock."""
    taken: bool | None = None
    """Whether the platform says that the bot took it; of a mention it says nothing."""
    again: bool = False
    """Nothing came of it, and it was asked again under another number."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What somebody said in a debate's thread."""

    debate: str
    words: str
    at_ms: int


@dataclass
class People:
    """They ask, wait, and talk."""

    lines: Mapping[str, Line]
    debates: Debates
    at_once: int
    chance: random.Random
    are_asking: bool = True
    asked: dict[int, Asked] = field(default_factory=dict)
    found: dict[str, Listed] = field(default_factory=dict)
    """Every debate that was ever listed, by its id."""
    remarks: list[Remark] = field(default_factory=list)
    _talked_in: set[str] = field(default_factory=set)

    @property
    def closed(self) -> int:
        """Debates that are over."""
        return sum(listed.closed for listed in self.found.values())

    @property
    def waiting(self) -> list[Asked]:
        """Questions of which nothing has come."""
        numbers = {number_in(listed.started.topic) for listed in self.found.values()}
        return [a for a in self.asked.values() if a.number not in numbers and not a.again]

    async def live(self, tasks: asyncio.TaskGroup) -> None:
        """Has so many debates at once, until nobody asks any more; then looks until they end."""
        while self.are_asking or self.waiting or self.closed < len(self.found):
            await self.look()
            open_ones = len(self.found) - self.closed + len(self.waiting)
            for _ in range(self.at_once - open_ones if self.are_asking else 0):
                self._ask(tasks)
            self._ask_again(tasks)
            self._talk(tasks)
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        """Sees what there is."""
        try:
            listed = await self.debates.recent(LISTED)
        except StoreAway:
            return
        self.found.update({one.debate: one for one in listed})

    def _ask(self, tasks: asyncio.TaskGroup) -> None:
        number = len(self.asked)
        town = DISCORD if number % 5 else SLACK  # which takes 300 posts a minute, and 50 reads
        asked = self.asked[number] = Asked(number, town, monotonic())
        tasks.create_task(self._put(asked))

    async def _put(self, asked: Asked) -> None:
        words = question(asked.number)
        asked.taken = await self.lines[asked.town].ask("ask", number=asked.number, question=words)

    def _ask_again(self, tasks: asyncio.TaskGroup) -> None:
        for asked in self.waiting:
            gave_up = asked.taken is None and asked.at + ASK_AGAIN_S[asked.town] < monotonic()
            if asked.taken is False or gave_up:
                asked.again = True
                self._ask(tasks)

    def _talk(self, tasks: asyncio.TaskGroup) -> None:
        for debate, listed in self.found.items():
            home = listed.started.home
            if listed.closed or home is None or debate in self._talked_in:
                continue
            self._talked_in.add(debate)
            if self.chance.random() < REMARKS:
                tasks.create_task(self._remark(debate, home))

    async def _remark(self, debate: str, home: Place) -> None:
        await asyncio.sleep(self.chance.uniform(0, REMARK_WITHIN_S))
        town = home.workspace.partition(":")[0]
        words = f"What of remark {len(self.remarks)}r, then?"
        where = {"channel": home.channel, "thread": home.thread}
        at_ms = await self.lines[town].ask("remark", words=words, **where)
        self.remarks.append(Remark(debate, words, at_ms))
