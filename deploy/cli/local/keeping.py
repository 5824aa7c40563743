"""One process kept running: started, its log read, started again after a while when it dies."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable
from pathlib import Path

from deploy.cli.local.log import Log
from deploy.cli.local.plan import Spec
from deploy.cli.local.state import Seen
from engine.ports.clock import Clock

FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 30.0
WELL_S = 60.0
"""One that ran for so long begins with the first wait again."""
SETTINGS_WILL_NOT_DO = 2
"""The exit status of a process that it is no use to start again."""
ROOT = Path(__file__).parents[3]
_LONGEST_LINE = 1 << 20


class Keeping:
    """Keeps one process; `tell` is called whenever its state is another."""

    def __init__(self, spec: Spec, log: Log, clock: Clock, tell: Callable[[], None]) -> None:
        self.spec = spec
        self._log, self._clock, self._tell = log, clock, tell
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = asyncio.Event()
        self._settled = asyncio.Event()
        self._state, self._starts = "starts", 0

    @property
    def seen(self) -> Seen:
        """As it is now."""
        pid = self._process.pid if self._process else None
        return Seen(self.spec.name, self.spec.words, pid, self._state, self._starts)

    @property
    def is_settled(self) -> bool:
        """It has said that it works, or has failed for good."""
        return self._settled.is_set()

    async def settled(self, within_s: float) -> None:
        """Waits until it is, or the time is over."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                await self._settled.wait()

    async def run(self) -> None:
        """Keeps it running until `stop`, or until it says that its settings will not do."""
        wait_s = FIRST_WAIT_S
        while not self._stopping.is_set():
            began = self._clock.monotonic()
            status = await self._one_life()
            if self._stopping.is_set():
                break
            if status == SETTINGS_WILL_NOT_DO:
                self._became("failed")
                self._settled.set()
                return
            if self._clock.monotonic() - began > WELL_S:
                wait_s = FIRST_WAIT_S
            self._log.write(self.spec.name, f"ended with status {status}; again in {wait_s:g} s")
            self._became("waits")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await self._stopping.wait()
            wait_s = min(2 * wait_s, LONGEST_WAIT_S)
        self._became("ended")

    async def stop(self) -> None:
        """Asks it to end, and kills it when its time is over."""
        self._stopping.set()
        process = self._process
        if process is None:
            return
        _send(process, signal.SIGTERM)
        try:
            async with asyncio.timeout(self.spec.ends_within_s):
                await process.wait()
        except TimeoutError:
            self._log.write(self.spec.name, "did not end in time, and is killed")
            _send(process, signal.SIGKILL)

    async def _one_life(self) -> int:
        """Starts it and reads what it says until it ends; answers its status."""
        self._starts += 1
        try:
            process = await asyncio.create_subprocess_exec(
                *self.spec.words,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                env=_environment(self.spec),
                limit=_LONGEST_LINE,
                # Ctrl-C is for the keeper alone, which ends them in their order.
                start_new_session=True,
            )
        except OSError as error:
            self._log.write(self.spec.name, f"cannot be started: {error}")
            return 1
        self._process = process
        self._became("starts")
        if self._stopping.is_set():
            _send(process, signal.SIGTERM)
        await self._read(process)
        status = await process.wait()
        self._process = None
        return status

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None  # noqa: S101 - it was started with a pipe
        while True:
            try:
                line = await process.stdout.readline()
            except ValueError:  # longer than any line should be
                continue
            if not line:
                return
            text = line.decode(errors="replace").rstrip()
            self._log.write(self.spec.name, text)
            if self.spec.ready in text and self._state == "starts":
                self._became("runs")
                self._settled.set()

    def _became(self, state: str) -> None:
        self._state = state
        self._tell()


def _environment(spec: Spec) -> dict[str, str]:
    """This process's, over it what the process is told; so that it finds this very program."""
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    more = {"PYTHONPATH": os.pathsep.join(paths), "PYTHONUNBUFFERED": "1"}
    usual = {"TERTULIA_LOG__FORMAT": "text"}
    return usual | os.environ | more | dict(spec.environment)


def _send(process: asyncio.subprocess.Process, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(number)
