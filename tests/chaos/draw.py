"""Draws a plan of faults from a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from tests.chaos.moments import ANY, DISCORD, MODEL, OF_BOTS, OF_WORKERS, REDIS, SLACK
from tests.chaos.plan import Fault, Kind, Side

LEASE_S = 2.0
PER_MINUTE = 100.0
"""Faults in the plan; one of them may happen several times over."""

_POST = {SLACK: "post in Slack", DISCORD: "post in Discord"}


class Drawing:
    """Draws one plan."""

    def __init__(self, seed: int, programs: Sequence[str], *, replicated: bool) -> None:
        """`programs`: the names of the workers and bots; `replicated`: the store has a replica."""
        self._chance = random.Random(seed)  # noqa: S311 - it is to be drawn again
        self._programs = programs
        stores = [REDIS, "replica"] if replicated else [REDIS]
        self._mortal = [*programs, *programs, *stores, MODEL]
        self._sorts = [self._kill] * 24 + [self._freeze] * 8 + [self._wire] * 30
        self._sorts += [self._model] * 14 + [self._platform] * 20 + [self._store] * 2
        if replicated:
            self._sorts += [self._failover] * 2

    def plan(self, seconds: float, per_minute: float = PER_MINUTE) -> Iterator[Fault]:
        """The faults of so many seconds, in their order."""
        at_s = 0.0
        while (at_s := at_s + self._chance.expovariate(per_minute / 60)) < seconds:
            yield self._chance.choice(self._sorts)(round(at_s, 2))

    def _kill(self, at_s: float) -> Fault:
        on = self._chance.choice(self._mortal)
        moment, side = self._moment_of(on)
        return Fault(at_s, Kind.KILL, on, moment, side)

    def _freeze(self, at_s: float) -> Fault:
        on = self._chance.choice(self._mortal)
        moment, side = self._moment_of(on)
        # A server that stands still keeps everybody waiting: no longer than it takes to notice.
        for_s = self._between(1.5, 4.0) * LEASE_S if on in self._programs else self._between(0.5, 5)
        return Fault(at_s, Kind.FREEZE, on, moment, side, for_s)

    def _wire(self, at_s: float) -> Fault:
        pick = self._chance.random()
        if pick < 0.06:
            for_s = self._between(1.0, 4.0) * LEASE_S
            return Fault(at_s, Kind.PARTITION, self._chance.choice(self._programs), for_s=for_s)
        kind = self._chance.choice([Kind.CUT, Kind.LOSE, Kind.LOSE, Kind.SLOW])
        on = self._chance.choice(self._programs)
        moment = f"{ANY} of {REDIS}" if pick < 0.3 else self._chance.choice(_asked_by(on))
        side = Side.BEFORE if kind is Kind.CUT else Side.AFTER
        for_s = self._between(0.1, 3.0) if kind is Kind.SLOW else 0.0
        return Fault(at_s, kind, on, moment, side, for_s, self._chance.randint(1, 6))

    def _model(self, at_s: float) -> Fault:
        kinds = [Kind.LIMIT, Kind.FAIL, Kind.BREAK_OFF, Kind.BABBLE, Kind.SLOW, Kind.CUT, Kind.LOSE]
        kind = self._chance.choice(kinds)
        for_s = self._between(0.5, 6.0) if kind is Kind.SLOW else 0.0
        side = Side.BEFORE if kind in (Kind.CUT, Kind.LIMIT, Kind.FAIL) else Side.AFTER
        return Fault(at_s, kind, "*", "reply", side, for_s, self._chance.randint(1, 4))

    def _platform(self, at_s: float) -> Fault:
        town = self._chance.choice([SLACK, DISCORD])
        pick = self._chance.random()
        if pick < 0.04:
            return Fault(at_s, Kind.OUTAGE, town, for_s=self._between(1.0, 6.0))
        if pick < 0.3:
            kind = self._chance.choice([Kind.DOUBLE, Kind.TURN_ROUND, Kind.HANG_UP])
            return Fault(at_s, kind, town, times=self._chance.randint(2, 5))
        kinds = [Kind.LIMIT, Kind.FAIL, Kind.FAIL_AFTER, Kind.LOSE, Kind.CUT, Kind.LATE, Kind.SLOW]
        kind = self._chance.choice(kinds)
        before = (Kind.LIMIT, Kind.FAIL, Kind.CUT, Kind.LATE)
        side = Side.BEFORE if kind in before else Side.AFTER
        for_s = self._between(0.1, 1.5) if kind in (Kind.LATE, Kind.SLOW) else 0.0
        moment = _POST[town] if self._chance.random() < 0.7 else f"{ANY} of {town}"
        return Fault(at_s, kind, "*", moment, side, for_s, self._chance.randint(1, 5))

    def _store(self, at_s: float) -> Fault:
        return Fault(at_s, Kind.FULL, REDIS, for_s=self._between(0.5, 4.0))

    def _failover(self, at_s: float) -> Fault:
        return Fault(at_s, Kind.FAILOVER, REDIS)

    def _moment_of(self, on: str) -> tuple[str, Side]:
        """Aimed, or at any moment."""
        if on not in self._programs or self._chance.random() < 0.3:
            return "", Side.AFTER
        return self._chance.choice(_asked_by(on)), self._chance.choice(list(Side))

    def _between(self, least: float, most: float) -> float:
        return round(self._chance.uniform(least, most), 2)


def _asked_by(program: str) -> tuple[str, ...]:
    """The moments of this process; posts are what most depends on."""
    kind = program.partition("-")[0]
    return OF_WORKERS if kind == "worker" else (*OF_BOTS, *[_POST[kind]] * 4)
