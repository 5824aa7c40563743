"""An event loop without a machine under it: time is a number, and a seed says whose turn it is.

1. Each callback belongs to a host: a simulated process, or the world around them. A host runs its
   callbacks in the order in which they became ready, as asyncio promises; which host is next is
   the seed's choice. So everything that real processes may do to each other can happen, and
   nothing that asyncio rules out.
2. Nothing sleeps. When nobody is ready, time jumps to the next timer.
3. A host stops between two callbacks, which is at an await. Killed, it never runs again, and what
   it left half done is not cleaned up by anybody. Frozen, it goes on where it stood.
4. What has the loop wait for something that cannot come is an error, not a wait.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import random
from asyncio import events
from collections import deque
from collections.abc import Callable, Coroutine
from contextvars import Context, ContextVar, copy_context
from typing import Any

STEP_S = 0.000_01
"""What running one callback takes."""


class Stuck(Exception):
    """Nobody is ready and no timer runs: the simulation would wait for ever."""


class Host:
    """What runs by itself: a simulated process, or the world."""

    def __init__(self, loop: SimulatedLoop, name: str) -> None:
        self.name = name
        self.steps = 0
        """How many callbacks it ran."""
        self.sent = 0
        """Commands."""
        self.posted = 0
        """Messages."""
        self.freezes = 0
        """How often it was frozen."""
        self.alive = True
        self.frozen = False
        self.ready: deque[events.Handle] = deque()
        self.context: Context = copy_context()
        self._loop = loop
        self.context.run(_HOST.set, self)

    def run(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Has it do this too."""
        return self._loop.create_task(work, context=self.context)

    def kill(self) -> None:
        """It ends where it stands: no handler, no `finally`, no goodbye."""
        self.alive = False
        self.ready.clear()
        self._loop.rest(self)

    def freeze(self) -> None:
        """It stands still; time, and what was sent to it, go on."""
        self.frozen = True
        self.freezes += 1
        self._loop.rest(self)

    def thaw(self) -> None:
        """It goes on."""
        self.frozen = False
        if self.ready:
            self._loop.runnable.append(self)


_HOST: ContextVar[Host] = ContextVar("host")


def host_now() -> Host:
    """The host that runs."""
    return _HOST.get()


class SimulatedTask(asyncio.Task[Any]):
    """A task whose place in a set does not depend on where it lies in memory."""

    def __init__(self, coro: Coroutine[Any, Any, Any], *, number: int, **named: Any) -> None:
        self._number = number
        super().__init__(coro, **named)

    def __hash__(self) -> int:
        return self._number

    def __eq__(self, other: object) -> bool:
        return self is other


class _Ready:
    """Where asyncio puts what is ready: here it goes to the host that it belongs to."""

    def __init__(self, loop: SimulatedLoop) -> None:
        self._loop = loop

    def append(self, handle: events.Handle) -> None:
        host: Host = handle._context.get(_HOST, self._loop.world)  # type: ignore[attr-defined]  # asyncio keeps it to itself
        if not host.alive:
            return
        if not host.ready and not host.frozen:
            self._loop.runnable.append(host)
        host.ready.append(handle)

    def __len__(self) -> int:
        return len(self._loop.runnable)

    def clear(self) -> None:
        self._loop.runnable.clear()


class SimulatedLoop(asyncio.BaseEventLoop):
    """The loop. `chance` chooses whose turn it is; `stepped` is told after each callback."""

    _stopping: bool

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self.steps = 0
        self.runnable: list[Host] = []
        self.stepped: Callable[[Host], object] = bool
        self.world = Host(self, "world")
        self._chance = chance
        self._now = 1_000.0
        self._tasks = 0
        self._timers: list[tuple[float, int, events.Handle]] = []
        self._timed = 0
        self._ready = _Ready(self)
        self._started: list[SimulatedTask] = []
        self.set_task_factory(self._make_task)

    def time(self) -> float:
        """The simulation's seconds."""
        return self._now

    def call_at(  # type: ignore[override]  # asyncio's own heap compares handles, which is slow
        self,
        when: float,
        callback: Callable[..., object],
        *args: Any,
        context: Context | None = None,
    ) -> events.TimerHandle:
        """As any loop does; timers due at one moment keep their order."""
        timer = events.TimerHandle(when, callback, args, self, context)
        self._timed += 1
        heapq.heappush(self._timers, (when, self._timed, timer))
        return timer

    def _timer_handle_cancelled(self, handle: events.TimerHandle) -> None:
        """It is passed over when its time comes."""

    def later(self, seconds: float, call: Callable[..., object], *given: Any) -> None:
        """Has the world do something after a while, whatever becomes of who asked for it."""
        self.call_later(seconds, call, *given, context=self.world.context)

    def rest(self, host: Host) -> None:
        """Passes a host over from now on."""
        if host in self.runnable:
            self.runnable.remove(host)

    def call_soon_threadsafe(  # type: ignore[override]  # nobody here needs its types
        self, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> events.Handle:
        """There are no threads."""
        return self.call_soon(callback, *args, context=context)

    def run_in_executor(  # type: ignore[override]
        self, executor: Any, func: Callable[..., Any], *args: Any
    ) -> Any:
        """Nor are there others to leave work to: it is done here and now."""
        done = self.create_future()
        done.set_result(func(*args))
        return done

    def bury(self) -> None:
        """Lets go of all that never ended; what it tries to do on its way out comes to nothing."""
        events._set_running_loop(self)
        try:
            while self._started:
                task = self._started.pop()
                if not task.done():
                    _bury(task)
        finally:
            events._set_running_loop(None)
        self._timers.clear()
        self.runnable.clear()

    def _make_task(
        self, _: asyncio.AbstractEventLoop, coro: Any, **named: Any
    ) -> asyncio.Task[Any]:
        self._tasks += 1
        task = SimulatedTask(coro, number=self._tasks, loop=self, **named)
        self._started.append(task)
        return task

    def _write_to_self(self) -> None:
        """Nobody sleeps who would have to be woken."""

    def _run_once(self) -> None:
        while not self._stopping:
            self._fire()
            if not self.runnable:
                self._jump()
                continue
            host = self.runnable[int(self._chance.random() * len(self.runnable))]
            handle = host.ready.popleft()
            if not host.ready:
                self.runnable.remove(host)
            if handle.cancelled():
                continue
            self._now += STEP_S
            self.steps += 1
            host.steps += 1
            handle._run()
            self.stepped(host)

    def _fire(self) -> None:
        timers = self._timers
        while timers and timers[0][0] <= self._now:
            timer = heapq.heappop(timers)[2]
            if not timer.cancelled():
                self._ready.append(timer)

    def _jump(self) -> None:
        timers = self._timers
        while timers and timers[0][2].cancelled():
            heapq.heappop(timers)
        if not timers:
            raise Stuck
        self._now = max(self._now, timers[0][0])


def _bury(task: SimulatedTask) -> None:
    task._log_destroy_pending = False  # type: ignore[attr-defined]  # it is meant to be pending
    for _ in range(20):  # what waits in a `finally` is thrown out of that too
        with contextlib.suppress(BaseException):
            task.get_coro().close()
            return
