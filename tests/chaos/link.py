"""One connection of a process to a service, through the wire: its two ends, and what befalls it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tests.chaos.canned import BABBLE, failed, limited
from tests.chaos.plan import Fault, Kind, Side

if TYPE_CHECKING:
    from tests.chaos.wire import Wire

MOST_KEPT = 1 << 18
"""Bytes of a request that are looked at."""
WHOLE_S = 0.05
"""A request has come whole by then."""
LINGER_S = 5.0
"""How long a request that came late may take to be done."""


class End(asyncio.Protocol):
    """One end; it tells the link what comes."""

    def __init__(self, link: Link, *, is_near: bool) -> None:
        self._link, self._is_near = link, is_near
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._link.opened(is_near=self._is_near)

    def data_received(self, data: bytes) -> None:
        if self._is_near:
            self._link.asked(data)
        else:
            self._link.answered(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._link.lost(is_near=self._is_near)

    def write(self, data: bytearray) -> None:
        """Sends all of it, if the other side is still there."""
        if data and self.transport is not None and not self.transport.is_closing():
            self.transport.write(bytes(data))
            data.clear()

    def abort(self) -> None:
        """Ends it at once."""
        if self.transport is not None:
            self.transport.abort()

    def close(self) -> None:
        """Ends it once all is sent."""
        if self.transport is not None:
            self.transport.close()


class Link:
    """What is on its way in both directions."""

    def __init__(self, wire: Wire, program: str, service: str) -> None:
        self.program, self.service = program, service
        self.request = bytearray()
        """What was asked last, or is being asked."""
        self.was_frozen = False
        """Whoever asks this stood still just before, or between its asking and its coming there."""
        self.near, self.far = End(self, is_near=True), End(self, is_near=False)
        self._wire = wire
        self._out, self._back = bytearray(), bytearray()
        self._holds = 0
        self._is_answered = True
        self._is_late = False
        self._connecting: asyncio.Task[None] | None = None

    def opened(self, *, is_near: bool) -> None:
        """An end is connected."""
        if is_near:
            self._connecting = asyncio.get_running_loop().create_task(self._connect())
            self._wire.opened(self)
        else:
            self._pass()

    def asked(self, data: bytes) -> None:
        """The process has sent something."""
        begins = self._is_answered
        if begins:
            self.request.clear()
            self._is_answered = False
            self.was_frozen = self._wire.has_just_stood_still(self.program)
        if len(self.request) < MOST_KEPT:
            self.request += data
        self._out += data
        if begins:
            self._wire.passes(self, Side.BEFORE)
        self._pass()

    def answered(self, data: bytes) -> None:
        """The service has sent something."""
        begins = not self._is_answered
        self._is_answered = True
        self._back += data
        if begins:
            self._wire.sent(self)
            self._wire.passes(self, Side.AFTER)
        self._pass()

    def lost(self, *, is_near: bool) -> None:
        """An end is gone; so is the other one, and what has not passed never will."""
        if is_near and self._is_late:
            return
        if not self._is_answered:
            self._wire.sent(self)
        self._wire.closed(self)
        if is_near:
            self.far.abort()
            if self._connecting is not None:
                self._connecting.cancel()
        else:
            self.near.close()

    def hold(self) -> None:
        """Lets nothing through, until `let_through` was called as often."""
        self._holds += 1

    def let_through(self) -> None:
        """See `hold`."""
        self._holds = max(0, self._holds - 1)
        self._pass()

    def cut(self) -> None:
        """Both ends break."""
        self._out.clear()
        self._back.clear()
        self.near.abort()
        self.far.abort()

    def suffer(self, fault: Fault) -> None:
        """What is planned happens to what is on its way."""
        match fault.kind:
            case Kind.CUT | Kind.LOSE:
                self.cut()
            case Kind.SLOW:
                self.hold()
                self._later(fault.for_s, self.let_through)
            case Kind.LATE:
                self.hold()
                self._later(WHOLE_S, self._leave)
                self._later(WHOLE_S + fault.for_s, self.let_through)
            case Kind.LIMIT:
                self._answer(limited(self.service))
            case Kind.FAIL | Kind.FAIL_AFTER:
                self._answer(failed(self.service))
            case Kind.BABBLE:
                self._answer(BABBLE)
            case Kind.BREAK_OFF:
                self._answer(bytes(self._back[: len(self._back) // 2]))
            case _:
                raise ValueError(f"{fault} does not happen to a connection")

    def _answer(self, said: bytes) -> None:
        """Says this instead, and no more."""
        self._out.clear()
        self._back[:] = said
        self.near.write(self._back)
        self.near.close()
        self.far.abort()

    def _leave(self) -> None:
        """The process is told that the connection broke; what it asked is still on its way."""
        self._is_late = True
        self.near.abort()
        self._later(LINGER_S, self.far.abort)

    def _pass(self) -> None:
        if self._holds == 0:
            self.far.write(self._out)
            self.near.write(self._back)

    async def _connect(self) -> None:
        host, port = self._wire.targets[self.service]
        try:
            await asyncio.get_running_loop().create_connection(lambda: self.far, host, port)
        except OSError:
            self.near.abort()

    def _later(self, seconds: float, do: object) -> None:
        assert callable(do)
        asyncio.get_running_loop().call_later(seconds, do)
