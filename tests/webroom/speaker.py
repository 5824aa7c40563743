"""A model that speaks word by word, and can be made to go on and on in mid-turn."""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import Iterator

import orjson
from aiohttp import web

from tests.fakes.model_behaviours import DONE, Received, chunk, made_up

DWELL_S = 0.1

SYNTHESIS = {
    "summary": "The panel weighed cost against control.",
    "agreements": ["Measure first."],
    "disagreements": ["Whether owning is worth it."],
    "open_questions": ["Who looks after it?"],
}


class Speaker:
    """A behaviour of the fake model server; each reply is new, so each can be looked for."""

    def __init__(self, pause_s: float = 0.0) -> None:
        self.pause_s = pause_s
        """Between two pieces."""
        self.replies = 0
        """Begun so far."""
        self._held_from = self._let_go = math.inf
        self._moved = asyncio.Event()

    def hold(self, replies: int = 0) -> None:
        """Lets so many replies pass; each after them does not come to an end."""
        self._held_from, self._let_go = self.replies + replies, 0.0

    def go_on(self, replies: float = math.inf) -> None:
        """So many of them end."""
        self._held_from += replies
        self._let_go = self._held_from
        self._moved.set()
        self._moved = asyncio.Event()

    async def __call__(self, request: web.Request, received: Received) -> web.StreamResponse:
        """Streams one reply."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        pieces = list(_pieces(_reply(received)))
        number, self.replies = self.replies, self.replies + 1
        for place, piece in enumerate(pieces):
            if place == len(pieces) // 2 and number >= self._held_from:
                await self._dwell(response, number)
            await response.write(chunk({"content": piece}))
            await asyncio.sleep(self.pause_s)
        usage = {"prompt_tokens": received.prompt_tokens, "completion_tokens": len(pieces)}
        await response.write(chunk({}, "stop"))
        await response.write(chunk({}, None, usage=usage) + DONE)
        return response

    async def _dwell(self, response: web.StreamResponse, number: int) -> None:
        """Says more until it is told to go on: whoever comes to look on hears something."""
        while number >= self._let_go:
            await response.write(chunk({"content": " and"}))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._moved.wait(), DWELL_S)


def _reply(received: Received) -> str:
    schema = received.body["response_format"]["json_schema"]["schema"]
    if "agreements" in schema["properties"]:
        return orjson.dumps(SYNTHESIS).decode()
    return made_up(received)


def _pieces(text: str) -> Iterator[str]:
    """Word by word, each with the blank before it."""
    first, *words = text.split(" ")
    yield first
    yield from (f" {word}" for word in words)
