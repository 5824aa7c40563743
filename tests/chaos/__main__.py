"""`python -m tests.chaos`: debates in a storm of faults, all of it with the real processes.

Prints what went wrong and what came of it. If a promise was broken: the seed, what was found, and
the smallest plan that shows it again; exit code 1.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from tests.chaos.draw import PER_MINUTE, Drawing
from tests.chaos.plan import Fault, read, written
from tests.chaos.report import summary, table, write
from tests.chaos.run import Order, Outcome, Progress, run
from tests.chaos.scene import NAMES
from tests.chaos.shrink import around, smallest

MOST_SHOWN = 40
AFTER_S = 10.0
DEBATES_AGAIN = 1_000_000
"""More than there is time for: the storm ends when the plan does."""
TRIES = 2


def main() -> int:
    """Runs it."""
    asked = _asked()
    out = Console(width=100)
    plan = read(asked.plan) if asked.plan else _drawn(asked)
    at_once, replicated = asked.at_once, not asked.local
    least = (asked.debates, asked.kills, asked.faults)
    order = Order(asked.seed, *least, asked.minutes, at_once, replicated, plan)
    if asked.keep:
        asked.keep.mkdir(parents=True)
        written(plan, asked.keep / "plan.jsonl")
    outcome = asyncio.run(run(order, _tell, asked.keep))
    sys.stderr.write("\n")
    out.print(table(outcome))
    if asked.json:
        write(outcome, asked.json)
    if not outcome.is_good:
        _tell_violations(out, outcome)
        if asked.shrink_minutes:
            _tell_smallest(out, outcome, asked.shrink_minutes)
    out.print(summary(outcome), markup=False, highlight=False, soft_wrap=True)
    return 0 if outcome.is_good else 1


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--debates", type=int, default=1_000, help="at least")
    parser.add_argument("--kills", type=int, default=0, help="at least; debates go on until then")
    parser.add_argument("--faults", type=int, default=0, help="at least; likewise")
    parser.add_argument("--minutes", type=float, default=240.0, help="the storm's, at most")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--at-once", type=int, default=24, help="debates")
    parser.add_argument("--per-minute", type=float, default=PER_MINUTE, help="faults planned")
    parser.add_argument("--local", action="store_true", help="no failover: durability = local")
    parser.add_argument("--plan", type=Path, help="a plan that was kept, instead of a new one")
    parser.add_argument("--keep", type=Path, help="a new folder for all logs and the plan")
    parser.add_argument("--shrink-minutes", type=float, default=10.0, help="0: do not try")
    parser.add_argument("--json", type=Path, help="where the figures go, as JSON")
    return parser.parse_args()


def _drawn(asked: argparse.Namespace) -> list[Fault]:
    drawing = Drawing(asked.seed, NAMES, replicated=not asked.local)
    return list(drawing.plan(asked.minutes * 60, asked.per_minute))


def _tell(progress: Progress) -> None:
    sys.stderr.write(
        f"\r{progress.seconds:5.0f} s: {progress.closed} of {progress.debates} debates closed, "
        f"{progress.waiting} waited for, "
        f"{progress.kills} kills, {progress.faults} faults "
    )
    sys.stderr.flush()


def _tell_violations(out: Console, outcome: Outcome) -> None:
    found = outcome.verdict.violations
    out.print(f"\nSeed {outcome.order.seed}: {len(found)} violations", markup=False)
    for violation in found[:MOST_SHOWN]:
        out.print(f"  {violation}", markup=False, highlight=False, soft_wrap=True)


def _tell_smallest(out: Console, outcome: Outcome, minutes: float) -> None:
    """The smallest plan found that fails too; it is kept, to be run again."""
    lives = (outcome.lives.get(found.where) for found in outcome.verdict.violations)
    life = next(filter(None, lives), None)
    whole = outcome.order.plan
    near = around(whole, life[0], life[1] + AFTER_S) if life else list(whole)
    out.print(f"\nLooking for the smallest plan that fails too, for about {minutes:g} minutes …")
    small = smallest(near, lambda tried: _fails(outcome.order, tried), minutes * 60)
    name = f"chaos-seed-{outcome.order.seed}.jsonl"
    kept = Path(tempfile.mkdtemp(prefix="chaos-")) / name
    written(small, kept)
    out.print(f"{len(small)} of {len(whole)} faults; --plan {kept} runs them again:", markup=False)
    for fault in small:
        out.print(f"  {fault}", markup=False, highlight=False)


def _fails(order: Order, plan: Sequence[Fault]) -> bool:
    minutes = (max(fault.at_s for fault in plan) + AFTER_S) / 60
    again = replace(order, plan=plan, minutes=minutes, debates=DEBATES_AGAIN)
    return any(not asyncio.run(run(again, _tell)).is_good for _ in range(TRIES))


if __name__ == "__main__":
    sys.exit(main())
