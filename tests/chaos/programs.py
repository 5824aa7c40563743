"""The processes of a run: started, killed, made to stand still, and started again."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos.plan import Kind

Command = Callable[[], Sequence[str]]


@dataclass
class Program:
    """One process after another, under one name."""

    name: str
    command: Command
    """How it is started just now."""
    environment: Mapping[str, str]
    log: Path
    """Takes all that it says."""
    process: Process | None = None
    killed: bool = False
    """By us, since it was started."""
    frozen: int = 0
    """How many reasons there are for it to stand still."""

    async def start(self) -> None:
        """Starts it anew."""
        self.killed, self.frozen = False, 0
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *self.command(),
                env=dict(self.environment),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def is_alive(self) -> bool:
        """Whether it runs, or stands still."""
        return self.process is not None and self.process.returncode is None

    def signal(self, number: signal.Signals) -> bool:
        """Sends a signal; whether there was somebody to get it."""
        if self.process is None or not self.is_alive:
            return False
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)
            return True
        return False


@dataclass
class Programs:
    """All of them; who dies is started again."""

    all: dict[str, Program] = field(default_factory=dict)
    done: Counter[Kind] = field(default_factory=Counter)
    killed: Counter[str] = field(default_factory=Counter)
    """How often which one."""
    ended: list[str] = field(default_factory=list)
    """Those that ended by themselves, and how."""
    thawed: Callable[[str], None] = lambda _: None
    """Told of each that goes on after it stood still."""
    note: Callable[[str], None] = lambda _: None
    """Told what becomes of whom, as it happens."""
    _stopping: bool = False

    def add(self, program: Program) -> None:
        """One more, to be started by `keep`."""
        self.all[program.name] = program

    async def keep(self, name: str) -> None:
        """Starts it, and starts it again whenever it has ended; until it is cancelled."""
        program = self.all[name]
        while not self._stopping:
            await program.start()
            assert program.process is not None
            self.note(f"{name} is started")
            status = await program.process.wait()
            if not program.killed and not self._stopping:
                self.ended.append(f"{name} ended by itself, with status {status}")

    def kill(self, name: str) -> bool:
        """kill -9; whether it lived."""
        program = self.all[name]
        if program.killed or not program.signal(signal.SIGKILL):
            return False
        program.killed = True
        self.killed[name] += 1
        self.note(f"{name} is killed")
        return True

    def freeze(self, name: str, for_s: float, then: Callable[[], None]) -> bool:
        """SIGSTOP, and SIGCONT after so long, and `then`; whether it ran."""
        program = self.all[name]
        if program.killed or not program.signal(signal.SIGSTOP):
            return False
        program.frozen += 1
        self.note(f"{name} stands still for {for_s:.1f} s")
        loop = asyncio.get_running_loop()
        loop.call_later(for_s, self._thaw, program, program.process, then)
        return True

    async def stop(self, names: Sequence[str], within_s: float) -> None:
        """SIGTERM; each is to end by itself, and well."""
        self._stopping = True
        for name in names:
            self.all[name].signal(signal.SIGTERM)
        for name in names:
            process = self.all[name].process
            assert process is not None
            try:
                async with asyncio.timeout(within_s):
                    status = await process.wait()
            except TimeoutError:
                self.ended.append(f"{name} does not end when it is asked to")
                continue
            if status:
                self.ended.append(f"{name} was asked to end, and did so with status {status}")

    async def end(self) -> None:
        """Nothing is left."""
        self._stopping = True
        for program in self.all.values():
            program.signal(signal.SIGKILL)
        for program in self.all.values():
            if program.process is not None:
                await program.process.wait()

    def _thaw(self, program: Program, process: Process | None, then: Callable[[], None]) -> None:
        if program.process is process:
            program.frozen -= 1
            if program.frozen == 0 and program.signal(signal.SIGCONT):
                self.note(f"{program.name} goes on")
                self.thawed(program.name)
        then()
