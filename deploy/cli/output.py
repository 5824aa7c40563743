"""Answers on standard output: tables for a terminal, columns for a pipe, JSON for a script."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from bots.chat.i18n import Translate, translator, users_language
from engine.debate.explained import one_line

if TYPE_CHECKING:
    from rich.table import Table as Drawing

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under their columns' names."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    nothing: str = ""
    """What is said where there is no row."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and their values."""

    rows: Sequence[tuple[str, Cell]]


@dataclass(frozen=True, slots=True)
class Verbatim:
    """What is to be copied as it stands, such as a link: no line of it is broken."""

    text: str
    title: str = ""


Part = Table | Facts | Verbatim | str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command found out or did, for scripts and for people."""

    data: Any
    """What JSON has, or dataclasses of it."""
    parts: Sequence[Part]
    status: int = 0
    """The process's."""


def translation() -> Translate:
    """Into the language of whoever sits here."""
    return translator(users_language())


def give(answer: Answer, *, as_json: bool) -> int:
    """Writes it; answers the process's status."""
    if as_json:
        write_json(answer.data)
    elif sys.stdout.isatty():
        _draw(answer.parts)
    else:
        sys.stdout.write("\n".join(line for part in answer.parts for line in _plain(part)) + "\n")
    return answer.status


def tell(parts: Sequence[Part]) -> None:
    """Says something on the way to the answer, on standard error."""
    if sys.stderr.isatty():
        _draw(parts, to_stderr=True)
    else:
        sys.stderr.write("\n".join(line for part in parts for line in _plain(part)) + "\n")


def write_json(data: Any) -> None:
    """One document, on a line of its own."""
    sys.stdout.write(orjson.dumps(data, default=list).decode() + "\n")


def _plain(part: Part) -> list[str]:
    """Lines; a tab between columns."""
    match part:
        case Table():
            if not part.rows:
                return [part.nothing]
            return ["\t".join(part.columns), *("\t".join(map(_cell, row)) for row in part.rows)]
        case Facts():
            return [f"{name}\t{_cell(value)}" for name, value in part.rows]
        case Verbatim():
            return [f"{part.title}\t{part.text}" if part.title else part.text]
    return [part]


def _draw(parts: Sequence[Part], *, to_stderr: bool = False) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, stderr=to_stderr)
    for part in parts:
        match part:
            case str():
                console.print(Text(part))
            case Verbatim():
                if part.title:
                    console.print(Text(part.title, style="bold"))
                console.print(Text(part.text), soft_wrap=True)
            case Table(rows=[]):
                console.print(Text(part.nothing))
            case _:
                console.print(_drawing(part))


def _drawing(part: Table | Facts) -> Drawing:
    from rich import box
    from rich.table import Table as Drawing
    from rich.text import Text

    is_table = isinstance(part, Table)
    drawing = Drawing(
        box=box.SIMPLE_HEAD if is_table else None,
        show_header=is_table,
        header_style="dim",
        pad_edge=False,
    )
    for at, name in enumerate(part.columns if isinstance(part, Table) else ("", "")):
        numbers = all(isinstance(row[at], int | float | None) for row in part.rows)
        drawing.add_column(
            name,
            justify="right" if numbers else "left",
            style="" if is_table or at else "dim",
            no_wrap=at == 0,  # ids and names are there to be copied
            overflow="fold",
        )
    for row in part.rows:
        drawing.add_row(*(Text(_cell(cell)) for cell in row))
    return drawing


def _cell(value: Cell) -> str:
    """On one line, and nothing in it that a terminal acts on: much of it people wrote."""
    return "" if value is None else one_line(str(value))
