"""What a form or a button asks for, in the words of the desk and the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from bots.chat.desk import Asker
from bots.chat.grammar import Options, Start
from bots.webroom.bodies import text, whole_number
from bots.webroom.refusals import Refused
from engine.debate.commands import (
    Actor,
    AddRound,
    CallNext,
    CastVote,
    Correct,
    Erase,
    LeaveSeat,
    PauseDebate,
    ResumeDebate,
    SetPace,
    SkipTurn,
    SpeakSeat,
    Steer,
    StopDebate,
    SumUp,
    TakeSeat,
    Talk,
)
from engine.debate.events import Pace, Vote
from engine.debate.panel import Handoff

KEY_CHARS = 64

Fields = Mapping[str, Any]

_Choice = TypeVar("_Choice", Handoff, Pace)

_STEER: dict[str, Callable[[Actor], Steer]] = {
    "pause": PauseDebate,
    "resume": ResumeDebate,
    "next": CallNext,
    "skip": SkipTurn,
    "summary": SumUp,
    "round": AddRound,
    "stop": StopDebate,
}


def action(given: Fields, who: Asker) -> Talk | Steer:
    """The command that `given` names in `do`, with what it needs.

    Raises:
        Refused: there is no such command, or something that it needs is missing.
    """
    name = text(given, "do")
    if name in _STEER:
        return _STEER[name](who.actor)
    build = _BUILD.get(name)
    if build is None:
        raise Refused("There is nothing called {name} to do here.", name=name)
    return build(given, who)


def opening(given: Fields) -> Start:
    """What the first page's form asks for.

    Raises:
        Refused: there is no such rule or pace.
    """
    handoff, pace = text(given, "handoff"), text(given, "pace")
    return Start(
        text(given, "topic"),
        Options(
            panel=text(given, "panel") or None,
            rounds=None if given.get("rounds") is None else whole_number(given, "rounds"),
            rule=_one_of(Handoff, handoff) if handoff else None,
            pace=_one_of(Pace, pace) if pace else None,
        ),
    )


def key(given: Fields) -> str:
    """The browser's name for a request; empty where it gives none.

    Raises:
        Refused: it is too long.
    """
    named = text(given, "key")
    if len(named) > KEY_CHARS:
        raise Refused("The key is too long.")
    return named


def message_id(given: Fields, who: Asker) -> str | None:
    """The id of what a person writes: no two people's are the same."""
    named = key(given)
    return f"{who.person.id}:{named}" if named else None


def payloads(given: Fields, who: Asker) -> list[str]:
    """Names the request, so that one that the browser sends again does nothing twice."""
    named = key(given)
    return [f"{who.person.id}:{named}"] if named else []


def _vote(given: Fields, who: Asker) -> CastVote:
    vote = whole_number(given, "vote")
    if vote not in (-1, 0, 1):
        raise Refused("A vote is 1, -1 or 0.")
    return CastVote(who.actor, whole_number(given, "turn"), cast(Vote, vote))


def _speak(given: Fields, who: Asker) -> SpeakSeat:
    return SpeakSeat(
        who.actor,
        text(given, "answer"),
        text(given, "question") or None,
        text(given, "next") or None,
        message_id(given, who),
        whole_number(given, "turn"),
    )


def _one_of(kind: type[_Choice], value: str) -> _Choice:
    try:
        return kind(value)
    except ValueError:
        raise Refused("{value} cannot be chosen here.", value=value) from None


_BUILD: dict[str, Callable[[Fields, Asker], Talk | Steer]] = {
    "pace": lambda given, who: SetPace(_one_of(Pace, text(given, "pace")), who.actor),
    "vote": _vote,
    "take_seat": lambda given, who: TakeSeat(who.actor, text(given, "seat")),
    "leave_seat": lambda _, who: LeaveSeat(who.actor),
    "speak": _speak,
    "correct": lambda given, who: Correct(who.actor, text(given, "message"), text(given, "text")),
    "erase": lambda given, who: Erase(who.actor, text(given, "message")),
}
