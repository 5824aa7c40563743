"""Draws a plan from a seed: some worlds are calm, some are rough."""

from __future__ import annotations

import random
from collections.abc import Iterable

from engine.debate.events import Pace
from engine.debate.panel import Handoff
from tests.simulation.plan import (
    BOTS,
    BY_POST,
    DEBATES,
    OF_A_PROCESS,
    WORKERS,
    Deed,
    Fault,
    Kind,
    Plan,
    Start,
    What,
)


def draw(seed: int, debates: int = DEBATES) -> Plan:
    """The plan of a seed."""
    chance = random.Random(seed)  # noqa: S311 - a seeded plan
    starts = [_start(chance, number) for number in range(debates)]
    deeds = [deed for start in starts for deed in _deeds(chance, start)]
    faults = _faults(chance, debates / DEBATES)
    return Plan(seed, (*starts, *deeds, *faults))


def _start(chance: random.Random, number: int) -> Start:
    rule = chance.choices(list(Handoff), [6, 2, 2])[0]
    pace = chance.choices(list(Pace), [8, 1, 1])[0]
    turns = chance.randint(2, 7) if chance.random() < 0.1 else None
    return Start(number, chance.uniform(0.0, 12.0), rule, pace, turns, chance.random() < 0.1)


def _deeds(chance: random.Random, start: Start) -> Iterable[Deed]:
    talk = [What.SAY, What.TAG, What.CORRECT, What.ERASE, What.VOTE, What.MIRROR, What.UNMIRROR]
    seat = [What.SIT, What.SPEAK, What.SPEAK, What.LEAVE]
    steer = [What.PAUSE, What.RESUME, What.NEXT, What.SKIP, What.SUM_UP, What.ROUND, What.PACE]
    for _ in range(chance.choice([0, 0, 1, 2, 3, 6])):
        sort = chance.choices([talk, seat, steer, [What.STOP]], [10, 4, 5, 1])[0]
        yield Deed(
            start.debate,
            start.at_s + chance.uniform(0.0, 25.0),
            chance.choice(sort),
            who=chance.randrange(3),
            pick=chance.randrange(1_000),
            twice=chance.random() < 0.15,
        )


_HOW_MANY = {
    Kind.KILL: 8,
    Kind.FREEZE: 3,
    Kind.STOP: 2,
    Kind.KILL_SENDING: 4,
    Kind.FREEZE_SENDING: 3,
    Kind.KILL_POSTING: 2,
    Kind.FREEZE_POSTING: 2,
    Kind.LOSE: 24,
    Kind.CUT: 14,
    Kind.SLOW: 6,
    Kind.DOWN: 1,
    Kind.MODEL_AWAY: 6,
    Kind.MODEL_BROKEN: 4,
    Kind.MODEL_REFUSES: 1,
    Kind.MODEL_FULL: 1,
    Kind.MODEL_BABBLES: 6,
    Kind.MODEL_CUT: 4,
    Kind.MODEL_SLOW: 3,
    Kind.MODEL_OUT: 1,
    Kind.POST_LOST: 5,
    Kind.POST_UNANSWERED: 6,
    Kind.POST_LATE: 6,
    Kind.POST_LIMITED: 5,
    Kind.POST_RESET: 3,
    Kind.THREAD_REFUSES: 2,
    Kind.UNREADABLE: 3,
}
"""In a world of `DEBATES`."""

_OF = {
    Kind.KILL: 2_500,
    Kind.FREEZE: 2_500,
    Kind.STOP: 2_500,
    Kind.KILL_SENDING: 500,
    Kind.FREEZE_SENDING: 500,
    Kind.KILL_POSTING: 300,
    Kind.FREEZE_POSTING: 300,
    Kind.LOSE: 3_500,
    Kind.CUT: 3_500,
    Kind.SLOW: 3_500,
    Kind.DOWN: 3_500,
}
"""Among so many steps, or commands; for the others, among so many calls or posts a world makes."""
_CALLS = 260


def _faults(chance: random.Random, share: float) -> Iterable[Fault]:
    bots = [f"bot{n}" for n in range(BOTS)]
    hosts = [*(f"worker{n}" for n in range(WORKERS)), *bots]
    for kind, number in _HOW_MANY.items():
        for _ in range(_about(chance, number * share)):
            most = max(30, int(_OF.get(kind, _CALLS) * share))
            host = ""
            if kind in OF_A_PROCESS:
                host = chance.choice(bots if kind in BY_POST else hosts)
            yield Fault(kind, chance.randrange(1, most), host, _seconds(chance, kind))


def _about(chance: random.Random, number: float) -> int:
    """Some worlds are calm, some are rough."""
    return int(number * chance.choice([0.0, 0.5, 1.0, 1.0, 1.5, 2.0]) + chance.random())


def _seconds(chance: random.Random, kind: Kind) -> float:
    """How long it lasts; of a process that is killed or stopped, until there is another."""
    if kind in (Kind.FREEZE, Kind.FREEZE_SENDING, Kind.FREEZE_POSTING):
        return chance.choice([chance.uniform(0.5, 4.0), chance.uniform(10.5, 30.0)])
    if kind in OF_A_PROCESS:
        return chance.choice([0.1, 1.0, chance.uniform(0.1, 15.0)])
    return chance.choice(_LASTS.get(kind, [0.0]))


_LASTS = {
    Kind.SLOW: [0.5, 3.0, 12.0],
    Kind.DOWN: [0.2, 2.0, 15.0],
    Kind.MODEL_SLOW: [3.0, 8.0, 25.0],
    Kind.MODEL_OUT: [5.0, 40.0, 90.0],
    Kind.POST_LIMITED: [0.0, 1.0, 5.0],
    Kind.THREAD_REFUSES: [1.0, 6.0, 20.0],
}
