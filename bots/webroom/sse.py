"""Server-sent events: how they are written, and a response that streams them.

A stream ends when its events do, when the browser leaves or stops reading, or when the room closes;
the browser then comes back by itself, with the number of the last event that it had.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator

import orjson
from starlette.types import Receive, Scope, Send

KEEP_ALIVE_S = 15.0
"""A comment is sent this often, so that a dead line is noticed at both ends."""
SEND_S = 30.0
"""A browser that takes nothing for so long is let go."""
AGAIN_MS = 1_000
"""When the browser comes back after a stream has ended."""

AGAIN = b"retry: %d\n\n" % AGAIN_MS
_KEEP_ALIVE = b": still here\n\n"
_HEADERS = (
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    # A proxy that gathers bytes would hold live text back.
    (b"x-accel-buffering", b"no"),
)


def event(name: str, content: object, n: int | None = None) -> bytes:
    """One event; `n` is what the browser gives back as `Last-Event-ID`."""
    number = b"" if n is None else b"id: %d\n" % n
    return b"%sevent: %s\ndata: %s\n\n" % (number, name.encode(), orjson.dumps(content))


class EventStream:
    """An ASGI response that sends `events` as they come."""

    def __init__(self, events: AsyncGenerator[bytes], closing: asyncio.Event) -> None:
        self._events = events
        self._closing = closing
        """Set when the room closes: nobody would wait for a stream that never ends."""

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Streams until something ends it."""
        await send({"type": "http.response.start", "status": 200, "headers": list(_HEADERS)})
        sending = asyncio.create_task(self._send(send))
        tasks: list[asyncio.Task[object]] = [
            sending,
            asyncio.create_task(_keep_alive(send)),
            asyncio.create_task(_left(receive)),
            asyncio.create_task(self._closing.wait()),
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        with contextlib.suppress(TimeoutError, OSError):
            await _write(send, b"", more=False)
        failed = None if sending.cancelled() else sending.exception()
        if failed is not None and not isinstance(failed, TimeoutError | OSError):
            raise failed

    async def _send(self, send: Send) -> None:
        async with contextlib.aclosing(self._events) as events:
            async for content in events:
                await _write(send, content)
                # A long log has no other wait in it, in which others have their turn and a line
                # that is lost is noticed.
                await asyncio.sleep(0)


async def _keep_alive(send: Send) -> None:
    while True:
        await asyncio.sleep(KEEP_ALIVE_S)
        await _write(send, _KEEP_ALIVE)


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _write(send: Send, content: bytes, more: bool = True) -> None:
    """Waits while the browser's buffer is full; only its own stream waits with it."""
    async with asyncio.timeout(SEND_S):
        await send({"type": "http.response.body", "body": content, "more_body": more})
