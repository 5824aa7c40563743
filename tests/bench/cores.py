"""Which core a process runs on, and what it has used: CPU time and memory, as Linux tells them.

It imports nothing but the standard library: peers run under a Python of their own.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEASURED, REST = 0, 1
"""The core of what is measured, and that of everything else."""


class TooFewCores(Exception):
    """One core cannot be kept for what is measured."""


def check() -> None:
    """Raises `TooFewCores`."""
    if not {MEASURED, REST} <= os.sched_getaffinity(0):
        raise TooFewCores("cores 0 and 1 are needed: one for what is measured, one for the rest")


@contextmanager
def on_cores(cores: set[int]) -> Iterator[None]:
    """Runs this thread, and what it starts meanwhile, on those cores."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def cpu_ns(pid: int) -> int:
    """The CPU time of a process so far, all its threads together.

    Raises:
        OSError: there is no such process.
    """
    return time.clock_gettime_ns((~pid << 3) | 2)  # as clock_getcpuclockid(3) has it


def memory_kib(pid: int | str, field: str = "VmHWM") -> int:
    """The most memory that a process has had so far; `VmRSS`: what it has now."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field))
