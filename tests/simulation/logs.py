"""What simulated processes log: into the trace; and some of it must never be said."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import structlog

from tests.simulation.loop import host_now
from tests.simulation.trace import Trace

GRAVE = ("turn.crashed", "delivery.crashed", "wakeup.buried", "delivery.given_up")
"""What no process should have to log."""


@contextmanager
def logs_into(trace: Trace, grave: Callable[[str, str], None]) -> Iterator[Callable[[], None]]:
    """`grave` is told who said what should not be said; call what is given to hear no more."""
    over = False

    def end() -> None:
        nonlocal over
        over = True

    def heard(_: Any, __: str, said: Any) -> Any:
        if not over:
            _hear(trace, grave, said)
        raise structlog.DropEvent

    before = structlog.get_config()
    structlog.configure(
        processors=[heard],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=False,
    )
    try:
        yield end
    finally:
        structlog.configure(**before)


def _hear(trace: Trace, grave: Callable[[str, str], None], said: dict[str, Any]) -> None:
    who, event = host_now().name, said.pop("event")
    error = said.pop("exc_info", None)
    trace(who, f"logs {event} {said}")
    if event in GRAVE:
        for line in traceback.format_exc().splitlines() if error else ():
            trace(who, line)
        grave(who, f"{event} {said}")
