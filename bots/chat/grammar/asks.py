"""What can be asked for, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from engine.debate.events import Pace, Steering, Vote
from engine.debate.panel import Handoff, Language


class Verb(StrEnum):
    """A command; how it is written is in `bots.chat.grammar.verbs`."""

    START = "start"
    STATUS = "status"
    PAUSE = "pause"
    RESUME = "resume"
    NEXT = "next"
    SKIP = "skip"
    SUMMARY = "summary"
    ANOTHER = "another"
    PACE = "pace"
    STOP = "stop"
    SEAT = "seat"
    VOTE = "vote"
    MIRROR = "mirror"
    EXPORT = "export"
    PANELS = "panels"
    SETTINGS = "settings"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Options:
    """How a debate is to be held; `None`: nothing was said of it."""

    panel: str | None = None
    """A panel's id, or what its translations share of it: `ai` for `ai-en` and `ai-es`."""
    rounds: int | None = None
    rule: Handoff | None = None
    language: Language | None = None
    pace: Pace | None = None
    steering: Steering | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """Start a debate."""

    topic: str
    """Empty: none was given, and a form can ask for it."""
    options: Options = field(default_factory=Options)
    seats: tuple[str, ...] = ()
    """The debaters who take part, by id or name; empty: all of the panel's. A form can ask."""


@dataclass(frozen=True, slots=True)
class Control:
    """A command without arguments: one of those that are no type of their own here."""

    verb: Verb


@dataclass(frozen=True, slots=True)
class SetPace:
    """Change the pace."""

    pace: Pace


@dataclass(frozen=True, slots=True)
class TakeSeat:
    """Speak for a persona."""

    name: str
    """As typed."""


@dataclass(frozen=True, slots=True)
class LeaveSeat:
    """Give the seat back."""


@dataclass(frozen=True, slots=True)
class VoteOn:
    """Like a turn, or not."""

    turn: int
    vote: Vote


@dataclass(frozen=True, slots=True)
class MakeMirror:
    """A code that lets another thread show this debate."""


@dataclass(frozen=True, slots=True)
class CodeMirror:
    """Show here the debate that this code was made for."""

    code: str


@dataclass(frozen=True, slots=True)
class EndMirror:
    """Show the other debate here no longer."""


@dataclass(frozen=True, slots=True)
class Export:
    """The transcript as files."""

    form: str | None = None
    """`md`, `json` or `html`; `None`: all three."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How the channel's debates start: show it, or change what is given."""

    options: Options = field(default_factory=Options)
    reset: bool = False
    """Forget what was set before."""


@dataclass(frozen=True, slots=True)
class Help:
    """What can be written here."""

    about: Verb | None = None


Ask = (
    Start
    | Control
    | SetPace
    | TakeSeat
    | LeaveSeat
    | VoteOn
    | MakeMirror
    | CodeMirror
    | EndMirror
    | Export
    | Settings
    | Help
)
