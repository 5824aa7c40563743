"""Tables: printed for people, written as JSON for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import orjson
from rich import box
from rich.console import Console
from rich.table import Table as Drawn

Cell = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure is to reach, and whether it did."""

    what: str
    wanted: str
    got: str
    met: bool


@dataclass(slots=True)
class Table:
    """One table; `None` is what could not be measured."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, *cells: Cell) -> None:
        """One more row."""
        self.rows.append(cells)

    def aim(self, what: str, got: float, *, most: float | None = None, least: float = 0) -> None:
        """A goal: at most, or at least, so much."""
        met = got <= most if most is not None else got >= least
        wanted = f"<= {_shown(most)}" if most is not None else f">= {_shown(least)}"
        self.goals.append(Goal(what, wanted, _shown(got), met))


def draw(table: Table, console: Console) -> None:
    """For people."""
    drawn = Drawn(title=table.title, box=box.SIMPLE_HEAD, title_justify="left")
    for number, column in enumerate(table.columns):
        drawn.add_column(column, justify="left" if number == 0 else "right")
    for row in table.rows:
        drawn.add_row(*map(_shown, row))
    console.print(drawn)
    for goal in table.goals:
        mark = "[green]reached[/]" if goal.met else "[red]missed [/]"
        console.print(f"  {mark} {goal.what}: {goal.got} ({goal.wanted})", highlight=False)
    for note in table.notes:
        console.print(f"  {note}", style="dim", highlight=False)


def write(folder: Path, suite: str, machine: Mapping[str, Any], tables: Sequence[Table]) -> Path:
    """For programs: `SUITE.json`, in place of the one before."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{suite}.json"
    content = {"suite": suite, "machine": machine, "tables": [asdict(table) for table in tables]}
    file.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2))
    return file


def _shown(cell: Cell) -> str:
    if cell is None:
        return "–"
    if isinstance(cell, float):
        return f"{cell:,.0f}" if abs(cell) >= 100 else f"{cell:.3g}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)
