"""A chat platform of threads over real HTTP, that fails as real ones do.

`POST /threads/{thread}/messages` takes `{"key", "text", "pings"}` and answers `{"id"}`;
`GET …?after=ID` lists what stands there. `server.will(thread, lose_answer(), …)` decides the next
posts to that thread, in order; after those it is well again.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Posted:
    """A message as it stands in a thread."""

    id: str
    key: str
    text: str
    pings: tuple[str, ...]


Commit = Callable[[], Posted]
Fault = Callable[[web.Request, Commit], Coroutine[Any, Any, web.StreamResponse]]


class ThreadServer:
    """The platform; `url` is what a client is given."""

    def __init__(self) -> None:
        self.url = ""
        self.threads: defaultdict[str, list[Posted]] = defaultdict(list)
        self.gone: set[str] = set()
        """Threads that may not be posted to, nor read."""
        self.unreadable: deque[str] = deque()
        """Threads whose next listing fails, once for each time they stand here."""
        self.asked: list[tuple[str, str]] = []
        """Every request, as it came in: the method and the thread."""
        self._faults: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._count = 1_000
        self._changed = asyncio.Condition()
        self.later: set[asyncio.Task[None]] = set()

    @classmethod
    @asynccontextmanager
    async def open(cls) -> AsyncIterator[ThreadServer]:
        """Listens on loopback."""
        server = cls()
        app = web.Application()
        app.router.add_post("/threads/{thread}/messages", server._post)
        app.router.add_get("/threads/{thread}/messages", server._list)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            host, bound = runner.addresses[0][:2]
            server.url = f"http://{host}:{bound}"
            yield server
        finally:
            for task in server.later:
                task.cancel()
            await runner.cleanup()

    def will(self, thread: str, *faults: Fault) -> None:
        """Decides the next posts to this thread, one fault each."""
        self._faults[thread].extend(faults)

    def texts(self, thread: str) -> list[str]:
        """What people read in the thread."""
        return [posted.text for posted in self.threads[thread]]

    async def until(self, met: Callable[[], bool], within_s: float = 10.0) -> None:
        """Waits until this is so, looking again at every request and message.

        Raises:
            TimeoutError
        """
        async with asyncio.timeout(within_s), self._changed:
            await self._changed.wait_for(met)

    def commit(self, thread: str, body: dict[str, Any]) -> Posted:
        """Has a message stand in the thread."""
        self._count += 1
        posted = Posted(str(self._count), body["key"], body["text"], tuple(body["pings"]))
        self.threads[thread].append(posted)
        return posted

    def goes_on_from(self, count: int) -> None:
        """Numbers messages from here on: those up to it stand in the threads already."""
        self._count = count

    async def tell(self) -> None:
        """Has those who wait look again."""
        async with self._changed:
            self._changed.notify_all()

    async def _post(self, request: web.Request) -> web.StreamResponse:
        thread, body = request.match_info["thread"], await request.json()
        self.asked.append(("post", thread))
        await self.tell()
        if thread in self.gone:
            return web.json_response({"error": "gone"}, status=404)
        faults = self._faults[thread]
        fault = faults.popleft() if faults else _well
        try:
            return await fault(request, lambda: self.commit(thread, body))
        finally:
            await self.tell()

    async def _list(self, request: web.Request) -> web.Response:
        thread = request.match_info["thread"]
        self.asked.append(("list", thread))
        await self.tell()
        if thread in self.gone:
            return web.json_response({"error": "gone"}, status=404)
        if thread in self.unreadable:
            self.unreadable.remove(thread)
            return web.json_response({"error": "unavailable"}, status=503)
        after = int(request.query.get("after", "0"))
        messages = [
            {"id": posted.id, "key": posted.key}
            for posted in self.threads[thread]
            if int(posted.id) > after
        ]
        return web.json_response(messages)


async def _well(_request: web.Request, commit: Commit) -> web.StreamResponse:
    return web.json_response({"id": commit().id})


def lose_answer() -> Fault:
    """The message stands there, and nobody is told."""

    async def fault(request: web.Request, commit: Commit) -> web.StreamResponse:
        commit()
        return await _hang_up(request)

    return fault


def land_later(server: ThreadServer, when: asyncio.Event) -> Fault:
    """The connection breaks; the message comes to stand there all the same, a while later."""

    async def fault(request: web.Request, commit: Commit) -> web.StreamResponse:
        async def land() -> None:
            await when.wait()
            commit()
            await server.tell()

        server.later.add(asyncio.create_task(land()))
        return await _hang_up(request)

    return fault


def break_off() -> Fault:
    """The connection breaks, and nothing came of it."""

    async def fault(request: web.Request, _commit: Commit) -> web.StreamResponse:
        return await _hang_up(request)

    return fault


def wait_for(when: asyncio.Event) -> Fault:
    """The answer takes until `when`; so does the message."""

    async def fault(_request: web.Request, commit: Commit) -> web.StreamResponse:
        await when.wait()
        return web.json_response({"id": commit().id})

    return fault


def answer_after(when: asyncio.Event) -> Fault:
    """The message stands there at once; the answer takes until `when`."""

    async def fault(_request: web.Request, commit: Commit) -> web.StreamResponse:
        posted = commit()
        await when.wait()
        return web.json_response({"id": posted.id})

    return fault


def too_many(seconds: float) -> Fault:
    """429, and when to come again."""

    async def fault(_request: web.Request, _commit: Commit) -> web.StreamResponse:
        headers = {"Retry-After": str(seconds)}
        return web.json_response({"error": "rate"}, status=429, headers=headers)

    return fault


def fail(status: int = 500) -> Fault:
    """An error that does not say whether it was posted; it was not."""

    async def fault(_request: web.Request, _commit: Commit) -> web.StreamResponse:
        return web.json_response({"error": "internal"}, status=status)

    return fault


async def _hang_up(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
