"""What goes on in a shard before its sample is taken: debates at every point that one can be at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from engine.adapters.redis_keys import new_debate_id
from engine.debate.commands import (
    AddRound,
    Attach,
    CallNext,
    CastVote,
    Command,
    Correct,
    EndMirror,
    Erase,
    LeaveSeat,
    Material,
    OpenMirror,
    PassTime,
    PauseDebate,
    RecordSynthesis,
    ReportModelAway,
    ReportQueued,
    ResumeDebate,
    Review,
    Say,
    SetPace,
    SkipTurn,
    SpeakSeat,
    StartDebate,
    StartHead,
    SumUp,
    TakeSeat,
)
from engine.debate.events import HeadReason, Pace
from engine.debate.folded import EVERY
from engine.debate.panel import Handoff
from engine.debate.prompt import PROMPT_VERSION
from engine.debate.state import Debate
from tests.debate.given import CLOSE, CONTEXT, MODEL, REFUSED, head, speak
from tests.upgrade.house import CAST, House, ana, bea, thread

Step = Command | Callable[[Debate], Command]
LONG = " ".join(f"palabra{n:03}" for n in range(120))


def turn(debate: Debate) -> int:
    """Who is called on now."""
    assert debate.pending is not None
    return debate.pending.turn


def review(debate: Debate) -> Command:
    return Review(turn(debate))


def summary(debate: Debate) -> Command:
    return RecordSynthesis(CLOSE, seen=debate.n)


def overflow(debate: Debate) -> Command:
    reason, so_far = HeadReason.OVERFLOW, "So far: tabs."
    return StartHead(turn(debate), reason, MODEL, PROMPT_VERSION, CONTEXT, summary=so_far)


BEGUN: tuple[Step, ...] = (head, speak)
"""The moderator has opened."""
SEVEN: tuple[Step, ...] = (head, speak, speak, speak, speak, speak, speak, speak)
"""Everybody has spoken; the close is due."""

WORDS: tuple[Step, ...] = (
    *BEGUN,
    Say(bea("talk"), "¿Y los espacios?", message="m1"),
    Correct(bea("talk"), "m1", "¿Y los espacios en blanco?"),
    Say(bea("talk"), "A secret of mine.", message="m2"),
    Erase(bea("talk"), "m2"),
    speak,
    CastVote(bea("talk"), 2, 1),
    CastVote(ana("talk"), 2, -1),
    Attach(bea("talk"), Material("notes.txt", "Tabs are wide."), message="m3"),
    Say(bea("talk"), "Ada, is that all?", to="ada", message="m4"),
    review,
    speak,
    SumUp(ana("talk")),
    review,
    summary,
    EndMirror(ana("talk"), thread("mirror ended")),
    lambda debate: ReportQueued(turn(debate), 2),
    lambda debate: ReportModelAway(turn(debate), 1_700_000_000_000, REFUSED),
)
STEERED: tuple[Step, ...] = (
    *BEGUN,
    SetPace(Pace.STEP, ana("steered")),
    speak,
    CallNext(ana("steered")),
    SkipTurn(ana("steered")),
    AddRound(ana("steered")),
    CallNext(ana("steered")),
    overflow,
    speak,
)
SEATS: tuple[Step, ...] = (
    *BEGUN,
    TakeSeat(ana("seats"), "cri"),
    TakeSeat(bea("seats"), "ada"),
    review,
    SpeakSeat(bea("seats"), "I would use both.", "And you?", "bel", message="s1"),
    LeaveSeat(bea("seats")),
    TakeSeat(bea("seats"), "bel"),
    review,
    lambda debate: PassTime(turn(debate)),
    lambda debate: PassTime(turn(debate)),
    speak,
    lambda debate: PassTime(turn(debate)),
)
PAUSED: tuple[Step, ...] = (*BEGUN, PauseDebate(ana("paused")), speak)
RESUMED: tuple[Step, ...] = (
    *BEGUN,
    PauseDebate(ana("resumed")),
    ResumeDebate(ana("resumed")),
    Say(bea("resumed"), "Bel, what of it?", to="bel", message="r1"),
    review,
)
CLOSED: tuple[Step, ...] = (*SEVEN, summary, Say(bea("closed"), "Late?", message="c1"))
REOPENED: tuple[Step, ...] = (
    *SEVEN,
    summary,
    AddRound(ana("reopened")),
    speak,
)


class Course:
    """Debates in a house, brought to a point by the commands that lead there."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def start(self, name: str, *steps: Step, handoff: Handoff = Handoff.RING) -> str:
        """A debate at home in the thread of this name."""
        debate = new_debate_id(self._house.shard)
        panel = replace(CAST, handoff=handoff)
        material = (Material("plan.md", "# Plan\n\nIndent «ñ»."),)
        start = StartDebate(f"Tabs or spaces, {name}?", panel, by=ana(name), material=material)
        await self._house.door.start(debate, start, [f"start of {name}"])
        await self.go_on(debate, *steps)
        return debate

    async def go_on(self, debate: str, *steps: Step) -> Debate:
        """What is said and done next."""
        door = self._house.door
        state = await door.load(debate)
        for step in steps:
            command = step(state) if callable(step) else step
            before, state = state, (await door.handle(debate, state, command)).debate
            assert state.n > before.n, f"nothing came of {command}"
        return state

    async def mirror(self, debate: str, name: str) -> None:
        """It is shown in this thread too."""
        await self._house.places.bind(thread(name), debate)
        await self.go_on(debate, OpenMirror(ana(name), thread(name)))

    async def talk_for_long(self, debate: str) -> None:
        """Until it is stored how it stands, and a little longer."""
        state = await self._house.door.load(debate)
        votes = [CastVote(bea("long"), 1, 1), CastVote(bea("long"), 1, -1)] * EVERY
        await self.go_on(debate, *votes[: EVERY - state.n + 5])


def words(debate: Debate) -> Command:
    """A turn that no message holds."""
    return speak(debate, LONG)
