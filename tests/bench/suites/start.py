"""How soon the command answers, beside a Python that does nothing, each in its turn."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from statistics import median

from tests.bench.cores import MEASURED, on_cores
from tests.bench.options import Options
from tests.bench.report import Table

BIN = Path(sys.executable).parent
NOTHING = "python -c pass"
COMMANDS = {
    NOTHING: (sys.executable, "-c", "pass"),
    "tertulia --version": (BIN / "tertulia", "--version"),
    "tertulia --help": (BIN / "tertulia", "--help"),
    "tertulia debates --help": (BIN / "tertulia", "debates", "--help"),
}
AT_ONCE = ("tertulia --version", "tertulia --help")
MOST_MS = 300.0


async def run(options: Options) -> AsyncIterator[Table]:
    """After one of each that is not counted: Python's compiled files are there then."""
    rounds = 5 if options.quick else 20
    took: dict[str, list[float]] = {name: [] for name in COMMANDS}
    with on_cores({MEASURED}):
        for number in range(rounds + 1):
            for name in COMMANDS:
                ms = _ms(name)
                if number > 0:
                    took[name].append(ms)
    table = Table(f"A command's start, {rounds} of each", ("", "ms", "best, ms", "× nothing"))
    bare = median(took[NOTHING])
    for name, each in took.items():
        table.add(name, median(each), min(each), median(each) / bare)
    for name in AT_ONCE:
        table.aim(f"{name}, ms", median(took[name]), most=MOST_MS)
    yield table


def _ms(name: str) -> float:
    begun = time.perf_counter()
    subprocess.run(COMMANDS[name], check=True, capture_output=True)
    return (time.perf_counter() - begun) * 1000
