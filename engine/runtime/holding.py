"""One debate, held under one claim: it speaks from turn to turn until it is given up or done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from engine.debate.allowance import used_up
from engine.debate.budget import next_turn_tokens
from engine.debate.closing import stand_in
from engine.debate.commands import (
    Command,
    EndForBudget,
    GiveUpOnModel,
    PassTime,
    ReportModelAway,
    ReportQueued,
    Review,
)
from engine.debate.decide import decide
from engine.debate.events import Reason
from engine.debate.explained import Explained
from engine.debate.pace import due_in_s
from engine.debate.panel import Panel
from engine.debate.prompt import Grown
from engine.debate.retry import GiveUp, SayAway, after_failure
from engine.debate.state import Cue, Debate
from engine.panels.loader import parse
from engine.ports.clock import Clock
from engine.ports.inspection import Inspection
from engine.ports.live import LiveTextWriter
from engine.ports.model import ModelAway, ModelClient, ModelInfo, ModelRefused
from engine.ports.roll import Roll
from engine.ports.slots import ModelSlots, Turnstile
from engine.ports.store import DebateStore, StoreAway
from engine.ports.work import Claim, WorkQueue
from engine.runtime.call import Calls
from engine.runtime.door import Door, Handled
from engine.runtime.live import LiveTurn
from engine.runtime.metrics import Metrics
from engine.runtime.speak import Task, speak

QUEUE_WAIT_S = 0.1
"""How long the next in the queue waits before it asks again; the tenth, ten times as long."""
LONGEST_QUEUE_WAIT_S = 5.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Parts:
    """What a worker is joined from."""

    store: DebateStore
    door: Door
    """Patient with a store that is away: what was said must not be lost."""
    queue: WorkQueue
    live: LiveTextWriter
    model: ModelClient
    info: ModelInfo
    clock: Clock
    metrics: Metrics
    slots: ModelSlots
    roll: Roll
    inspection: Inspection
    version: str
    """This program's."""


@dataclass(frozen=True, slots=True)
class _Later:
    """The debate is given back, to be tried again after a while."""

    in_s: float


class Holding:
    """A claimed debate in this worker's hands."""

    def __init__(
        self,
        parts: Parts,
        claim: Claim,
        tasks: asyncio.TaskGroup,
        *,
        go_on: Callable[[], bool],
        model_patience_s: float,
    ) -> None:
        """`go_on` tells after a turn whether to hold the debate for the next one."""
        self.claim = claim
        """As last renewed; the worker sets it."""
        self.waiting = False
        """Nothing is being said: the model is away and the next try has not begun."""
        self.committing = False
        """What was said is being recorded; whether the claim holds, the store is about to say."""
        self._parts = parts
        self._tasks = tasks
        self._go_on = go_on
        self._model_patience_s = model_patience_s
        self._done = False
        self._failures = 0
        self._away_since_ms = 0
        self._replied_at: float | None = None
        self._grown = Grown()

    async def run(self) -> None:
        """Lets the debate speak until it has nothing to do now, or is not this worker's any more.

        Raises:
            StaleClaim: it was taken away.
            StoreAway: it could not be loaded.
        """
        debate = await self._parts.door.load(self.claim.debate)
        panel = parse(await self._parts.store.panel(self.claim.debate, debate.started.panel_hash))
        while debate.pending is not None and due_in_s(debate) is not None:
            outcome = _without_speaking(debate, debate.pending) or await self._next(
                debate, debate.pending, panel
            )
            if isinstance(outcome, _Later):
                await self._parts.queue.release(self.claim, delay_ms=int(outcome.in_s * 1000))
                return
            if outcome is None:
                continue
            debate = await self._record(debate, outcome)
            if self._done:
                return
        await self._parts.queue.rest(self.claim, debate.n)

    async def _record(self, debate: Debate, outcome: Command) -> Debate:
        """Records what came out, and what follows from what it cost."""
        door = self._parts.door
        self.committing = True
        handled = await door.handle(
            self.claim.debate, debate, outcome, claim=self.claim, hold=self._go_on()
        )
        self._parts.metrics.count(outcome, debate)
        if over := self._over(handled):
            claim = handled.claim
            hold = claim is not None and self._go_on()
            handled = await door.handle(
                self.claim.debate, handled.debate, over, claim=claim, hold=hold
            )
        self.committing = False
        self._done = handled.claim is None
        self.claim = handled.claim or self.claim
        return handled.debate

    def _over(self, handled: Handled) -> EndForBudget | None:
        """The channel or the workspace has no more to spend today."""
        least = next_turn_tokens(handled.debate)
        for scope, spent in handled.spent.items():
            if reason := used_up(spent.allowed, spent.used, least):
                return EndForBudget(reason, scope)
        return None

    async def _next(self, debate: Debate, cue: Cue, panel: Panel) -> Command | _Later | None:
        """What the cue comes to; `None`: nothing yet, ask again."""
        home = debate.started.home
        turn = Turnstile(self.claim.debate, home.workspace if home else "", self.claim.owner)
        if place := await self._parts.slots.ask(turn):
            return await self._queue(debate, cue, place)
        try:
            return await self._speak(debate, cue, panel)
        finally:
            await self._free_slot()

    async def _free_slot(self) -> None:
        try:
            await self._parts.slots.free(self.claim.owner)
        except StoreAway as error:  # its lease runs out
            log.warning("store.away", debate=self.claim.debate, error=str(error))

    async def _queue(self, debate: Debate, cue: Cue, place: int) -> _Later:
        """The model is full: the thread is told its place, and the debate comes back."""
        told = ReportQueued(cue.turn, place)
        await self._parts.door.handle(self.claim.debate, debate, told, claim=self.claim)
        return _Later(min(LONGEST_QUEUE_WAIT_S, QUEUE_WAIT_S * place))

    async def _speak(self, debate: Debate, cue: Cue, panel: Panel) -> Command | _Later | None:
        parts = self._parts
        try:
            calls = self._calls(debate, cue)
            command = await speak(Task(debate, cue, panel, parts.info, self._grown), calls)
        except ModelRefused as error:
            parts.metrics.model_errors.labels("refused").inc()
            log.warning("model.refused", debate=self.claim.debate, turn=cue.turn, error=str(error))
            return _given_up(debate, cue, Reason.MODEL_REFUSED, error)
        except ModelAway as error:
            parts.metrics.model_errors.labels("away").inc()
            return await self._wait_for_model(debate, cue, error)
        self._failures = 0
        self._replied_at = parts.clock.monotonic()
        return command

    def _calls(self, debate: Debate, cue: Cue) -> Calls:
        parts = self._parts
        attempt = 0

        def live() -> LiveTurn:
            nonlocal attempt
            attempt += 1
            return LiveTurn(parts.live, parts.clock, cue, attempt, lambda: self.claim, self._tasks)

        if self._replied_at is not None:
            parts.metrics.gap_s.observe(parts.clock.monotonic() - self._replied_at)
            self._replied_at = None
        return Calls(parts.model, parts.clock, self.claim.debate, debate, live)

    async def _wait_for_model(
        self, debate: Debate, cue: Cue, error: ModelAway
    ) -> Command | _Later | None:
        now_ms = self._parts.clock.now_ms()
        if not self._failures:
            self._away_since_ms = debate.unavailable_since_ms or now_ms
        self._failures += 1
        said = debate.unavailable_since_ms is not None
        decision = after_failure(
            (now_ms - self._away_since_ms) / 1000,
            self._failures,
            said=said,
            patience_s=self._model_patience_s,
            asked_for_s=error.retry_after_s,
        )
        log.warning("model.away", debate=self.claim.debate, turn=cue.turn, error=str(error))
        if isinstance(decision, GiveUp):
            return _given_up(debate, cue, Reason.MODEL_AWAY, error)
        if isinstance(decision, SayAway):
            return ReportModelAway(cue.turn, self._away_since_ms, error.problem())
        if said:
            # Others may be waiting for this worker; a timer brings the debate back.
            return _Later(decision.in_s)
        self.waiting = True
        await self._parts.clock.sleep(decision.in_s)
        self.waiting = False
        return None


def _without_speaking(debate: Debate, cue: Cue) -> Command | None:
    """What is to be done before anybody speaks: call on somebody else, or let time pass."""
    review = Review(cue.turn)
    if decide(debate, review):
        return review
    return PassTime(cue.turn) if debate.waiting.person else None


def _given_up(debate: Debate, cue: Cue, reason: Reason, error: Explained) -> GiveUpOnModel:
    written = stand_in(debate, debate.reason or reason)
    return GiveUpOnModel(cue.turn, reason, error.problem(), written)
