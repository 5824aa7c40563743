"""Socket Mode: tickets, connections, envelopes and their acknowledgements, and refreshes."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import defaultdict
from collections.abc import Coroutine
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from tests.fakes.changes import Changes
from tests.fakes.slack.apps import App
from tests.fakes.slack.clock import Ids
from tests.fakes.slack.outcome import Outcome, Sending
from tests.fakes.slack.protocol import Json
from tests.fakes.slack.timing import Timing
from tests.fakes.slack.trace import Trace

MOST_CONNECTIONS = 10
_HOST = "applink-local"


@dataclass(slots=True, eq=False)
class Connection:
    """An open WebSocket of an app, and the envelopes that it has not acknowledged."""

    app: App
    socket: web.WebSocketResponse
    request: web.Request
    waiting: dict[str, asyncio.Future[Outcome]] = field(default_factory=dict)
    sent: int = 0
    """Envelopes so far."""

    async def tell(self, message: Json) -> bool:
        """Sends, unless the connection is gone."""
        try:
            await self.socket.send_str(json.dumps(message))
        except ConnectionError:
            return False
        return True


class Sockets:
    """The WebSocket side of all apps; each envelope goes to one connection of its app."""

    def __init__(self, timing: Timing, ids: Ids, trace: Trace, changes: Changes) -> None:
        self.timing = timing
        self.url = ""
        """`ws://…` of this server."""
        self.refuse_handshakes = 0
        """So many are refused; their tickets stay good."""
        self.void_tickets = 0
        """So many tickets turn out to be worthless when they are used."""
        self.refused: list[str] = []
        """The tickets of handshakes that were refused."""
        self._ids, self._trace, self._changes = ids, trace, changes
        self._tickets: dict[str, App] = {}
        self._connections: defaultdict[str, list[Connection]] = defaultdict(list)
        self._turn = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def connections(self, app: App) -> list[Connection]:
        """The app's open connections, oldest first."""
        return list(self._connections[app.id])

    def open_url(self, app: App) -> str:
        """A URL that is good for one connection."""
        ticket = self._ids.uuid()
        self._tickets[ticket] = app
        return f"{self.url}/link/?ticket={ticket}&app_id={app.id}"

    async def send(self, app: App, sending: Sending) -> Outcome:
        """To one connection, each in its turn; waits for the acknowledgement."""
        open_ones = self._connections[app.id]
        if not open_ones:
            return Outcome(False, reason="connection_failed")
        self._turn += 1
        connection = open_ones[self._turn % len(open_ones)]
        envelope_id = self._ids.uuid()
        answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        connection.waiting[envelope_id] = answer
        connection.sent += 1
        self._trace.record("out", sending.kind, sending.payload)
        try:
            if not await connection.tell(_envelope(envelope_id, sending)):
                return Outcome(False, reason="connection_failed")
            async with asyncio.timeout(self.timing.ack_s):
                return await answer
        except TimeoutError:
            return Outcome(False, reason="timeout")
        finally:
            connection.waiting.pop(envelope_id, None)
            self._changes.tell()

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """The handshake, and the connection's whole life."""
        ticket = request.query.get("ticket", "")
        if self.refuse_handshakes:
            self.refuse_handshakes -= 1
            return self._refused(ticket, 503)
        app = self._tickets.pop(ticket, None)
        if app is not None and self.void_tickets:
            self.void_tickets, app = self.void_tickets - 1, None
        if app is None or request.query.get("app_id") != app.id:
            return self._refused(ticket, 401)
        socket = web.WebSocketResponse(heartbeat=self.timing.ping_s, timeout=0.2)
        await socket.prepare(request)
        connection = Connection(app, socket, request)
        refusal = self._refusal(app)
        if refusal:
            await connection.tell(_disconnect(refusal))
            await socket.close()
            return socket
        is_debug = request.query.get("debug_reconnects") == "true"
        life_s = self.timing.debug_connection_s if is_debug else self.timing.connection_s
        self._connections[app.id].append(connection)
        await connection.tell(self._hello(connection, int(life_s)))
        ending = self._later(self._end_after(connection, life_s - self.timing.warning_s))
        try:
            self._changes.tell()
            await self._read(connection)
        finally:
            ending.cancel()
            self._forget(connection)
        return socket

    async def refresh(self, app: App) -> None:
        """Ends the connections that are open now as Slack does: a warning, then the end."""
        async with asyncio.TaskGroup() as group:
            for connection in self.connections(app):
                group.create_task(self._end(connection))

    async def drop(self, connection: Connection) -> None:
        """Cuts the connection without a word."""
        self._forget(connection)
        if connection.request.transport is not None:
            connection.request.transport.abort()

    async def disable(self, app: App) -> None:
        """Somebody switches Socket Mode off in the app's settings."""
        app.manifest["settings"]["socket_mode_enabled"] = False
        for connection in self.connections(app):
            await connection.tell(_disconnect("link_disabled"))
            await connection.socket.close()

    async def close(self) -> None:
        """Ends everything."""
        for task in self._tasks:
            task.cancel()
        for connections in self._connections.values():
            for connection in list(connections):
                await self.drop(connection)

    def _refused(self, ticket: str, status: int) -> web.Response:
        self.refused.append(ticket)
        self._changes.tell()
        return web.Response(status=status)

    def _refusal(self, app: App) -> str:
        if not app.uses_sockets:
            return "link_disabled"
        is_full = len(self._connections[app.id]) >= MOST_CONNECTIONS
        return "too_many_websockets" if is_full else ""

    async def _read(self, connection: Connection) -> None:
        async for message in connection.socket:
            if message.type is not WSMsgType.TEXT:
                continue
            with contextlib.suppress(json.JSONDecodeError):
                said = json.loads(message.data)
                if isinstance(said, dict):
                    self._acknowledge(connection, said)

    def _acknowledge(self, connection: Connection, said: Json) -> None:
        self._trace.record("in", "ack", said)
        answer = connection.waiting.pop(str(said.get("envelope_id")), None)
        if answer is not None and not answer.done():
            answer.set_result(Outcome(True, said.get("payload") or {}))
        self._changes.tell()

    def _hello(self, connection: Connection, life_s: int) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._connections[connection.app.id]),
            "debug_info": {
                "host": _HOST,
                "build_number": 1,
                "approximate_connection_time": life_s,
            },
            "connection_info": {"app_id": connection.app.id},
        }

    async def _end_after(self, connection: Connection, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self._end(connection)

    async def _end(self, connection: Connection) -> None:
        await connection.tell(_disconnect("warning"))
        await asyncio.sleep(self.timing.warning_s)
        if not connection.socket.closed:
            await connection.tell(_disconnect("refresh_requested"))
            await connection.socket.close()

    def _forget(self, connection: Connection) -> None:
        with contextlib.suppress(ValueError):
            self._connections[connection.app.id].remove(connection)
        for answer in connection.waiting.values():
            if not answer.done():
                answer.set_result(Outcome(False, reason="connection_failed"))
        connection.waiting.clear()
        self._changes.tell()

    def _later(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _envelope(envelope_id: str, sending: Sending) -> Json:
    envelope: Json = {
        "envelope_id": envelope_id,
        "payload": sending.payload,
        "type": sending.kind,
        "accepts_response_payload": sending.takes_answer,
    }
    if sending.kind == "events_api":
        envelope |= {"retry_attempt": sending.attempt, "retry_reason": sending.reason}
    return envelope


def _disconnect(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": _HOST}}
