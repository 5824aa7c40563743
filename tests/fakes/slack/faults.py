"""How a Web API call goes wrong when a test plans it: before it takes effect, or after."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes.slack.protocol import Json

Answer = Callable[[], web.Response]
"""Lets the call take effect and gives its response."""
Fault = Callable[[web.Request, Answer], Coroutine[Any, Any, web.StreamResponse]]
Where = Callable[[Json], object]
"""Given the call's arguments, whether the fault is for this call."""


@dataclass(slots=True)
class Faults:
    """What is planned: by method, in order, one fault a call.

    `response_url` and `upload` stand for posts to a response URL and the bytes of a file.
    """

    later: set[asyncio.Task[None]] = field(default_factory=set)
    _planned: defaultdict[str, deque[tuple[Fault, Where | None]]] = field(
        default_factory=lambda: defaultdict(deque)
    )

    def plan(self, method: str, *faults: Fault, where: Where | None = None) -> None:
        """Decides the method's next calls, one fault each; `where` picks among them."""
        self._planned[method].extend((fault, where) for fault in faults)

    def next(self, method: str, args: Json) -> Fault | None:
        """What is planned for this call, once."""
        planned = self._planned[method]
        for number, (fault, where) in enumerate(planned):
            if where is None or where(args):
                del planned[number]
                return fault
        return None

    async def meet(
        self, request: web.Request, method: str, args: Json, answer: Answer
    ) -> web.StreamResponse:
        """Answers the call, or lets it go wrong as planned."""
        fault = self.next(method, args)
        return answer() if fault is None else await fault(request, answer)

    @property
    def pending(self) -> int:
        """Faults that no call has met yet."""
        return sum(len(planned) for planned in self._planned.values())

    def lands_later(self, when: asyncio.Event) -> Fault:
        """The connection breaks; the call takes effect all the same, once `when` is set."""

        async def fault(request: web.Request, answer: Answer) -> web.StreamResponse:
            async def land() -> None:
                await when.wait()
                answer()

            self.later.add(asyncio.create_task(land()))
            return await _hang_up(request)

        return fault


def fails(status: int = 500) -> Fault:
    """A server error; nothing came of the call."""

    async def fault(_request: web.Request, _answer: Answer) -> web.StreamResponse:
        return web.json_response({"ok": False, "error": "internal_error"}, status=status)

    return fault


def fails_after(status: int = 500) -> Fault:
    """A server error, though the call took effect: what `fatal_error` is documented to be."""

    async def fault(_request: web.Request, answer: Answer) -> web.StreamResponse:
        answer()
        return web.json_response({"ok": False, "error": "fatal_error"}, status=status)

    return fault


def refuses(error: str) -> Fault:
    """`ok: false` with this code; nothing came of the call."""

    async def fault(_request: web.Request, _answer: Answer) -> web.StreamResponse:
        return web.json_response({"ok": False, "error": error})

    return fault


def rate_limits(retry_after_s: int = 1) -> Fault:
    """429, and when to come again."""

    async def fault(_request: web.Request, _answer: Answer) -> web.StreamResponse:
        return rate_limited(retry_after_s)

    return fault


def loses_answer() -> Fault:
    """The call takes effect, and the connection breaks before anybody is told."""

    async def fault(request: web.Request, answer: Answer) -> web.StreamResponse:
        answer()
        return await _hang_up(request)

    return fault


def breaks_off() -> Fault:
    """The connection breaks, and nothing came of the call."""

    async def fault(request: web.Request, _answer: Answer) -> web.StreamResponse:
        return await _hang_up(request)

    return fault


def waits_for(when: asyncio.Event) -> Fault:
    """The call takes effect, and is answered, once `when` is set."""

    async def fault(_request: web.Request, answer: Answer) -> web.StreamResponse:
        await when.wait()
        return answer()

    return fault


def answers_after(when: asyncio.Event) -> Fault:
    """The call takes effect at once; the answer comes once `when` is set."""

    async def fault(_request: web.Request, answer: Answer) -> web.StreamResponse:
        response = answer()
        await when.wait()
        return response

    return fault


def rate_limited(retry_after_s: int) -> web.Response:
    """The response of a call that came too soon."""
    return web.json_response(
        {"ok": False, "error": "ratelimited"},
        status=429,
        headers={"Retry-After": str(retry_after_s)},
    )


async def _hang_up(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
