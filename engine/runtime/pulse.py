"""A worker's answers to the roll: how it is, from its own counters, until it is told to stop."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from engine.ports.clock import Clock
from engine.ports.model import ModelInfo
from engine.ports.roll import Report, Roll
from engine.ports.store import StoreAway
from engine.runtime.metrics import Metrics

BEAT_S = 2.0
RATE_OVER_S = 60.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Presence:
    """What of a worker does not change."""

    version: str
    model: ModelInfo
    started_ms: int
    most: int


class Pulse:
    """Answers the roll every few seconds."""

    def __init__(self, roll: Roll, clock: Clock, metrics: Metrics, presence: Presence) -> None:
        self._roll = roll
        self._clock = clock
        self._metrics = metrics
        self._presence = presence
        self._written: deque[tuple[float, int]] = deque()
        """Seconds, and tokens written until then."""

    async def beat(self, stop: Callable[[], None]) -> None:
        """Answers until it is cancelled; calls `stop` once the worker is told to."""
        told = False
        while True:
            try:
                drain = await self._roll.answer(self.report())
            except StoreAway:
                drain = False  # whoever takes wake-ups says that it is away
            if drain and not told:
                told = True
                log.info("worker.told_to_drain")
                stop()
            await self._clock.sleep(BEAT_S)

    async def leave(self) -> None:
        """Takes the worker off the roll.

        Raises:
            StoreAway
        """
        await self._roll.leave()

    def report(self) -> Report:
        """How the worker is now."""
        known = self._presence
        completion = self._tokens("completion")
        return Report(
            version=known.version,
            model=known.model.name,
            started_ms=known.started_ms,
            most=known.most,
            held=int(self._sum("tertulia_debates_held")),
            turns=int(self._sum("tertulia_turns_total")),
            prompt_tokens=self._tokens("prompt"),
            cached_tokens=self._tokens("cached"),
            completion_tokens=completion,
            tokens_per_s=round(self._rate(completion), 1),
        )

    def _tokens(self, kind: str) -> int:
        registry = self._metrics.registry
        return int(registry.get_sample_value("tertulia_tokens_total", {"kind": kind}) or 0)

    def _sum(self, name: str) -> float:
        found = self._metrics.registry.restricted_registry([name]).collect()
        return sum(s.value for metric in found for s in metric.samples if s.name == name)

    def _rate(self, completion: int) -> float:
        now = self._clock.monotonic()
        self._written.append((now, completion))
        while len(self._written) > 2 and self._written[1][0] <= now - RATE_OVER_S:
            self._written.popleft()
        since, before = self._written[0]
        return (completion - before) / (now - since) if now > since else 0.0
