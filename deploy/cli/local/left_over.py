"""Processes whose keeper was killed: found by what they were started with, and ended."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from pathlib import Path

from deploy.cli.local.state import Seen, State
from engine.bootstrap import system_clock

PATIENCE_S = 75.0
LOOK_S = 0.1


async def end(state: State | None) -> list[str]:
    """Ends those that still run, in good order; answers their names."""
    left = [one for one in state.processes if await _runs(one)] if state else []
    for one in left:
        _send(one, signal.SIGTERM)
    clock = system_clock()
    until = clock.monotonic() + PATIENCE_S
    rest = left
    while rest and clock.monotonic() < until:
        await clock.sleep(LOOK_S)
        rest = [one for one in rest if await _runs(one)]
    for one in rest:
        _send(one, signal.SIGKILL)
    return [one.name for one in left]


async def _runs(one: Seen) -> bool:
    """Whether its pid is still that of the same program."""
    if one.pid is None:
        return False
    try:
        asked = await asyncio.create_subprocess_exec(
            *("ps", "-ww", "-o", "args=", "-p", str(one.pid)),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except FileNotFoundError:
        return False  # without it, nobody's process is taken for ours
    told, _ = await asked.communicate()
    program = Path(one.words[0]).name
    return program in told.decode() and told.decode().strip().endswith(" ".join(one.words[1:]))


def _send(one: Seen, number: int) -> None:
    if one.pid is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(one.pid, number)
