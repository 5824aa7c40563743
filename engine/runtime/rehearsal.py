"""A debate without a store: a panel is heard, and nothing is kept.

The rules, the prompts and the model are those of every debate; its log is a list.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

from engine.debate.commands import StartDebate
from engine.debate.decide import decide
from engine.debate.events import Event, Record
from engine.debate.evolve import evolve
from engine.debate.panel import Panel
from engine.debate.prompt import Grown
from engine.debate.state import Debate, Phase
from engine.ports.clock import Clock
from engine.ports.live import LiveText
from engine.ports.model import ModelClient
from engine.ports.work import Claim
from engine.runtime.call import Calls
from engine.runtime.live import LiveTurn
from engine.runtime.speak import Task, speak

NAME = "rehearsal"

_CLAIM = Claim(NAME, epoch=1, owner=NAME, entry="", n=0, watched=True)
"""Nobody else holds it."""


class Rehearsal:
    """One round of a panel, until the close is due."""

    def __init__(self, model: ModelClient, clock: Clock) -> None:
        self._model = model
        self._clock = clock
        self._heard: asyncio.Queue[Record | LiveText | None] = asyncio.Queue()
        self._debate: Debate | None = None

    async def follow(self, topic: str, panel: Panel) -> AsyncIterator[Record | LiveText]:
        """What a follower of a debate would get, as it comes.

        Raises:
            Rejected: the topic will not do.
            ModelAway, ModelRefused
        """
        async with asyncio.TaskGroup() as tasks:
            speaking = tasks.create_task(self._speak_all(topic, panel))
            speaking.add_done_callback(lambda _: self._heard.put_nowait(None))
            while (item := await self._heard.get()) is not None:
                yield item

    async def write(self, debate: str, pieces: Sequence[LiveText]) -> None:  # noqa: ARG002
        """See `LiveTextWriter.write`."""
        for piece in pieces:
            self._heard.put_nowait(piece)

    async def _speak_all(self, topic: str, panel: Panel) -> None:
        info, grown = await self._model.info(), Grown()
        debate = self._take(decide(None, StartDebate(topic=topic, panel=panel, rounds=1)))
        async with asyncio.TaskGroup() as tasks:
            while debate.phase is Phase.DEBATING and debate.pending is not None:
                task = Task(debate, debate.pending, panel, info, grown)
                command = await speak(task, self._calls(debate, task, tasks))
                debate = self._take(decide(debate, command))

    def _calls(self, debate: Debate, task: Task, tasks: asyncio.TaskGroup) -> Calls:
        attempt = 0

        def live() -> LiveTurn:
            nonlocal attempt
            attempt += 1
            return LiveTurn(self, self._clock, task.cue, attempt, lambda: _CLAIM, tasks)

        return Calls(self._model, self._clock, NAME, debate, live)

    def _take(self, events: Sequence[Event]) -> Debate:
        debate = self._debate
        for event in events:
            debate = evolve(debate, event)
            self._heard.put_nowait(Record(debate.n, self._clock.now_ms(), event))
        assert debate is not None  # noqa: S101 - a debate begins with an event
        self._debate = debate
        return debate
