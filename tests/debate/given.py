"""A small cast, and debates brought to a point by the commands that lead there."""

from __future__ import annotations

from dataclasses import replace

from engine.debate.commands import (
    Actor,
    Command,
    Material,
    RecordSynthesis,
    RecordTurn,
    Spent,
    StartDebate,
    StartHead,
)
from engine.debate.decide import decide
from engine.debate.events import (
    Budget,
    Event,
    HeadReason,
    Person,
    Place,
    Problem,
    Synthesis,
    Usage,
)
from engine.debate.evolve import fold
from engine.debate.panel import Handoff, Panel, Persona, Phrases
from engine.debate.prompt import PROMPT_VERSION
from engine.debate.state import Debate


def _persona(id_: str, name: str) -> Persona:
    return Persona(id_, name, f"The card of {name}.", f"Speak as {name} would.", "🎭", "#808080")


MODERATOR = _persona("mod", "Moderadora")
ADA = _persona("ada", "AI Ada")
BEL = _persona("bel", "AI Bel")
CRI = _persona("cri", "Crítico Mayor")

PANEL = Panel(
    id="small",
    title="A small cast",
    language="en",
    handoff=Handoff.RING,
    rounds=1,
    answer_words=30,
    question_words=12,
    moderator=MODERATOR,
    debaters=(ADA, BEL, CRI),
    phrases=Phrases("No usable answer came.", "What would you add, {name}?"),
)
ES_PANEL = replace(PANEL, language="es")

HOME = Place("web", "room", "1")
ANA = Actor(Person("web:ana", "Ana"), HOME)
BEA = Actor(Person("web:bea", "Bea"), HOME)

MODEL = "model-a"
CONTEXT = 8_192
REFUSED = Problem("no model server answers at {where}", {"where": "http://h"})
CLOSE = Synthesis("All was said.", ("tabs are fine",), ("so are spaces",), ("which?",))


def someone(name: str) -> Actor:
    """A person of this name."""
    return Actor(Person(f"web:{name}", name), HOME)


def start(
    *,
    panel: Panel = PANEL,
    rounds: int | None = None,
    budget: Budget | None = None,
    material: tuple[Material, ...] = (),
) -> StartDebate:
    """Tabs or spaces?"""
    return StartDebate(
        "Tabs or spaces?",
        panel,
        rounds=rounds,
        material=material,
        budget=budget or Budget(),
        panel_hash="abc",
    )


def head(debate: Debate | None = None) -> StartHead:
    """The first head, or the one that the pending cue of `debate` gets."""
    turn = debate.pending.turn if debate and debate.pending else 1
    return StartHead(turn, HeadReason.START, MODEL, PROMPT_VERSION, CONTEXT)


def after(*commands: Command) -> Debate:
    """The debate that these commands lead to, `StartDebate` first."""
    debate: Debate | None = None
    for command in commands:
        debate = fold(debate, decide(debate, command))
    assert debate is not None
    return debate


def more(debate: Debate, *commands: Command) -> Debate:
    """The debate after these commands too."""
    for command in commands:
        debate = fold(debate, decide(debate, command))
    return debate


def events_of(debate: Debate | None, command: Command) -> list[Event]:
    """What `decide` gives."""
    return decide(debate, command)


def speak(
    debate: Debate, words: str = "words", *, tokens: int = 100, seen: int | None = None
) -> RecordTurn:
    """The pending turn, spoken as it should be."""
    cue = debate.pending
    assert cue is not None
    return RecordTurn(
        turn=cue.turn,
        answer=f"{words} of {cue.persona} in turn {cue.turn}.",
        question=f"Question of turn {cue.turn}?" if cue.ask else None,
        next=cue.ask[0] if cue.ask else None,
        seen=debate.n if seen is None else seen,
        spent=Spent(Usage(tokens, 0, tokens), 1, 1.0, context_used=2 * tokens * cue.turn),
    )


def spoken(debate: Debate, turns: int) -> Debate:
    """The debate after so many more turns."""
    for _ in range(turns):
        debate = fold(debate, decide(debate, speak(debate)))
    return debate


def to_the_end(debate: Debate) -> Debate:
    """The debate after its last turn, the synthesis due."""
    while debate.pending is not None and debate.pending.turn:
        debate = spoken(debate, 1)
    return debate


def close(debate: Debate) -> RecordSynthesis:
    """The synthesis, given."""
    return RecordSynthesis(CLOSE, seen=debate.n)
