"""Carries out a plan of faults against a scene."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from collections.abc import Iterable
from time import monotonic

from tests.chaos.plan import Fault, Kind
from tests.chaos.scene import ISLANDER, Scene

ON_ITS_WAY_S = 0.3
"""What was asked before a platform stands still is done by then."""
_SAYINGS = {Kind.DOUBLE: "double", Kind.TURN_ROUND: "turn_round", Kind.HANG_UP: "hang_up"}


class Storm:
    """Has everything go wrong that is planned, when it is planned."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._done: Counter[Kind] = Counter()
        self._striking: set[asyncio.Task[None]] = set()

    @property
    def done(self) -> Counter[Kind]:
        """What has gone wrong, by kind; each time it did."""
        return self._done + self._scene.wire.done

    async def rage(self, faults: Iterable[Fault]) -> None:
        """Until all of it is planned for its moment, or it is cancelled."""
        began = monotonic()
        for fault in faults:
            await asyncio.sleep(max(0.0, began + fault.at_s - monotonic()))
            if fault.moment:
                self._scene.wire.aim(fault)
            else:
                self._striking.add(asyncio.create_task(self._strike(fault)))

    async def mend(self) -> None:
        """Nothing goes wrong any more, and whoever stands still goes on."""
        scene = self._scene
        scene.wire.lift()
        await asyncio.gather(*self._striking)  # what was begun undoes itself: a store that is full
        for program in scene.programs.all.values():
            if program.frozen:
                program.frozen = 0
                program.signal(signal.SIGCONT)
                scene.wire.thawed(program.name)
        for line in scene.lines.values():
            await line.ask("mend")

    async def _strike(self, fault: Fault) -> None:
        scene, kind = self._scene, fault.kind
        name, times = scene.named(fault.on), fault.times
        match kind:
            case Kind.KILL:
                times = int(scene.programs.kill(name))
            case Kind.FREEZE:
                times = int(scene.programs.freeze(name, fault.for_s, lambda: None))
            case Kind.PARTITION if name == ISLANDER and scene.island is not None:
                await scene.island.sever(fault.for_s)
            case Kind.PARTITION:
                scene.wire.sever(name, fault.for_s)
                return  # it counts that itself
            case Kind.FULL:
                await scene.store.fill(fault.for_s)
            case Kind.FAILOVER:
                times = int(await scene.store.fail_over())
            case Kind.OUTAGE:
                await self._stand_still(name, fault.for_s)
            case _:
                times = await scene.lines[name].ask(_SAYINGS[kind], times=fault.times)
        self._done[kind] += times
        scene.note(f"done: {fault}, {times} times")

    async def _stand_still(self, town: str, for_s: float) -> None:
        """It takes nothing in that its asker has given up: bots take that as their bound."""
        process = self._scene.towns[town]
        self._scene.wire.keep_apart(town, for_s + ON_ITS_WAY_S)
        await asyncio.sleep(ON_ITS_WAY_S)
        process.send_signal(signal.SIGSTOP)
        try:
            await asyncio.sleep(for_s)
        finally:
            process.send_signal(signal.SIGCONT)
