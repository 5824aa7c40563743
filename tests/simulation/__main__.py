"""`python -m tests.simulation`: many worlds, as many processes as the machine has cores.

Prints how many debates went well and what went wrong in them. At the first broken promise: the
seed, the smallest plan found that breaks it too, and the end of its trace; exit code 1.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from itertools import count
from multiprocessing import get_context
from time import monotonic

from rich.console import Console
from rich.table import Table

from tests.simulation.plan import DEBATES
from tests.simulation.shrink import shrink
from tests.simulation.world import Outcome, run, run_seed

SHRINK_S = 90.0
TAIL = 60


def main() -> int:
    """Runs it."""
    asked = _asked()
    out = Console(width=100)
    began, total, worlds = monotonic(), Counter[str](), 0
    for outcome in _outcomes(asked):
        worlds += 1
        total.update({name: number for name, number in outcome.figures.items() if number})
        if outcome.broken is not None:
            _tell(out, outcome, asked.debates_at_once)
            return 1
        kills = sum(number for name, number in total.items() if name.startswith("fault: kill"))
        took = monotonic() - began
        sys.stderr.write(f"\r{total['debates']:,} debates, {kills:,} kills, {took:.0f} s")
        sys.stderr.flush()
    sys.stderr.write("\n")
    out.print(_table(total, worlds, monotonic() - began))
    return 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--debates", type=int, default=2_000, help="at least so many")
    parser.add_argument("--seed", type=int, default=1, help="of the first world")
    parser.add_argument("--minutes", type=float, help="go on for so long, instead")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--debates-at-once", type=int, default=DEBATES, help="in one world")
    return parser.parse_args()


def _outcomes(asked: argparse.Namespace) -> Iterator[Outcome]:
    """World after world, as they are done."""
    began, done = monotonic(), 0.0
    seeds = count(asked.seed)
    context = get_context("spawn")
    with ProcessPoolExecutor(asked.processes, context) as pool:
        running: set[Future[Outcome]] = set()

        def enough() -> bool:
            if asked.minutes is not None:
                return bool(monotonic() - began > asked.minutes * 60)
            return bool(done + len(running) * asked.debates_at_once >= asked.debates)

        try:
            while True:
                while len(running) < 2 * asked.processes and not enough():
                    running.add(pool.submit(run_seed, next(seeds), asked.debates_at_once))
                if not running:
                    return
                ready, running = wait(running, return_when=FIRST_COMPLETED)
                for future in sorted(ready, key=lambda f: f.result().plan.seed):
                    done += future.result().figures["debates"]
                    yield future.result()
        finally:
            for future in running:
                future.cancel()


def _tell(out: Console, outcome: Outcome, debates: int) -> None:
    seed = outcome.plan.seed
    out.print(
        f"\nSeed {seed}, {outcome.figures['steps']:.0f} steps: {outcome.broken}", markup=False
    )
    out.print(f"Again: python -m tests.simulation --seed {seed} --debates {debates} --processes 1")
    out.print(f"Looking for the smallest plan that fails too, for at most {SHRINK_S:.0f} s …")
    small = shrink(outcome.plan, lambda plan: run(plan).broken is not None, SHRINK_S)
    again = run(small)
    out.print(
        f"\n{len(small.items)} of {len(outcome.plan.items)} items: {again.broken}", markup=False
    )
    for item in small.items:
        out.print(f"  {item}", markup=False)
    for item in small.items:
        out.print(f"    {item!r},", markup=False, highlight=False)
    out.print("\nThe end of its trace:")
    for line in again.trace[-TAIL:]:
        out.print(line, markup=False, highlight=False, soft_wrap=True)


def _table(total: Counter[str], worlds: int, seconds: float) -> Table:
    table = Table(title=f"{worlds} worlds in {seconds:.0f} s: every promise was kept")
    table.add_column("What")
    table.add_column("Count", justify="right")
    for name, number in total.items():
        table.add_row(name, f"{number:,.0f}")
    faults = sum(number for name, number in total.items() if name.startswith("fault"))
    table.add_row("faults in all", f"{faults:,.0f}")
    return table


if __name__ == "__main__":
    sys.exit(main())
