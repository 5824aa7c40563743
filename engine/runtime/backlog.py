"""How much work waits, looked up now and then: each worker shows it, for whoever scales them."""

from __future__ import annotations

from engine.ports.clock import Clock
from engine.ports.inspection import Inspection
from engine.ports.store import StoreAway
from engine.runtime.metrics import Metrics

LOOK_S = 5.0


async def watch_backlog(inspection: Inspection, clock: Clock, metrics: Metrics) -> None:
    """Looks until it is cancelled. While the store is away, the gauges stay as they were."""
    while True:
        try:
            queue = await inspection.queue()
            dead = await inspection.count_dead()
        except StoreAway:
            pass  # whoever takes wake-ups says so
        else:
            metrics.work_waiting.set(queue.waiting)
            metrics.work_oldest_s.set(queue.oldest_ms / 1000)
            metrics.dead_letters.set(dead)
        await clock.sleep(LOOK_S)
