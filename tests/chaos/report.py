"""What a run comes to: a table for people, JSON for whatever keeps the figures."""

from __future__ import annotations

import json
from pathlib import Path

from rich.table import Table

from tests.bench.machine import described
from tests.chaos.run import Outcome


def table(outcome: Outcome) -> Table:
    """All figures."""
    verdict = outcome.verdict
    shown = Table(title="Chaos: every promise was kept" if outcome.is_good else "Chaos")
    shown.add_column("What")
    shown.add_column("Count", justify="right")
    for name, number in _figures(outcome).items():
        shown.add_row(name, f"{number:,}")
    shown.add_section()
    for name, number in sorted(outcome.kills.items()):
        shown.add_row(f"kills of {name}", f"{number:,}")
    for kind, number in outcome.faults.most_common():
        shown.add_row(f"faults: {kind}", f"{number:,}")
    shown.add_section()
    shown.add_row("posts of frozen posters, counted apart", f"{len(verdict.excused):,}")
    shown.add_row("violations", f"{len(verdict.violations):,}")
    return shown


def summary(outcome: Outcome) -> str:
    """The run in a line."""
    figures = _figures(outcome)
    return (
        f"{len(outcome.verdict.violations):,} violations: {figures.get('debates', 0):,} debates, "
        f"{figures.get('turns', 0):,} turns, {figures['kills']:,} kills, "
        f"{figures['faults in all']:,} faults, seed {outcome.order.seed}"
    )


def _figures(outcome: Outcome) -> dict[str, int]:
    figures = dict(sorted(outcome.verdict.figures.items()))
    figures["kills"] = outcome.kills.total()
    figures["faults in all"] = outcome.faults.total()
    figures["seconds of storm"] = round(outcome.storm_s)
    figures["seconds until all was calm"] = round(outcome.calm_s)
    return figures


def write(outcome: Outcome, to: Path) -> None:
    """The same, every violation, and the machine, as JSON."""
    order = outcome.order
    told = {
        "seed": order.seed,
        "replicated": order.replicated,
        "planned": len(order.plan),
        "figures": _figures(outcome),
        "kills": dict(outcome.kills),
        "faults": {kind.value: number for kind, number in outcome.faults.items()},
        "frozen_posters": outcome.verdict.excused,
        "violations": [str(violation) for violation in outcome.verdict.violations],
        "machine": described(None, "tests.chaos"),
    }
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_text(json.dumps(told, indent=2) + "\n")
