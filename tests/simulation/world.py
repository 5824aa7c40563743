"""One simulated world: a plan, run from its first step until everything has come to rest."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.simulation.calm import come_to_rest
from tests.simulation.chat_platform import Platform
from tests.simulation.deployment import Deployment
from tests.simulation.draw import draw
from tests.simulation.faults import Faults
from tests.simulation.logs import logs_into
from tests.simulation.loop import Host, SimulatedLoop, Stuck
from tests.simulation.model import SimulatedModel
from tests.simulation.people import People
from tests.simulation.plan import DEBATES, STORM_S, Plan
from tests.simulation.processes import Outside, SimulatedClock
from tests.simulation.redis_client import name_scripts
from tests.simulation.redis_host import RedisHost
from tests.simulation.rest import broken_promises, left_by_processes
from tests.simulation.seeded import seeded
from tests.simulation.trace import Trace
from tests.simulation.witness import Broken, Witness

PATIENCE_S = 900.0
"""Everything must come to rest so long after the last fault."""
MOST_STEPS = 3_000_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a plan."""

    plan: Plan
    broken: str | None
    """The promise that was not kept; `None`: all were."""
    figures: dict[str, float]
    digest: str
    """The trace's."""
    trace: tuple[str, ...]
    """Its last lines, or all."""


def run(plan: Plan, *, whole_trace: bool = False, patience_s: float = PATIENCE_S) -> Outcome:
    """Runs a plan; the same plan gives the same trace, byte for byte."""
    name_scripts()
    chance = random.Random(plan.seed)  # noqa: S311 - a seeded run
    loop = SimulatedLoop(chance)
    try:
        with seeded(chance, loop.time):
            world = World(plan, loop, chance, Trace(loop.time, whole=whole_trace))
            with logs_into(world.trace, world.ended) as over:
                try:
                    return world.run(patience_s)
                finally:
                    over()
                    loop.bury()
    finally:
        loop.close()


def run_seed(seed: int, debates: int = DEBATES) -> Outcome:
    """Runs the plan of a seed."""
    return run(draw(seed, debates))


class World:
    """All there is."""

    def __init__(
        self, plan: Plan, loop: SimulatedLoop, chance: random.Random, trace: Trace
    ) -> None:
        self.trace = trace
        self._plan = plan
        self._loop = loop
        self._faults = faults = Faults(plan.faults)
        self._witness = Witness()
        self._outside = Outside(
            loop,
            chance,
            RedisHost(loop, chance, faults, trace, self._witness.wrote),
            SimulatedModel(loop, chance, faults, trace),
            Platform(loop, chance, faults, trace),
            SimulatedClock(loop),
            slots=chance.choice([*[None] * 9, 12]),
        )
        self._deployment = Deployment(self._outside, faults, trace, self.ended)
        self._people = People(plan, self._deployment.bots, loop, chance, trace)
        self._outside.platform.landed = self._witness.landed
        self._outside.platform.cleared = self._deployment.clear
        loop.stepped = self._stepped
        loop.set_exception_handler(self._heard_of)

    def run(self, patience_s: float) -> Outcome:
        """Runs it."""
        broken = None
        try:
            self._loop.run_until_complete(self._loop.world.run(self._live(patience_s)))
        except (Broken, Stuck) as error:
            broken = repr(error)
        except RuntimeError:  # the loop was stopped by what the witness saw
            if self._witness.broken is None:
                raise
        broken = self._witness.broken or broken
        if broken is not None:
            self.trace("witness", broken)
        lines = tuple(self.trace.lines)
        return Outcome(self._plan, broken, self._figures(), self.trace.digest, lines)

    def ended(self, who: str, why: str) -> None:
        """Something ended that should not have, or failed as nothing should."""
        self._witness.broken = self._witness.broken or f"{who} ended: {why}"

    async def _live(self, patience_s: float) -> None:
        outside = self._outside
        self._deployment.start_all()
        self._people.begin()
        await asyncio.sleep(STORM_S)
        self.trace("world", "is mended")
        self._faults.end()
        outside.model.mend()
        outside.redis.come_up()
        outside.platform.mend()
        self._deployment.start_all()
        await come_to_rest(outside, self._witness, self._going, patience_s)
        await self._deployment.stop_all()
        for left in left_by_processes(outside.redis):
            raise Broken(left)
        for promise in broken_promises(self._witness, self._people):
            raise Broken(promise)

    def _going(self) -> Iterator[str]:
        if not self._people.all_heard:
            yield "people are not heard"
        if self._deployment.to_wake:
            yield "threads that take messages again are not woken"

    def _stepped(self, host: Host) -> None:
        if self._witness.broken is not None:
            self._loop.stop()
        if self._loop.steps > MOST_STEPS:
            raise Broken(f"no rest after {MOST_STEPS} steps")
        self._deployment.stepped(host)

    def _heard_of(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        self.ended("a callback", f"{context.get('message')}: {context.get('exception')!r}")

    def _figures(self) -> dict[str, float]:
        witness, outside = self._witness, self._outside
        return {
            "debates": len(witness.debates),
            "closed": sum(seen.at_rest for seen in witness.debates.values()),
            "turns": witness.turns,
            "events": witness.events,
            "messages shown": witness.messages,
            "shown twice by a poster frozen before the write": witness.excused,
            "deeds of people": len(self._plan.deeds),
            "deliveries of them": self._people.told,
            "steps": self._loop.steps,
            "commands": outside.redis.commands,
            "calls of the model": outside.model.calls,
            "simulated seconds": round(self._loop.time() - 1_000.0),
            **{f"fault: {kind}": number for kind, number in sorted(self._faults.done.items())},
        }
