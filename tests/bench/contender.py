"""What every contender does: gets ready, waits for the word, debates, says what it used.

It is started with its plan as JSON. A peer holds one debate to warm up, prints `ready`, holds the
others when a line comes in, prints `done`, and ends when its input does: what it used is read from
outside. It imports nothing but the standard library: peers run under a Python of their own.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tomllib
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TURNS = 22
"""The moderator's opening, and three rounds of seven."""
ROOT = Path(__file__).parents[2]
PANEL = ROOT / "engine" / "panels" / "ai-en.toml"
_RULES = """You take part in a debate between these people: {names}.
You are {name}. Answer the question put to you in at most 150 words; then put one question to
{next_name}, who speaks next."""


@dataclass(frozen=True)
class Plan:
    """What is to be done."""

    url: str
    """The model server's, with `/v1`."""
    debates: int = 1
    """At once."""
    batches: int = 1
    """One after the other."""
    settings: dict[str, Any] = field(default_factory=dict)
    """Tertulia's own."""


Debate = Callable[[int], Awaitable[None]]
"""Holds one debate, given its number."""
Open = Callable[[Plan], AbstractAsyncContextManager[Debate]]

WARM_UP = 1_000_000
"""The number of the debate that warms up."""


def contend(opened: Open) -> None:
    """The whole program of a peer."""
    asyncio.run(_contend(plan(), opened))


def plan() -> Plan:
    """What this process was started for."""
    return Plan(**json.loads(sys.argv[1]))


def say(word: str) -> None:
    """Tells whoever started this process how far it is."""
    print(word, flush=True)  # noqa: T201 - they read it


def wait() -> None:
    """Until they say so, or are gone."""
    sys.stdin.readline()


async def _contend(asked: Plan, opened: Open) -> None:
    async with opened(asked) as debate:
        await debate(WARM_UP)
        say("ready")
        wait()
        for batch in range(asked.batches):
            numbers = range(batch * asked.debates, (batch + 1) * asked.debates)
            await asyncio.gather(*map(debate, numbers))
        say("done")
        wait()


def topic(number: int) -> str:
    """A topic that tells the stub whose call it is."""
    return f"Should a small team run its own language models? (This is debate number {number}.)"


def cast() -> list[tuple[str, str]]:
    """Name and instructions of the bundled panel's seats; names are plain identifiers."""
    panel = tomllib.loads(PANEL.read_text())
    members = [panel["moderator"], *panel["debaters"]]
    names = [member["name"] for member in members]
    return [
        (member["id"].replace("-", "_"), _instructions(member, names, place))
        for place, member in enumerate(members)
    ]


def _instructions(member: dict[str, str], names: list[str], place: int) -> str:
    next_name = names[place + 1] if place + 1 < len(names) else names[1]
    rules = _RULES.format(names=", ".join(names), name=member["name"], next_name=next_name)
    return f"{rules}\n\n{member['card'].strip()}"


def speaker(turn: int, seats: int) -> int:
    """The seat that speaks in this turn (from 0): the moderator opens, then round upon round."""
    return 0 if turn == 0 else 1 + (turn - 1) % (seats - 1)
