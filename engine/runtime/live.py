"""Live text: what a speaker has said so far, told while somebody looks on.

The model's JSON is read as it grows; what is new in its fields is written out, at most every
`EVERY_S`, one write at a time. Nothing waits for it and nothing depends on it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from engine.debate.state import Cue
from engine.ports.clock import Clock
from engine.ports.live import LivePart, LiveText, LiveTextWriter
from engine.ports.store import StoreAway
from engine.ports.work import Claim
from engine.runtime.reply_text import decoded_so_far, spoken

EVERY_S = 0.06
PARTS: tuple[LivePart, ...] = ("answer", "question", "summary")

log = structlog.get_logger()


@dataclass(slots=True)
class LiveTurn:
    """The live text of one attempt at a cue; `hear` is what the model client calls."""

    writer: LiveTextWriter
    clock: Clock
    cue: Cue
    attempt: int
    claim: Callable[[], Claim]
    """The claim as it is now: people may begin to look on at any time."""
    tasks: asyncio.TaskGroup
    """Owns the writes."""
    _pieces: list[str] = field(default_factory=list)
    _told: dict[LivePart, int] = field(default_factory=dict)
    _telling: asyncio.Task[None] | None = None

    def hear(self, piece: str) -> None:
        """Takes in one more piece of the model's text."""
        self._pieces.append(piece)
        if self.claim().watched and (self._telling is None or self._telling.done()):
            self._telling = self.tasks.create_task(self._tell())

    async def _tell(self) -> None:
        """Writes what is new until nothing is: what comes meanwhile goes with the next write."""
        claim = self.claim()
        while news := self._news(claim.epoch):
            await self._write(claim.debate, news)
            await self.clock.sleep(EVERY_S)

    def _news(self, epoch: int) -> list[LiveText]:
        fields = decoded_so_far(spoken("".join(self._pieces)))
        if not isinstance(fields, dict):
            return []
        pieces = []
        for part in PARTS:
            text, told = fields.get(part), self._told.get(part, 0)
            if isinstance(text, str) and len(text) > told:
                self._told[part] = len(text)
                pieces.append(self._piece(epoch, part, told, text[told:]))
        return pieces

    def _piece(self, epoch: int, part: LivePart, offset: int, text: str) -> LiveText:
        cue = self.cue
        return LiveText(cue.turn, cue.persona, epoch, self.attempt, part, offset, text)

    async def _write(self, debate: str, pieces: list[LiveText]) -> None:
        try:
            await self.writer.write(debate, pieces)
        except StoreAway as error:
            log.info("live_text.lost", debate=debate, error=str(error))
