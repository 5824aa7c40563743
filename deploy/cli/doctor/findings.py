"""What a probe finds: whether it is well, and if not, why that matters and how to mend it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from engine.debate.explained import Explained
from engine.debate.panel import Language
from engine.ports.clock import Clock
from engine.settings import Settings


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARN = "warn"
    """Debates are held, and something is lost or slow."""
    FAIL = "fail"
    """Debates are not held, or may be lost."""


Mending = Callable[[], Awaitable[None]]
"""Does what `mend` says; may raise `Explained`."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    about: str
    """The same in every language: `redis.aof`."""
    level: Level
    what: Explained
    why: Explained | None = None
    mend: Explained | None = None
    mending: Mending | None = None
    """For `--fix`."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is to be looked at."""

    settings: Settings
    clock: Clock
    language: Language
    panels: tuple[str, ...] = ()
    """Files and names, besides the panels that come along."""
    slack_channel: str | None = None
    """Where to post; `None`: the first that the app is in."""
    discord_channel: str | None = None


Probe = Callable[[Asked], AsyncIterator[Finding]]
"""What it raises of `Explained` is a finding too."""


def ok(about: str, what: Explained) -> Finding:
    """It is well."""
    return Finding(about, Level.OK, what)


def warn(
    about: str, what: Explained, why: Explained, mend: Explained, mending: Mending | None = None
) -> Finding:
    """It might be better."""
    return Finding(about, Level.WARN, what, why, mend, mending)


def fail(
    about: str, what: Explained, why: Explained, mend: Explained, mending: Mending | None = None
) -> Finding:
    """It does not do."""
    return Finding(about, Level.FAIL, what, why, mend, mending)
