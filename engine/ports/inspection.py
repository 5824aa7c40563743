"""Inspection: what whoever looks after a deployment sees of it. Nothing here changes anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from engine.debate.allowance import Used
from engine.ports.roll import Report


@dataclass(frozen=True, slots=True)
class Server:
    """The store's server, as it says of itself."""

    name: str
    """`Redis` or `Valkey`."""
    version: str
    memory_bytes: int
    warnings: Sequence[str]
    """What may lose debates, in words for whoever runs the server."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A stream of work: wake-ups for workers, or a platform's mail for its bots."""

    waiting: int
    """Entries that nobody has taken yet."""
    held: int
    """Entries that somebody has taken and is at work on."""
    oldest_ms: int
    """How long the first of those that wait has waited; 0: none waits."""


@dataclass(frozen=True, slots=True)
class Wakeup:
    """A debate in the queue."""

    debate: str
    entry: str
    queued_ms: int
    """When: Unix time, milliseconds."""
    holder: str | None
    """The worker that has it; `None`: it waits."""
    deliveries: int


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A wake-up that kept failing and was taken out of the queue."""

    entry: str
    debate: str
    why: str
    buried_ms: int


@dataclass(frozen=True, slots=True)
class WorkerSeen:
    """A worker, alive or not."""

    name: str
    idle_ms: int
    """Since it last asked for work."""
    report: Report | None
    """How it said that it is; `None`: it has not answered for half a minute, and may be dead."""
    draining: bool
    """It was asked to finish and stop."""
    holds: Sequence[str]
    """Debates."""


@dataclass(frozen=True, slots=True)
class BotSeen:
    """A process that posts to a platform's threads."""

    name: str
    platform: str
    idle_ms: int
    """Since it last asked for mail."""
    holds: int
    """Threads."""


@dataclass(frozen=True, slots=True)
class OpenDebate:
    """A debate that is not closed."""

    debate: str
    started_ms: int
    holder: str | None
    """The worker that lets it speak now."""
    due_ms: int | None
    """It waits until then: Unix time, milliseconds."""


@dataclass(frozen=True, slots=True)
class AccountSeen:
    """What a workspace or a channel has used on a day, and its own limits."""

    workspace: str
    channel: str | None
    """`None`: it is the workspace's."""
    used: Used
    started: int
    """Debates."""
    open: int
    """Debates, now."""
    own: Mapping[str, float | None]
    """Limits of its own by name, before those of the settings; `None` there: no limit."""


class Inspection(Protocol):
    """What is seen of one shard. Every call may raise `StoreAway`."""

    async def server(self) -> Server:
        """The store's server."""
        ...

    async def queue(self) -> Waiting:
        """The wake-ups, counted."""
        ...

    async def wakeups(self, most: int) -> list[Wakeup]:
        """The wake-ups, the oldest first."""
        ...

    async def timers(self) -> tuple[int, int | None]:
        """How many debates wait for a time, and when the first is due: Unix time, milliseconds."""
        ...

    async def dead(self, most: int) -> list[DeadLetter]:
        """The dead letters, the latest first."""
        ...

    async def count_dead(self) -> int:
        """How many dead letters there are."""
        ...

    async def mail(self) -> dict[str, Waiting]:
        """Each platform's mail, counted."""
        ...

    async def workers(self) -> list[WorkerSeen]:
        """Those who take wake-ups, by name."""
        ...

    async def bots(self) -> list[BotSeen]:
        """Those who take mail, by name."""
        ...

    async def open_debates(self) -> list[OpenDebate]:
        """Those that are not closed, the latest first."""
        ...

    async def accounts(self, day: str) -> list[AccountSeen]:
        """The accounts of a day (`2026-11-23`, by UTC), and those that have limits of their own."""
        ...
