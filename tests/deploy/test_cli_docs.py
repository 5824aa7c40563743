"""docs/cli.md and the commands there are: neither has one that the other lacks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main

from deploy.cli import failure
from deploy.cli.app import app

DOCS = (Path(__file__).parents[2] / "docs" / "cli.md").read_text()


def commands(group: Any, *path: str) -> Iterator[tuple[str, Any]]:
    """Each command by the words it is called with."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, *path, name)
        else:
            yield " ".join([*path, name]), command


ALL = dict(commands(typer.main.get_command(app), "tertulia"))
GROUPS = {" ".join(words.split()[:2]) for words in ALL}


def test_every_command_is_described_and_every_one_described_is_there() -> None:
    described = set(re.findall(r"`(tertulia(?: [a-z][a-z-]*)+)", DOCS))
    assert described - GROUPS == set(ALL) - GROUPS
    assert described >= GROUPS


def test_every_command_answers_in_json() -> None:
    without = [
        words
        for words, command in ALL.items()
        if not any("--json" in parameter.opts for parameter in command.params)
    ]
    assert without == []


def test_every_status_is_described() -> None:
    described = {int(number) for number in re.findall(r"^\| (\d+) \|", DOCS, re.MULTILINE)}
    assert described == {
        0,
        failure.BAD_NEWS,
        failure.NOT_TO_BE_HAD,
        failure.NOBODY_ANSWERS,
        failure.STOPPED_BY_HAND,
    }


def test_every_option_is_explained() -> None:
    silent = [
        f"{words} {parameter.name}"
        for words, command in ALL.items()
        for parameter in command.params
        if not getattr(parameter, "help", None)
    ]
    assert silent == []
