"""Debates spoken in and steered from the command line."""

from __future__ import annotations

import getpass

from deploy.cli.admin.debates import PHASES
from deploy.cli.output import Answer, translation
from engine.bootstrap import Premises
from engine.debate.commands import (
    Actor,
    PauseDebate,
    ResumeDebate,
    Say,
    SkipTurn,
    Steer,
    StopDebate,
)
from engine.debate.events import Person
from engine.debate.explained import Explained
from engine.debate.state import Debate

STEERS: dict[str, Steer] = {
    "pause": PauseDebate(),
    "resume": ResumeDebate(),
    "skip": SkipTurn(),
    "stop": StopDebate(),
}


class NoSuchPersona(Explained):
    """Nobody in this debate has that id."""


async def steered(at: Premises, debate: str, how: str) -> Answer:
    """Steers it; who runs the deployment may.

    Raises:
        Rejected, UnknownDebate
    """
    return _told(debate, await at.debates.submit(debate, STEERS[how]))


async def said(at: Premises, debate: str, text: str, to: str | None, name: str | None) -> Answer:
    """Says something in it, in one's own name.

    Raises:
        Rejected, UnknownDebate, NoSuchPersona
    """
    standing = await at.debates.load(debate)
    personas = [seat.id for seat in standing.started.seats]
    if to is not None and to not in personas:
        raise NoSuchPersona(
            "nobody there is called {to}; choose one of {known}", to=to, known=", ".join(personas)
        )
    user = getpass.getuser()
    by = Actor(Person(f"cli:{user}", name or user), manages=True)
    return _told(debate, await at.debates.submit(debate, Say(by, text, to)))


def _told(name: str, debate: Debate) -> Answer:
    translate = translation()
    state = translate(PHASES[debate.phase])
    if debate.paused:
        state = f"{state}, {translate('paused')}"
    data = {"debate": name, "phase": debate.phase, "paused": debate.paused, "events": debate.n}
    return Answer(data, [f"{name}: {state}"])
