"""After the storm: nothing goes wrong any more, and everything must come to rest by itself.

What only a person can say is said for them: go on, next. All else is the engine's.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Iterator

from engine.debate.commands import CallNext, Rejected, ResumeDebate, Steer, StopDebate
from engine.debate.pace import due_in_s
from engine.debate.state import Debate, Phase
from engine.ports.store import StoreAway
from engine.runtime.door import Door
from tests.simulation.cast import actor
from tests.simulation.processes import Outside, door_of
from tests.simulation.redis_client import simulated_client
from tests.simulation.rest import left_over
from tests.simulation.witness import Broken, Witness

LOOK_S = 1.0
LONG = 300
"""A debate with more events than this is stopped by hand."""


async def come_to_rest(
    outside: Outside, witness: Witness, going: Callable[[], Iterable[str]], patience_s: float
) -> None:
    """Waits until nothing is going on, here or by what `going` says, and nothing is queued.

    Raises:
        Broken: so many seconds later, something still is.
    """
    door = door_of(simulated_client(outside.redis), outside)
    until = outside.loop.time() + patience_s
    while left := [*going(), *_still_going(outside, witness)]:
        if outside.loop.time() > until:
            raise Broken(f"it does not come to rest: {'; '.join(left[:5])}")
        await asyncio.sleep(LOOK_S)
        for seen in list(witness.debates.values()):
            if seen.debate is not None and (command := _what_people_say(seen.debate)):
                await _nudge(door, seen.id, command)


def _still_going(outside: Outside, witness: Witness) -> Iterator[str]:
    for seen in witness.debates.values():
        if seen.debate is not None and not seen.at_rest:
            phase, paused, cue = seen.debate.phase, seen.debate.paused, seen.debate.pending
            yield f"{seen.id} is {phase}, {paused=}, {cue}"
    yield from left_over(outside.redis)


def _what_people_say(debate: Debate) -> Steer | None:
    if debate.phase is not Phase.DEBATING or debate.obstacle is not None:
        return None
    by = actor(int(debate.started.home.thread), 0) if debate.started.home else None
    if debate.n > LONG:
        return StopDebate(by)
    if due_in_s(debate) is not None:
        return None
    return ResumeDebate(by) if debate.paused else CallNext(by)


async def _nudge(door: Door, debate: str, command: Steer) -> None:
    with contextlib.suppress(Rejected, StoreAway):  # it went on meanwhile; or it is said again
        await door.submit(debate, command)
