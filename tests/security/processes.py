"""A program of the house as a process of its own, and all that it writes."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from tests.system.program import ROOT, environment

LIMIT_S = 30


class Running:
    """A process that runs, until `end`."""

    def __init__(self, process: asyncio.subprocess.Process, said: Path) -> None:
        self._process, self._said = process, said

    @property
    def said(self) -> str:
        """What it wrote so far."""
        return self._said.read_text()

    async def until(self, word: str) -> None:
        """Waits until it has written this."""
        async with asyncio.timeout(LIMIT_S):
            while word not in self.said:
                assert self._process.returncode is None, self.said
                await asyncio.sleep(0.02)

    async def end(self) -> int:
        """Waits for its own end, and else asks for it; its status."""
        try:
            async with asyncio.timeout(LIMIT_S):
                return await self._process.wait()
        except TimeoutError as error:
            raise AssertionError(self.said) from error

    async def stop(self) -> int:
        """Asks it to stop; its status."""
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
        return await self.end()


@asynccontextmanager
async def running(
    home: Path, module: str, variables: Mapping[str, str], *arguments: str
) -> AsyncIterator[Running]:
    """`python -m MODULE` in this folder; killed at the end if it is still there."""
    said = home / f"{module}.said"
    with said.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", module, *arguments),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            cwd=home,
            env=environment(home, PYTHONPATH=str(ROOT)) | dict(variables),
        )
    try:
        yield Running(process, said)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
