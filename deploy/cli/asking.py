"""Asks before something is done that cannot be undone."""

from __future__ import annotations

import sys

import typer

from engine.debate.explained import Explained


class NotSure(Explained):
    """Nobody said that it may be done."""


def make_sure(question: str, *, yes: bool, as_json: bool) -> None:
    """Goes on if they say so; a script says `--yes`.

    Raises:
        NotSure: nobody can be asked, or they said no.
    """
    if yes:
        return
    if as_json or not sys.stdin.isatty():
        raise NotSure("This cannot be undone; to have it done without being asked: --yes")
    if not typer.confirm(question, err=True):
        raise NotSure("Nothing was done.")
