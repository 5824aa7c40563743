"""A worker process, `python -m engine`. SIGTERM or Ctrl-C ends it after the turns now spoken."""

from __future__ import annotations

import sys
from contextlib import AbstractAsyncContextManager

from engine.bootstrap import open_worker
from engine.ports.model import ModelAway
from engine.ports.store import StoreAway
from engine.process import Process, Program
from engine.runtime.metrics import Metrics
from engine.settings import Settings


def main() -> int:
    """Works until asked to stop; the exit status is 0 then, and 2 if the settings will not do."""
    metrics = Metrics()

    def opening(settings: Settings) -> AbstractAsyncContextManager[Program]:
        return open_worker(settings, metrics=metrics)

    away = (StoreAway, ModelAway)
    return Process("worker", opening, _health_at, metrics.registry, away).main()


def _health_at(settings: Settings) -> tuple[str, int]:
    return settings.worker.host, settings.worker.port


if __name__ == "__main__":
    sys.exit(main())
