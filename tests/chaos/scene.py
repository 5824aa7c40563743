"""A deployment on this machine: two towns, workers, bots, a store, a model, a wire between all."""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from engine.adapters.system_clock import SystemClock
from engine.bootstrap import open_debates
from engine.ports.debates import Debates
from engine.settings import read_settings
from tests.chaos.island import Island
from tests.chaos.moments import DISCORD, MODEL, REDIS, SLACK
from tests.chaos.programs import Program, Programs
from tests.chaos.store import Store, free_port
from tests.chaos.towns.line import Line
from tests.chaos.variables import SHARD, Told
from tests.chaos.wire import Wire

LOOPBACK = "127.0.0.1"
READY_S = 120.0
PROGRAMS = {"worker": ("engine", 3), SLACK: ("bots.slackbot", 2), DISCORD: ("bots.discordbot", 2)}
"""What runs, by the beginning of its name: the module, and how many of it."""
NAMES = tuple(f"{kind}-{n}" for kind, (_, many) in PROGRAMS.items() for n in range(1, many + 1))
TOWNS = (SLACK, DISCORD)
CHECKER = "checker"
"""It reads by the wire, too: so it finds the store wherever that is."""
ISLANDER = "worker-3"
"""It lives in a network namespace of its own, where there are any."""


@dataclass
class Scene:
    """All there is."""

    folder: Path
    programs: Programs
    wire: Wire
    store: Store
    towns: Mapping[str, Process]
    lines: Mapping[str, Line]
    debates: Debates
    secrets: list[str]
    """Nobody is ever to read them."""
    island: Island | None
    """Of `ISLANDER`."""
    note: Callable[[str], None]
    """Keeps what goes wrong, as it happens."""

    def named(self, on: str) -> str:
        """The process that a fault's target is just now."""
        return {REDIS: self.store.primary, "replica": self.store.replica}.get(on, on)

    @property
    def logs(self) -> list[Path]:
        """All that the processes have said."""
        return sorted(self.folder.glob("*.log"))


@asynccontextmanager
async def scene(folder: Path, *, replicated: bool) -> AsyncIterator[Scene]:
    """Sets it up, all of it running; at the end, nothing of it is left."""
    async with AsyncExitStack() as stack:
        programs = Programs()
        stack.push_async_callback(programs.end)
        wire = Wire(programs)
        stack.push_async_callback(wire.close)
        programs.thawed = wire.thawed
        note = programs.note = wire.note = stack.enter_context(_notes(folder))
        tasks = await stack.enter_async_context(_background())
        towns = {town: await stack.enter_async_context(_town(town, folder)) for town in TOWNS}
        lines = {town: Line(process) for town, process in towns.items()}
        about = {town: await line.greeting() for town, line in lines.items()}
        wire.targets.update((town, (LOOPBACK, int(about[town]["port"]))) for town in TOWNS)
        tasks += [asyncio.create_task(line.listen()) for line in lines.values()]
        password, key = secrets.token_hex(16), f"sk-{secrets.token_hex(16)}"
        told = Told(wire, password, key, about, replicated)
        store = Store(folder, programs, wire, password)
        _add_model(folder, programs, wire)
        island = await stack.enter_async_context(Island.open())
        for name in NAMES:
            await _add_program(name, folder, programs, told, island)
        tasks += [asyncio.create_task(programs.keep(n)) for n in (*store.names, MODEL)]
        await store.ready()
        tasks += [asyncio.create_task(programs.keep(name)) for name in NAMES]
        redis = {"url": await told.store_url(CHECKER, LOOPBACK), "shard": SHARD}
        debates = await stack.enter_async_context(open_debates(read_settings(redis=redis)))
        made = Scene(
            folder, programs, wire, store, towns, lines, debates, told.secrets, island, note
        )
        await _connected(made)
        yield made


def _add_model(folder: Path, programs: Programs, wire: Wire) -> None:
    port = free_port()
    wire.targets[MODEL] = ("127.0.0.1", port)
    command = (sys.executable, "-m", "tests.chaos.model", "--port", str(port))
    programs.add(Program(MODEL, lambda: command, os.environ, folder / "model.log"))


async def _add_program(
    name: str, folder: Path, programs: Programs, told: Told, island: Island | None
) -> None:
    module, _ = PROGRAMS[name.partition("-")[0]]
    command: Sequence[str] = (sys.executable, "-m", module)
    here = LOOPBACK
    if name == ISLANDER and island is not None:
        command, here = island.command(command), island.here
    variables = await told.variables(name, here)
    programs.add(Program(name, lambda: command, variables, folder / f"{name}.log"))


@contextmanager
def _notes(folder: Path) -> Iterator[Callable[[str], None]]:
    clock = SystemClock()
    with (folder / "storm.log").open("a", buffering=1) as file:
        yield lambda what: print(f"{clock.now_ms() / 1000:.3f} {what}", file=file)


@asynccontextmanager
async def _town(town: str, folder: Path) -> AsyncIterator[Process]:
    module = f"tests.chaos.towns.{town}"
    with (folder / f"town-{town}.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", module), stdin=PIPE, stdout=PIPE, stderr=log, limit=1 << 28
        )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@asynccontextmanager
async def _background() -> AsyncIterator[list[asyncio.Task[None]]]:
    """Tasks that go on until the end."""
    tasks: list[asyncio.Task[None]] = []
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _connected(made: Scene) -> None:
    """Waits until every bot is reached by its platform."""
    async with asyncio.timeout(READY_S):
        for town, line in made.lines.items():
            while await line.ask("ready") < PROGRAMS[town][1]:  # noqa: ASYNC110
                await asyncio.sleep(0.2)
