"""How a request goes wrong when a test plans it: before it takes effect, or after."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes.discord.answers import answer, too_many
from tests.fakes.discord.protocol import Json, Refused

Answer = Callable[[], web.Response]
"""Lets the request take effect and gives its response."""
Fault = Callable[[web.Request, Answer], Coroutine[Any, Any, web.StreamResponse]]
Where = Callable[[Json], object]
"""Given the request's path parameters, query and body in one, whether the fault is for it."""


@dataclass(slots=True)
class Faults:
    """What is planned: by route, such as `POST /channels/{channel}/messages`, one a request.

    `*` stands for any route; what is planned for the route itself comes first.
    """

    later: set[asyncio.Task[None]] = field(default_factory=set)
    _planned: defaultdict[str, deque[tuple[Fault, Where | None]]] = field(
        default_factory=lambda: defaultdict(deque)
    )

    def plan(self, route: str, *faults: Fault, where: Where | None = None) -> None:
        """Decides the route's next requests, one fault each; `where` picks among them."""
        self._planned[route].extend((fault, where) for fault in faults)

    async def meet(
        self, request: web.Request, route: str, args: Json, answering: Answer
    ) -> web.StreamResponse:
        """Answers the request, or lets it go wrong as planned."""
        for planned in (self._planned[route], self._planned["*"]):
            for number, (fault, where) in enumerate(planned):
                if where is None or where(args):
                    del planned[number]
                    return await fault(request, answering)
        return answering()

    @property
    def pending(self) -> int:
        """Faults that no request has met yet."""
        return sum(len(planned) for planned in self._planned.values())

    def lands_later(self, when: asyncio.Event) -> Fault:
        """The connection breaks; the request takes effect all the same, once `when` is set."""

        async def fault(request: web.Request, answering: Answer) -> web.StreamResponse:
            async def land() -> None:
                await when.wait()
                answering()

            self.later.add(asyncio.create_task(land()))
            return await _hang_up(request)

        return fault


def fails(status: int = 500) -> Fault:
    """A server error; nothing came of the request."""

    async def fault(_request: web.Request, _answering: Answer) -> web.StreamResponse:
        return answer({"message": f"{status}: Internal Server Error", "code": 0}, status)

    return fault


def fails_after(status: int = 500) -> Fault:
    """A server error, though the request took effect."""

    async def fault(_request: web.Request, answering: Answer) -> web.StreamResponse:
        answering()
        return answer({"message": f"{status}: Internal Server Error", "code": 0}, status)

    return fault


def refuses(code: int) -> Fault:
    """One of Discord's error codes; nothing came of the request."""

    async def fault(_request: web.Request, _answering: Answer) -> web.StreamResponse:
        refused = Refused(code)
        return answer(refused.body, refused.status)

    return fault


def rate_limits(retry_after_s: float = 0.1, scope: str = "user") -> Fault:
    """429, and when to come again; `scope`: user, global or shared."""

    async def fault(_request: web.Request, _answering: Answer) -> web.StreamResponse:
        return too_many(retry_after_s, scope)

    return fault


def loses_answer() -> Fault:
    """The request takes effect, and the connection breaks before anybody is told."""

    async def fault(request: web.Request, answering: Answer) -> web.StreamResponse:
        answering()
        return await _hang_up(request)

    return fault


def breaks_off() -> Fault:
    """The connection breaks, and nothing came of the request."""

    async def fault(request: web.Request, _answering: Answer) -> web.StreamResponse:
        return await _hang_up(request)

    return fault


def waits_for(when: asyncio.Event) -> Fault:
    """The request takes effect, and is answered, once `when` is set."""

    async def fault(_request: web.Request, answering: Answer) -> web.StreamResponse:
        await when.wait()
        return answering()

    return fault


def answers_after(when: asyncio.Event) -> Fault:
    """The request takes effect at once; the answer comes once `when` is set."""

    async def fault(_request: web.Request, answering: Answer) -> web.StreamResponse:
        response = answering()
        await when.wait()
        return response

    return fault


async def _hang_up(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
