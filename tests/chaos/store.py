"""The store of a run: a server with an append-only file, and a replica that can take its place."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

from engine.adapters.embedded_redis import server_binary
from tests.chaos.moments import REDIS
from tests.chaos.programs import Program, Programs
from tests.chaos.wire import Wire

READY_S = 60.0
ANSWER_S = 2.0
LATEST_S = 5
"""A replica that has not heard of its primary for so long is not fit to take its place."""


def free_port() -> int:
    """One that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


class Store:
    """Two servers, one of which is the primary."""

    def __init__(self, folder: Path, programs: Programs, wire: Wire, password: str) -> None:
        self.primary, self.replica = "store-a", "store-b"
        self._programs, self._wire, self._password = programs, wire, password
        self._folder = folder
        self._ports = {name: free_port() for name in (self.primary, self.replica)}
        for name in self._ports:
            self._add(name)
        self._point()

    @property
    def names(self) -> tuple[str, str]:
        """Both."""
        return self.primary, self.replica

    @property
    def url(self) -> str:
        """The primary's own, past the wire."""
        return f"redis://:{self._password}@127.0.0.1:{self._ports[self.primary]}/0"

    async def ready(self) -> None:
        """Waits until both answer, and the replica follows."""
        async with asyncio.timeout(READY_S):
            while not await self._follows():  # noqa: ASYNC110 - a server tells nobody
                await asyncio.sleep(0.1)

    async def fill(self, for_s: float) -> None:
        """Takes no more writes for a while."""
        await self._told(self.primary, "CONFIG", "SET", "maxmemory", 1)
        await asyncio.sleep(for_s)
        while not await self._told(self.primary, "CONFIG", "SET", "maxmemory", 0):  # noqa: ASYNC110
            await asyncio.sleep(0.2)

    async def fail_over(self) -> bool:
        """The primary dies, and the replica takes its place; `False`: it was not fit to."""
        if not await self._follows():
            return False
        self.primary, self.replica = self.replica, self.primary
        self._programs.kill(self.replica)
        while not await self._told(self.primary, "REPLICAOF", "NO", "ONE"):  # noqa: ASYNC110
            await asyncio.sleep(0.2)
        self._point()
        self._wire.cut_all(REDIS)
        return True

    def _add(self, name: str) -> None:
        home = self._folder / name
        home.mkdir()
        # On the command line, everybody on the machine could read the password.
        said = f"requirepass {self._password}\nmasterauth {self._password}\n"
        (home / "server.conf").write_text(said)
        log = self._folder / f"{name}.log"
        self._programs.add(Program(name, lambda: self._command(name), {}, log))

    def _command(self, name: str) -> Sequence[str]:
        home = self._folder / name
        follows: tuple[str, ...] = ()
        if name != self.primary:
            follows = ("--replicaof", f"127.0.0.1 {self._ports[self.primary]}")
        return (
            *(str(server_binary()), str(home / "server.conf")),
            *("--port", str(self._ports[name]), "--bind", "127.0.0.1", "--dir", str(home)),
            *("--appendonly", "yes", "--appendfsync", "always", "--save", ""),
            *("--repl-diskless-sync-delay", "0", *follows),
        )

    def _point(self) -> None:
        self._wire.targets[REDIS] = ("127.0.0.1", self._ports[self.primary])

    async def _follows(self) -> bool:
        """Whether the replica has what its primary has, or nearly."""
        about = await self._told(self.replica, "INFO", "replication")
        is_up = isinstance(about, dict) and about.get("master_link_status") == "up"
        return is_up and int(cast(Any, about)["master_last_io_seconds_ago"]) < LATEST_S

    async def _told(self, name: str, *command: str | int) -> object:
        """What a server answers; nothing, if it does not."""
        url = f"redis://:{self._password}@127.0.0.1:{self._ports[name]}/0"
        client = Redis.from_url(url, socket_timeout=ANSWER_S, socket_connect_timeout=ANSWER_S)
        async with client:
            with contextlib.suppress(RedisError, OSError):
                return cast(object, await cast(Any, client).execute_command(*command))
        return None
