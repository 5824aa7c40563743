"""Where and by whom a bot may be used, as the settings list it: one rule for every platform. Pure.

What is blocked stays out in any case. Of a list of what is allowed, empty allows everything; people
may be allowed by their own id or by a group's (a Slack user group, a Discord role): one is enough.
"""

from __future__ import annotations

from collections.abc import Collection, Set
from dataclasses import dataclass, field
from enum import Enum, auto

from engine.debate.explained import marked as _


class Verdict(Enum):
    """What the gate says of somebody."""

    ADMITTED = auto()
    REFUSED = auto()
    CANNOT_TELL = auto()
    """Their groups decide, and cannot be read just now: they stay out, and are told why."""


REFUSALS = {
    Verdict.REFUSED: _("The app may not be used here."),
    Verdict.CANNOT_TELL: _(
        "Whether you may use the app could not be told just now; try again in a while. "
        "If it stays so, tell whoever set the app up."
    ),
}
"""What they are told, to be translated."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who wants to use the bot, and where."""

    user: str
    server: str
    """The Slack workspace, or the Discord server; empty: a direct message."""
    channels: tuple[str, ...]
    """The channel, and what it lies in: of a Discord thread, its channel and the category too."""
    groups: Set[str] | None = frozenset()
    """Those that the user belongs to; `None`: they cannot be read just now."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The ids of one kind that are allowed, and those that are blocked."""

    allowed: frozenset[str] = frozenset()
    blocked: frozenset[str] = frozenset()

    @classmethod
    def of(cls, allowed: Collection[str], blocked: Collection[str] = ()) -> Listed:
        """From the settings."""
        return cls(frozenset(allowed), frozenset(blocked))

    def admits(self, *ids: str) -> bool:
        """Whether none of the ids is blocked and, if there is a list, one of them is allowed."""
        found = set(ids)
        return not found & self.blocked and (not self.allowed or bool(found & self.allowed))


EVERYTHING = Listed()


@dataclass(frozen=True, slots=True)
class Gate:
    """The lists of one bot."""

    servers: Listed = EVERYTHING
    channels: Listed = EVERYTHING
    users: Listed = EVERYTHING
    groups: Listed = EVERYTHING
    starters: frozenset[str] = field(default_factory=frozenset)
    """The users and groups who may start debates; empty: whoever may use the bot."""

    def hears(self, server: str, *channels: str) -> bool:
        """Whether the bot may be used at this place at all."""
        return self.servers.admits(server) and self.channels.admits(*channels)

    def admits(self, visitor: Visitor) -> Verdict:
        """Whether they may use the bot there."""
        user, groups = visitor.user, visitor.groups
        if user in self.users.blocked or not self.hears(visitor.server, *visitor.channels):
            return Verdict.REFUSED
        named = user in self.users.allowed
        everyone = not (self.users.allowed or self.groups.allowed)
        if groups is None:
            # Of an unread group nobody can say that it is not the blocked one.
            needed = self.groups.blocked or (self.groups.allowed and not named)
            return Verdict.CANNOT_TELL if needed else _verdict(named or everyone)
        if groups & self.groups.blocked:
            return Verdict.REFUSED
        return _verdict(named or everyone or bool(groups & self.groups.allowed))

    def may_start(self, visitor: Visitor) -> Verdict:
        """Whether they may start a debate there."""
        admitted = self.admits(visitor)
        if admitted is not Verdict.ADMITTED or not self.starters:
            return admitted
        if visitor.user in self.starters:
            return Verdict.ADMITTED
        if visitor.groups is None:
            return Verdict.CANNOT_TELL
        return _verdict(bool(visitor.groups & self.starters))


def _verdict(admitted: bool) -> Verdict:
    return Verdict.ADMITTED if admitted else Verdict.REFUSED
