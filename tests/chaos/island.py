"""A network namespace of a process's own, with one cable to this machine that can be pulled out."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

NETS = 64
"""Of four addresses each, in the last byte of one."""


class NoIsland(Exception):
    """This machine does not let namespaces be made."""


class Island:
    """Where a process can be cut off without being told: packets to it and from it are dropped."""

    def __init__(self) -> None:
        number = os.getpid()
        self._name, self._near, self._far = f"chaos-{number}", f"ch{number}a", f"ch{number}b"
        # Not another run's, nor one's that was killed: two cables to one net lead nowhere.
        net = f"10.213.{number // NETS % 256}"
        first = number % NETS * 4
        self.here, self._there = f"{net}.{first + 1}", f"{net}.{first + 2}"
        """Where this machine is reached from there; and there from here."""

    @classmethod
    @asynccontextmanager
    async def open(cls) -> AsyncIterator[Island | None]:
        """Makes one, if this machine allows that: it takes root, and `ip`."""
        island = cls()
        try:
            try:
                await island._make()
            except NoIsland:
                yield None
                return
            yield island
        finally:
            await _tried("netns", "del", island._name)
            await _tried("link", "del", island._near)

    def command(self, command: Sequence[str]) -> Sequence[str]:
        """The same command, there; it becomes the process that is started."""
        return ("ip", "netns", "exec", self._name, *command)

    async def sever(self, for_s: float) -> None:
        """Pulls the cable out for a while."""
        await _tried("link", "set", self._near, "down")
        try:
            await asyncio.sleep(for_s)
        finally:
            await _tried("link", "set", self._near, "up")

    async def _make(self) -> None:
        if shutil.which("ip") is None:
            raise NoIsland
        await _told("netns", "add", self._name)
        await _told("link", "add", self._near, "type", "veth", "peer", "name", self._far)
        await _told("link", "set", self._far, "netns", self._name)
        await _told("addr", "add", f"{self.here}/30", "dev", self._near)
        await _told("link", "set", self._near, "up")
        there = ("-n", self._name)
        await _told(*there, "addr", "add", f"{self._there}/30", "dev", self._far)
        await _told(*there, "link", "set", self._far, "up")
        await _told(*there, "link", "set", "lo", "up")


async def _tried(*words: str) -> bool:
    """Whether `ip` could do it."""
    if shutil.which("ip") is None:
        return False
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec("ip", *words, stdout=quiet, stderr=quiet)
    return await process.wait() == 0


async def _told(*words: str) -> None:
    if not await _tried(*words):
        raise NoIsland
