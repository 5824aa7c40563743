"""What goes wrong in a run, and when: a list of faults, drawn from a seed.

Each fault can be left out, so a plan that shows a failure can be made smaller until every fault
that is left is needed. A plan is kept and read as JSON, one fault a line.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pydantic import TypeAdapter


class Kind(StrEnum):
    """What goes wrong."""

    KILL = "kill"
    """kill -9; whoever looks after the process starts it again."""
    FREEZE = "freeze"
    """SIGSTOP for longer than the lease, then SIGCONT."""
    CUT = "cut"
    """The connection breaks before what is asked has come there."""
    LOSE = "lose"
    """What is asked is done; its answer is lost, and the connection with it."""
    SLOW = "slow"
    """The answer takes its time."""
    LATE = "late"
    """The connection breaks, and what was asked comes there all the same, a while later."""
    LIMIT = "limit"
    """429, and when to come again; nothing was done."""
    FAIL = "fail"
    """500; nothing was done."""
    FAIL_AFTER = "fail after"
    """500, though it was done."""
    BREAK_OFF = "break off"
    """The answer breaks off in its middle."""
    BABBLE = "babble"
    """The answer is no answer."""
    PARTITION = "partition"
    """A process reaches nothing and nobody, and is not told so."""
    FULL = "full"
    """The store takes no more writes (maxmemory, noeviction)."""
    FAILOVER = "failover"
    """The store's server is killed, and its replica takes its place."""
    OUTAGE = "outage"
    """A platform stands still."""
    DOUBLE = "double"
    """A platform tells of what people do twice."""
    TURN_ROUND = "turn round"
    """A platform tells of it in the wrong order."""
    HANG_UP = "hang up"
    """A platform ends all the connections over which it tells."""


class Side(StrEnum):
    """On which side of what a process asks for a fault falls."""

    BEFORE = "before"
    """It has been sent, and has not come there."""
    AFTER = "after"
    """It is done, and its answer has not come back."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong, or the same one `times` over."""

    at_s: float
    """Since the storm began. An aimed fault waits for its moment from then on."""
    kind: Kind
    on: str
    """A process (`worker-1`), a service that is asked something (`redis`), or `*`."""
    moment: str = ""
    """What has to be asked for it to happen, of `moments.MOMENTS`; empty: at once."""
    side: Side = Side.AFTER
    for_s: float = 0.0
    times: int = 1

    def __str__(self) -> str:
        moment = f", {self.side} {self.moment}" if self.moment else ""
        lasts = f", {self.for_s:.1f} s" if self.for_s else ""
        times = f", {self.times} times" if self.times > 1 else ""
        return f"{self.at_s:7.1f} s  {self.kind} {self.on}{moment}{lasts}{times}"


_FAULT = TypeAdapter(Fault)


def written(faults: Iterable[Fault], to: Path) -> None:
    """Keeps a plan."""
    to.write_bytes(b"".join(_FAULT.dump_json(fault) + b"\n" for fault in faults))


def read(file: Path) -> list[Fault]:
    """A plan that was kept."""
    return [_FAULT.validate_json(line) for line in file.read_bytes().splitlines()]
