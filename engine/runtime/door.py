"""The one door: every command comes in here, is decided, and appended.

On a conflict, what is new is loaded and the command decided again. A write whose answer was lost is
sent again as the same write, and lands once.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import structlog

from engine.debate.allowance import Allowance
from engine.debate.commands import Command, Rejected, StartDebate
from engine.debate.decide import decide
from engine.debate.events import DebateStarted, Event, MessageErased, Place, Record, Scope
from engine.debate.evolve import fold
from engine.debate.folded import is_due
from engine.debate.state import Debate, Phase
from engine.panels.loader import content_hash, dump
from engine.ports.clock import Clock
from engine.ports.debates import Listed
from engine.ports.live import LiveText
from engine.ports.places import PlaceBook
from engine.ports.store import (
    Account,
    AllowanceFull,
    Append,
    Appended,
    Conflict,
    DebateStore,
    Spending,
    StoreAway,
    ThreadTaken,
)
from engine.ports.work import Claim, Work
from engine.runtime.accounts import account_of, refused
from engine.runtime.next_work import next_work

AGAIN_AFTER_S = 1.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Handled:
    """How a debate stands after a command."""

    debate: Debate
    claim: Claim | None
    """The claim as it goes on; `None`: nobody holds the debate through this caller now."""
    spent: Mapping[Scope, Spending] = field(default_factory=dict)
    """What its channel and its workspace have used today."""


class Door:
    """Takes commands for debates, and shows their logs."""

    def __init__(
        self,
        store: DebateStore,
        clock: Clock,
        places: PlaceBook,
        *,
        allowances: Mapping[Scope, Allowance] | None = None,
        store_patience_s: float = 0.0,
    ) -> None:
        """`store_patience_s`: how long a write waits for a store that is away."""
        self._store = store
        self._clock = clock
        self._places = places
        self._allowances = {} if allowances is None else allowances
        self._store_patience_s = store_patience_s

    @property
    def places(self) -> PlaceBook:
        """See `Debates.places`."""
        return self._places

    async def load(self, debate: str) -> Debate:
        """See `Debates.load`."""
        stood, records = await self._store.latest(debate)
        return fold(stood, (record.event for record in records))

    async def records(self, debate: str, after: int = 0) -> list[Record]:
        """See `Debates.records`."""
        return await self._store.load(debate, after)

    async def recent(self, most: int) -> list[Listed]:
        """See `Debates.recent`."""
        return [
            Listed(opened.debate, opened.first.event, opened.first.at_ms, opened.closed)
            for opened in await self._store.recent(most)
            if isinstance(opened.first.event, DebateStarted)
        ]

    async def start(
        self, debate: str, command: StartDebate, payloads: Sequence[str] = ()
    ) -> Debate:
        """See `Debates.start`."""
        panel = dump(command.panel)
        command = replace(command, panel_hash=content_hash(panel))
        events = decide(None, command)
        started = fold(None, events)
        append = Append(
            debate=debate,
            after=0,
            records=self._records(events, after=0),
            op="start",
            work=Work.WAKE,
            panel_hash=command.panel_hash,
            panel=panel,
            payloads=payloads,
            places=_threads(started),
            account=self._account(None, started),
        )
        try:
            await self._append(append)
        except Conflict:  # started before, and gone on since
            return await self.load(debate)
        return started

    async def submit(self, debate: str, command: Command, payloads: Sequence[str] = ()) -> Debate:
        """See `Debates.submit`."""
        handled = await self.handle(debate, await self.load(debate), command, payloads=payloads)
        return handled.debate

    async def handle(
        self,
        debate_id: str,
        debate: Debate,
        command: Command,
        *,
        claim: Claim | None = None,
        hold: bool = False,
        payloads: Sequence[str] = (),
    ) -> Handled:
        """Puts one command to a debate that is loaded already; it may be behind its log.

        Under a `claim`, the claim's epoch must still be the debate's; `hold` goes on with the next
        turn under it.

        Raises:
            Rejected: the debate's rules do not allow it.
            AlreadyTaken: a payload was taken in before.
            StaleClaim: the claim is not the debate's any more.
            StoreAway
        """
        while True:
            events = decide(debate, command)
            if not events:
                return Handled(debate, claim)
            after = fold(debate, events)
            work, delay_ms = next_work(debate, after, claimed=claim is not None, hold=hold)
            append = Append(
                debate=debate_id,
                after=debate.n,
                records=self._records(events, after=debate.n),
                op=secrets.token_hex(8),
                work=work,
                delay_ms=delay_ms,
                panel_hash=debate.started.panel_hash,
                claim=claim,
                closed=after.phase is Phase.CLOSED,
                payloads=payloads,
                erase=_erased(events),
                places=_threads(debate, after),
                leaves=tuple(place for place in debate.mirrors if place not in after.mirrors),
                account=self._account(debate, after),
                stands=after if is_due(debate, after) else None,
            )
            try:
                appended = await self._append(append)
            except Conflict:
                missed = await self._store.load(debate_id, after=debate.n)
                debate = fold(debate, (record.event for record in missed))
            else:
                return Handled(after, appended.claim, appended.spent)

    def follow(self, debate: str, after: int = 0) -> AsyncIterator[Record | LiveText]:
        """See `DebateStore.follow`."""
        return self._store.follow(debate, after)

    def _account(self, before: Debate | None, after: Debate) -> Account | None:
        return account_of(before, after, self._clock.now_ms(), self._allowances)

    def _records(self, events: list[Event], *, after: int) -> tuple[Record, ...]:
        at_ms = self._clock.now_ms()
        return tuple(Record(n, at_ms, event) for n, event in enumerate(events, start=after + 1))

    async def _append(self, append: Append) -> Appended:
        until = self._clock.monotonic() + self._store_patience_s
        while True:
            try:
                return await self._store.append(append)
            except AllowanceFull as error:
                raise refused(error, self._clock.now_ms()) from error
            except ThreadTaken as error:
                raise Rejected("There is a debate in this thread already.") from error
            except StoreAway as error:
                if self._clock.monotonic() >= until:
                    raise
                log.warning("store.away", debate=append.debate, error=str(error))
                await asyncio.sleep(AGAIN_AFTER_S)


def _erased(events: Sequence[Event]) -> tuple[int, ...]:
    """The records whose words go."""
    return tuple(n for e in events if isinstance(e, MessageErased) for n in (e.of, *e.others))


def _threads(*debates: Debate) -> tuple[Place, ...]:
    """Every thread that shows the debate; one that stops to is told so."""
    return tuple(dict.fromkeys(place for debate in debates for place in debate.threads))
