"""The line to a process that is asked for things: JSON, one request and one answer a line."""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

Handlers = Mapping[str, Callable[..., Awaitable[object]]]
MOST_LINE = 1 << 28
"""Bytes: at the end, a whole town is told."""


async def serve(handlers: Handlers, greeting: object) -> None:
    """Says this, and answers what standard input asks, until it ends."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(MOST_LINE)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    _tell(greeting)
    async with asyncio.TaskGroup() as tasks:
        while line := await reader.readline():
            tasks.create_task(_answer(handlers, json.loads(line)))


async def _answer(handlers: Handlers, asked: Any) -> None:
    _tell({"id": asked["id"], "answer": await handlers[asked["do"]](**asked["with"])})


def _tell(what: object) -> None:
    sys.stdout.write(f"{json.dumps(what)}\n")
    sys.stdout.flush()


class Line:
    """The asking end."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._ids = itertools.count()
        self._waiting: dict[int, asyncio.Future[Any]] = {}

    async def greeting(self) -> Any:
        """What it said first; then its answers are listened for, by `listen`."""
        return json.loads(await self._reader.readline())

    async def listen(self) -> None:
        """Hears answers until the process ends."""
        while line := await self._reader.readline():
            told = json.loads(line)
            self._waiting.pop(told["id"]).set_result(told["answer"])
        for waiting in self._waiting.values():
            waiting.set_exception(ConnectionResetError("the process has ended"))

    async def ask(self, do: str, **given: object) -> Any:
        """Has it do something, and answers what came of it."""
        number = next(self._ids)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        assert self._process.stdin is not None
        line = json.dumps({"id": number, "do": do, "with": given})
        self._process.stdin.write(f"{line}\n".encode())
        await self._process.stdin.drain()
        return await answer

    @property
    def _reader(self) -> asyncio.StreamReader:
        assert self._process.stdout is not None
        return self._process.stdout
