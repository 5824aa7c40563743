"""The deployment: processes are started, killed and frozen as planned, and started again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from engine.debate.events import Place
from engine.ports.store import StoreAway
from tests.simulation.faults import Faults
from tests.simulation.loop import Host
from tests.simulation.plan import BOTS, WORKERS, Fault, Kind
from tests.simulation.processes import BotProcess, Outside, Process, WorkerProcess
from tests.simulation.trace import Trace
from tests.simulation.witness import Broken

DRAINED_S = 25.0
"""After so long, whoever was asked to stop is killed, as an orchestrator does."""
STOPS_WITHIN_S = 300.0
LOOK_S = 1.0
AGAIN_S = 3.0


class Deployment:
    """The processes of a world, and what befalls them."""

    def __init__(
        self, outside: Outside, faults: Faults, trace: Trace, ended: Callable[[str, str], None]
    ) -> None:
        self.bots: Sequence[BotProcess] = [
            BotProcess(f"bot{n}", outside, ended) for n in range(BOTS)
        ]
        workers = [WorkerProcess(f"worker{n}", outside, ended) for n in range(WORKERS)]
        self._processes: dict[str, Process] = {p.name: p for p in (*self.bots, *workers)}
        self._outside = outside
        self._faults = faults
        self._trace = trace
        self._stopping = False
        self.to_wake: dict[tuple[str, Place], int] = {}
        """Threads that take messages again, while no bot knows; and how often they came to."""

    def start_all(self) -> None:
        """Starts all that do not run; those that are frozen go on."""
        for process in self._processes.values():
            if process.host.frozen:
                process.host.thaw()
            if not process.host.alive:
                process.start()

    async def stop_all(self) -> None:
        """Asks all to end in good order, and waits for it.

        Raises:
            Broken: one does not.
        """
        self._stopping = True
        until = self._outside.loop.time() + STOPS_WITHIN_S
        while alive := [process for process in self._processes.values() if process.host.alive]:
            if self._outside.loop.time() > until:
                raise Broken(f"{alive[0].name} does not stop")
            for process in alive:
                process.ask_to_stop()  # one that has just begun hears it once it listens
            await asyncio.sleep(LOOK_S)

    def stepped(self, host: Host) -> None:
        """A process has come to its next await: is this where something befalls it?"""
        process = self._processes.get(host.name)
        if process is not None and process.host is host and host.alive:
            fault = self._faults.hit(process.name, *process.counts)
            if fault is not None:
                self._trace(process.name, str(fault))
                self._hit(process, fault)

    def clear(self, debate: str, place: Place) -> None:
        """A thread takes messages again, and the platform tells the bots, until one hears it."""
        self.to_wake[debate, place] = self.to_wake.get((debate, place), 0) + 1
        self._wake(debate, place)

    def _hit(self, process: Process, fault: Fault) -> None:
        later = self._outside.loop.later
        match fault.kind:
            case Kind.KILL | Kind.KILL_SENDING | Kind.KILL_POSTING:
                process.kill()
                later(fault.for_s, self._again, process)
            case Kind.STOP:
                process.ask_to_stop()
                later(DRAINED_S + fault.for_s, self._again, process)
            case _:
                process.host.freeze()
                later(fault.for_s, self._thaw, process.host)

    def _again(self, process: Process) -> None:
        if self._stopping or (process.host.alive and process.listens):
            return
        if process.host.alive:
            process.kill()  # it was asked to stop, and did not in time
        process.start()

    def _thaw(self, host: Host) -> None:
        if host.alive and host.frozen:
            self._trace(host.name, "goes on")
            host.thaw()

    def _wake(self, debate: str, place: Place) -> None:
        if (debate, place) not in self.to_wake:
            return
        listening = [bot for bot in self.bots if bot.listens]
        if listening:
            bot = self._outside.chance.choice(listening)
            bot.do(self._wake_by(bot, debate, place, self.to_wake[debate, place]))
        self._outside.loop.later(AGAIN_S, self._wake, debate, place)

    async def _wake_by(self, bot: BotProcess, debate: str, place: Place, times: int) -> None:
        try:
            await bot.readers.wake(debate, place)
        except StoreAway:
            return
        if self.to_wake.get((debate, place)) == times:  # else it refused again, and cleared again
            del self.to_wake[debate, place]
