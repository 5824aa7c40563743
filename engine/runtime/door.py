"""The one door: every command comes in here, is decided, and appended.

On a conflict, what is new is loaded and the command decided again. A write whose answer was lost is
sent again as the same write, and lands once.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import structlog

from engine.debate.commands import Command, StartDebate
from engine.debate.decide import decide
from engine.debate.events import Event, Record
from engine.debate.evolve import fold
from engine.debate.state import Debate, Phase
from engine.panels.loader import content_hash, dump
from engine.ports.clock import Clock
from engine.ports.live import LiveText
from engine.ports.store import Append, Conflict, DebateStore, StoreAway
from engine.ports.work import Claim, Work

AGAIN_AFTER_S = 1.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Handled:
    """How a debate stands after a command."""

    debate: Debate
    claim: Claim | None
    """The claim as it goes on; `None`: nobody holds the debate through this caller now."""


class Door:
    """Takes commands for debates, and shows their logs."""

    def __init__(self, store: DebateStore, clock: Clock, *, store_patience_s: float = 0.0) -> None:
        """`store_patience_s`: how long a write waits for a store that is away."""
        self._store = store
        self._clock = clock
        self._store_patience_s = store_patience_s

    async def load(self, debate: str) -> Debate:
        """The debate as its log says.

        Raises:
            UnknownDebate
            StoreAway
        """
        return fold(None, (record.event for record in await self._store.load(debate)))

    async def start(self, debate: str, command: StartDebate) -> Debate:
        """Writes a new debate's first events.

        Raises:
            Rejected: the topic, the rounds or the budget will not do.
            StoreAway
        """
        panel = dump(command.panel)
        command = replace(command, panel_hash=content_hash(panel))
        events = decide(None, command)
        await self._append(
            Append(
                debate=debate,
                after=0,
                records=self._records(events, after=0),
                op=secrets.token_hex(8),
                work=Work.WAKE,
                panel_hash=command.panel_hash,
                panel=panel,
            )
        )
        return fold(None, events)

    async def submit(self, debate: str, command: Command) -> Debate:
        """Puts one command to a debate; answers how it stands then.

        Raises:
            Rejected: the debate's rules do not allow it.
            UnknownDebate
            StoreAway
        """
        return (await self.handle(debate, await self.load(debate), command)).debate

    async def handle(
        self,
        debate_id: str,
        debate: Debate,
        command: Command,
        *,
        claim: Claim | None = None,
        hold: bool = False,
    ) -> Handled:
        """Puts one command to a debate that is loaded already; it may be behind its log.

        Under a `claim`, the claim's epoch must still be the debate's; `hold` goes on with the next
        turn under it.

        Raises:
            Rejected: the debate's rules do not allow it.
            StaleClaim: the claim is not the debate's any more.
            StoreAway
        """
        while True:
            events = decide(debate, command)
            if not events:
                return Handled(debate, claim)
            after = fold(debate, events)
            append = Append(
                debate=debate_id,
                after=debate.n,
                records=self._records(events, after=debate.n),
                op=secrets.token_hex(8),
                work=_work(debate, after, hold=hold),
                panel_hash=debate.started.panel_hash,
                claim=claim,
                closed=after.phase is Phase.CLOSED,
            )
            try:
                return Handled(after, await self._append(append))
            except Conflict:
                missed = await self._store.load(debate_id, after=debate.n)
                debate = fold(debate, (record.event for record in missed))

    def follow(self, debate: str, after: int = 0) -> AsyncIterator[Record | LiveText]:
        """See `DebateStore.follow`."""
        return self._store.follow(debate, after)

    def _records(self, events: list[Event], *, after: int) -> tuple[Record, ...]:
        at_ms = self._clock.now_ms()
        return tuple(Record(n, at_ms, event) for n, event in enumerate(events, start=after + 1))

    async def _append(self, append: Append) -> Claim | None:
        until = self._clock.monotonic() + self._store_patience_s
        while True:
            try:
                return await self._store.append(append)
            except StoreAway as error:
                if self._clock.monotonic() >= until:
                    raise
                log.warning("store.away", debate=append.debate, error=str(error))
                await asyncio.sleep(AGAIN_AFTER_S)


def _work(before: Debate, after: Debate, *, hold: bool) -> Work:
    """What an append changes about who has what to do."""
    if after.pending == before.pending:
        return Work.KEEP
    if after.pending is None:
        return Work.REST
    return Work.HOLD if hold else Work.WAKE
