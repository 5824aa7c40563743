"""One debate, held under one claim: it speaks from turn to turn until it is given up or done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from engine.debate.closing import stand_in
from engine.debate.commands import Command, GiveUpOnModel, ReportModelAway
from engine.debate.events import Reason
from engine.debate.explained import Explained
from engine.debate.panel import Panel
from engine.debate.retry import GiveUp, SayAway, after_failure
from engine.debate.state import Cue, Debate
from engine.panels.loader import parse
from engine.ports.clock import Clock
from engine.ports.live import LiveTextWriter
from engine.ports.model import ModelAway, ModelClient, ModelInfo, ModelRefused
from engine.ports.store import DebateStore
from engine.ports.work import Claim, WorkQueue
from engine.runtime.call import Calls
from engine.runtime.door import Door
from engine.runtime.live import LiveTurn
from engine.runtime.metrics import Metrics
from engine.runtime.speak import Task, speak

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Parts:
    """What a worker is joined from."""

    store: DebateStore
    queue: WorkQueue
    live: LiveTextWriter
    model: ModelClient
    info: ModelInfo
    clock: Clock
    metrics: Metrics


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
        self._door = Door(parts.store, parts.clock, store_patience_s=float("inf"))
        self._tasks = tasks
        self._go_on = go_on
        self._model_patience_s = model_patience_s
        self._failures = 0
        self._away_since_ms = 0
        self._replied_at: float | None = None

    async def run(self) -> None:
        """Lets the debate speak until it has nothing to do now, or is not this worker's any more.

        Raises:
            StaleClaim: it was taken away.
            StoreAway: it could not be loaded.
        """
        debate_id = self.claim.debate
        debate = await self._door.load(debate_id)
        panel = parse(await self._parts.store.panel(debate_id, debate.started.panel_hash))
        while debate.pending is not None:
            outcome = await self._next(debate, debate.pending, panel)
            if isinstance(outcome, _Later):
                await self._parts.queue.release(self.claim, delay_ms=int(outcome.in_s * 1000))
                return
            if outcome is None:
                continue
            self.committing = True
            handled = await self._door.handle(
                debate_id, debate, outcome, claim=self.claim, hold=self._go_on()
            )
            self.committing = False
            self._parts.metrics.count(outcome)
            if handled.claim is None:
                return
            debate, self.claim = handled.debate, handled.claim

    async def _next(self, debate: Debate, cue: Cue, panel: Panel) -> Command | _Later | None:
        """What the cue comes to; `None`: nothing yet, ask again."""
        parts = self._parts
        try:
            calls = self._calls(debate, cue)
            command = await speak(Task(debate, cue, panel, parts.info), calls)
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
        seed = debate.started.seed
        return Calls(
            parts.model, parts.clock, self.claim.debate, live, made=debate.calls, seed=seed
        )

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


def _given_up(debate: Debate, cue: Cue, reason: Reason, error: Explained) -> GiveUpOnModel:
    written = stand_in(debate, debate.reason or reason)
    return GiveUpOnModel(cue.turn, reason, error.problem(), written)
