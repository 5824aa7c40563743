"""One contender, run and measured: it has a core; model, store and this process have another."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict
from typing import Any

import aiohttp
import orjson

from tests.bench.calls import NS_A_S, Call
from tests.bench.contender import ROOT, Plan
from tests.bench.cores import MEASURED, REST, cpu_ns, memory_kib, on_cores

READY_S = 240.0
LONGEST_S = 900.0


class RaceFailed(Exception):
    """A contender did not do what it was started for; the text says how it ended."""


class Stub:
    """The stub model server, in a process of its own."""

    def __init__(self, process: subprocess.Popen[bytes], session: aiohttp.ClientSession) -> None:
        self._session = session
        self.process = process
        assert process.stdout is not None
        self._root = f"http://127.0.0.1:{int(process.stdout.readline())}"
        self.url = f"{self._root}/v1"

    @classmethod
    @asynccontextmanager
    async def open(cls) -> AsyncIterator[Stub]:
        """Starts it, on the core of this process."""
        with _started([sys.executable, "-m", "tests.bench.stub_model"]) as process:
            async with aiohttp.ClientSession() as session:
                yield cls(process, session)

    async def set(self, name: str, value: int) -> None:
        """Has it answer otherwise; see `stub_model.Book`."""
        await self.told(f"set/{name}/{value}")

    async def told(self, asked: str) -> Any:
        """The answer to one of its questions."""
        async with self._session.get(f"{self._root}/{asked}") as response:
            return orjson.loads(await response.read())

    async def calls(self) -> list[Call]:
        """What it was asked since the last time."""
        return [Call(*call) for call in await self.told("calls")]

    async def until(self, replies: int, contender: Contender | None = None) -> None:
        """Waits until it has given so many replies.

        Raises:
            RaceFailed: the contender ended before, or none came for too long.
        """
        async with asyncio.timeout(LONGEST_S):
            while await self.told("count") < replies:
                if contender and contender.process.poll() is not None:
                    raise RaceFailed("the contender ended early")
                await asyncio.sleep(0.02)


class Contender:
    """A program of `tests.bench.contenders`, ready to begin."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        name: str,
        plan: Plan,
        *more: str,
        python: str = sys.executable,
        core: int | None = MEASURED,
    ) -> AsyncIterator[Contender]:
        """Starts it under that Python, on that core (`None`: any), and waits until it is ready."""
        words = [python, "-W", "ignore", "-m", f"tests.bench.contenders.{name}"]
        words += [json.dumps(asdict(plan)), *more]
        with _started(words, core) as process:
            contender = cls(process)
            try:
                word = await contender.line(READY_S)
            except TimeoutError:
                word = b""
            if word != b"ready\n":
                raise RaceFailed(f"{name} did not get ready")
            yield contender

    def go(self) -> None:
        """Lets a peer begin."""
        assert self.process.stdin is not None
        self.process.stdin.write(b"go\n")
        self.process.stdin.flush()

    async def done(self, within_s: float = LONGEST_S) -> bool:
        """Waits until a peer's debates are over; whether they are.

        Raises:
            RaceFailed: it ended before.
        """
        try:
            line = await self.line(within_s)
        except TimeoutError:
            return False
        if line != b"done\n":
            raise RaceFailed(f"the contender ended with status {self.process.wait()}")
        return True

    def cpu_s(self) -> float:
        """The CPU time that it has used so far."""
        return cpu_ns(self.process.pid) / NS_A_S

    def peak_mib(self) -> float:
        """The most memory that it has had so far."""
        return memory_kib(self.process.pid) / 1024

    async def line(self, within_s: float) -> bytes:
        """The next line that it prints; an empty one: it has ended."""
        assert self.process.stdout is not None
        async with asyncio.timeout(within_s):
            return await asyncio.to_thread(self.process.stdout.readline)


@asynccontextmanager
async def alone() -> AsyncIterator[Stub]:
    """This process moves to the core of everything else, and a stub runs there."""
    with on_cores({REST}):
        async with Stub.open() as stub:
            yield stub


@contextmanager
def _started(words: Sequence[str], core: int | None = REST) -> Iterator[subprocess.Popen[bytes]]:
    """A process that does not outlive the block."""
    cores = {MEASURED, REST} if core is None else {core}
    with on_cores(cores):
        process = subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
