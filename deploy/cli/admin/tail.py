"""A debate followed from its start until it is closed."""

from __future__ import annotations

import sys

from rich.console import Console

from bots.chat.i18n import translator
from bots.terminal.jsonl import JsonLines
from bots.terminal.screen import Screen
from engine.bootstrap import Premises
from engine.debate.events import DebateClosed, Record
from engine.debate.state import Phase


async def tail(at: Premises, debate: str, *, as_json: bool) -> None:
    """Shows it as it comes.

    Raises:
        UnknownDebate
    """
    standing = await at.debates.load(debate)
    last = standing.n if standing.phase is Phase.CLOSED else None
    translate = translator(standing.started.language)
    surface = (
        JsonLines(debate, sys.stdout) if as_json else Screen(Console(highlight=False), translate)
    )
    try:
        async for item in at.debates.follow(debate):
            surface.show(item)
            if isinstance(item, Record) and _is_last(item, last):
                return
    finally:
        surface.close()


def _is_last(record: Record, last: int | None) -> bool:
    """A debate that was closed before may have been opened again, and closed anew."""
    if last is not None:
        return record.n >= last
    return isinstance(record.event, DebateClosed)
