"""The two files of a folder: their change shown, agreed to, and written whole or not at all."""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import typer

from deploy.cli import dotenv
from deploy.cli.output import translation
from deploy.cli.setup.env_text import changes
from engine.debate.explained import Explained, reason
from engine.settings import FILE

READ_BY_OWNER = 0o600
READ_BY_ALL = 0o644


class NotAgreed(Explained):
    """What is there would be changed, and nobody said that it may be."""


@dataclass(frozen=True, slots=True)
class Change:
    """A file's text before and after."""

    file: Path
    before: str
    after: str

    @property
    def is_one(self) -> bool:
        """Whether there is anything to write."""
        return self.before != self.after

    def shown(self) -> Iterator[str]:
        """The change, line by line; a secret's value is no part of it."""
        if self.file == dotenv.FILE:
            yield from changes(self.before, self.after)
            return
        before, after = self.before.splitlines(), self.after.splitlines()
        yield from list(difflib.unified_diff(before, after, lineterm="", n=1))[2:]


def text_of(file: Path) -> str:
    """What it says now; nothing if it is not there.

    Raises:
        Explained
    """
    return dotenv.read(file) if file.exists() else ""


def agree(wanted: list[Change], *, yes: bool, as_json: bool) -> None:
    """Shows what would be changed in files that are there, and asks.

    Raises:
        NotAgreed
    """
    there = [change for change in wanted if change.is_one and change.before]
    if not there or yes:
        return
    if as_json or not sys.stdin.isatty():
        names = ", ".join(str(change.file) for change in there)
        raise NotAgreed("{files} would be changed; to have that done: --yes", files=names)
    for change in there:
        sys.stderr.write("\n".join([str(change.file), *change.shown(), ""]))
    translate = translation()
    if not typer.confirm(translate("Write this?"), default=True, err=True):
        raise NotAgreed("Nothing was done.")


def write(change: Change) -> None:
    """Puts the new text in the old one's place; `.env` is its owner's alone, before and after.

    Raises:
        Explained
    """
    is_secret = change.file == dotenv.FILE
    mode = READ_BY_OWNER if is_secret else READ_BY_ALL
    try:
        if not change.is_one:
            if is_secret and change.file.exists():
                change.file.chmod(mode)
            return
        beside = change.file.with_name(f"{change.file.name}.{os.getpid()}")
        handle = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(change.after)
        beside.replace(change.file)
    except OSError as error:
        raise Explained(
            "{file} cannot be written: {why}", file=change.file, why=reason(error)
        ) from error


def changes_of(toml: str, env: str) -> list[Change]:
    """From what is there to these two texts.

    Raises:
        Explained
    """
    return [
        Change(FILE, text_of(FILE), toml),
        Change(dotenv.FILE, text_of(dotenv.FILE), env),
    ]
