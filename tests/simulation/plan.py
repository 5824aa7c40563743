"""What befalls one simulated world: its debates, its people, its faults.

A plan is a list of items, each of which can be left out. So a failing plan can be made smaller
until every item that is left is needed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from engine.debate.events import Pace
from engine.debate.panel import Handoff

DEBATES = 24
"""In one world."""
WORKERS = 3
BOTS = 2
SEATS = 8
STORM_S = 45.0
"""Faults come for so long; then all is mended."""


class Kind(StrEnum):
    """What goes wrong."""

    KILL = "kill"
    FREEZE = "freeze"
    STOP = "stop"
    """Asked to end in good order, as a deployment does."""
    KILL_SENDING = "kill_sending"
    """As it has sent a command, which runs."""
    FREEZE_SENDING = "freeze_sending"
    KILL_POSTING = "kill_posting"
    """As it has begun to post; what is written lands."""
    FREEZE_POSTING = "freeze_posting"
    LOSE = "lose"
    """A command runs, its answer is lost."""
    CUT = "cut"
    """The connection breaks before a command runs."""
    SLOW = "slow"
    DOWN = "down"
    """The store restarts: all connections break, its scripts are forgotten."""
    MODEL_AWAY = "model_away"
    MODEL_BROKEN = "model_broken"
    """It breaks off in mid-reply."""
    MODEL_REFUSES = "model_refuses"
    MODEL_FULL = "model_full"
    """The prompt does not fit."""
    MODEL_BABBLES = "model_babbles"
    MODEL_CUT = "model_cut"
    MODEL_SLOW = "model_slow"
    MODEL_OUT = "model_out"
    """Nobody answers there for a while."""
    POST_LOST = "post_lost"
    """It never lands, and nobody says so."""
    POST_UNANSWERED = "post_unanswered"
    """It lands, and nobody says so."""
    POST_LATE = "post_late"
    """It is said to have failed, and lands after all."""
    POST_LIMITED = "post_limited"
    POST_RESET = "post_reset"
    THREAD_REFUSES = "thread_refuses"
    """For a while, a thread takes nothing."""
    UNREADABLE = "unreadable"
    """A thread cannot be read back just now."""


BY_STEP = (Kind.KILL, Kind.FREEZE, Kind.STOP)
BY_COMMAND = (Kind.KILL_SENDING, Kind.FREEZE_SENDING)
BY_POST = (Kind.KILL_POSTING, Kind.FREEZE_POSTING)
OF_A_PROCESS = (*BY_STEP, *BY_COMMAND, *BY_POST)
"""They befall one process, and are counted by what it does itself."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong."""

    kind: Kind
    at: int
    """The process's own step, command or post; or, of all, the command, model call or post."""
    host: str = ""
    """Which process, where it is one that is hit."""
    for_s: float = 0.0

    def __str__(self) -> str:
        return f"{self.kind} {self.host} at {self.at} for {self.for_s:.1f} s".replace("  ", " ")


class What(StrEnum):
    """What people do."""

    SAY = "say"
    TAG = "tag"
    CORRECT = "correct"
    ERASE = "erase"
    VOTE = "vote"
    SIT = "sit"
    SPEAK = "speak"
    LEAVE = "leave"
    PAUSE = "pause"
    RESUME = "resume"
    NEXT = "next"
    SKIP = "skip"
    SUM_UP = "sum_up"
    ROUND = "round"
    PACE = "pace"
    STOP = "stop"
    MIRROR = "mirror"
    UNMIRROR = "unmirror"


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that somebody does in a debate's thread."""

    debate: int
    at_s: float
    what: What
    who: int
    pick: int
    """Which persona, message, turn or pace it is about."""
    twice: bool = False
    """The platform delivers it twice."""

    def __str__(self) -> str:
        return f"debate {self.debate}: person {self.who} does {self.what} at {self.at_s:.2f} s"


@dataclass(frozen=True, slots=True)
class Start:
    """A debate that somebody starts."""

    debate: int
    at_s: float
    handoff: Handoff
    pace: Pace
    turns: int | None
    """Its budget."""
    twice: bool = False

    def __str__(self) -> str:
        return f"debate {self.debate}: {self.handoff}, {self.pace}, from {self.at_s:.2f} s"


Item = Fault | Deed | Start


@dataclass(frozen=True, slots=True)
class Plan:
    """All that befalls one world."""

    seed: int
    items: tuple[Item, ...]

    @property
    def faults(self) -> list[Fault]:
        return [item for item in self.items if isinstance(item, Fault)]

    @property
    def deeds(self) -> list[Deed]:
        return [item for item in self.items if isinstance(item, Deed)]

    @property
    def starts(self) -> list[Start]:
        return [item for item in self.items if isinstance(item, Start)]

    def count(self) -> Counter[str]:
        """How many of each sort."""
        return Counter(fault.kind.value for fault in self.faults)
