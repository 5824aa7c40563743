"""The panel of eight seats that simulated debates are held by, and who and where its people are."""

from __future__ import annotations

from dataclasses import replace

from engine.debate.commands import Actor
from engine.debate.events import Person, Place
from engine.debate.panel import Handoff, Panel, Persona, Phrases
from tests.simulation.plan import SEATS

SHARD = "sim"
PLATFORM = "sim"
WORKSPACE = f"{PLATFORM}:W1"


def _persona(number: int) -> Persona:
    name = f"Persona {number}"
    return Persona(f"p{number}", name, f"The card of {name}.", "Speak plainly.", "🎭", "#808080")


PANEL = Panel(
    id="eight",
    title="Eight seats",
    language="en",
    handoff=Handoff.RING,
    rounds=1,
    answer_words=30,
    question_words=12,
    moderator=_persona(0),
    debaters=tuple(_persona(number) for number in range(1, SEATS)),
    phrases=Phrases("No usable answer came.", "What would you add, {name}?"),
)
PANELS = {rule: replace(PANEL, handoff=rule) for rule in Handoff}
PERSONAS = [persona.id for persona in PANEL.personas]
DEBATERS = PERSONAS[1:]


def home(debate: int) -> Place:
    """The thread that this debate is at home in."""
    return Place(WORKSPACE, f"C{debate % 5}", str(debate))


def mirror(debate: int) -> Place:
    """Another thread, which may come to show it."""
    return Place(WORKSPACE, "C9", f"{debate}m")


def actor(debate: int, who: int) -> Actor:
    """Somebody in the home thread: the first starts it, the last manages the channel."""
    return Actor(Person(f"{WORKSPACE}:u{who}", f"Person {who}"), home(debate), manages=who == 2)
