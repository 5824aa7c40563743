"""The gateway: connections, identify and resume, heartbeats, and what a test lets go wrong."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

from aiohttp import WSMsgType, web

from tests.fakes.discord.applications import PRIVILEGED, Application, Intent
from tests.fakes.discord.protocol import Json
from tests.fakes.discord.sessions import Line, Session

if TYPE_CHECKING:
    from tests.fakes.discord.server import LocalDiscord

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, RESUME = 0, 1, 2, 3, 6
RECONNECT, MEMBERS, INVALID, HELLO, HEARTBEAT_ACK = 7, 8, 9, 10, 11
HEARTBEAT_MS = 41_250
IDENTIFIES_A_DAY = 1000


class Gateway:
    """Serves `/gateway`; all sessions are kept in `sessions` until a test forgets them."""

    def __init__(self, discord: LocalDiscord) -> None:
        self.discord = discord
        self.sessions: dict[str, Session] = {}
        self.lines: set[Line] = set()
        self.identifies: dict[str, int] = {}
        """How often each application identified."""
        self.is_down = False
        self.turned_away = 0
        """Connections that an outage refused."""

    def of(self, app: Application) -> list[Session]:
        """The application's sessions that have a connection."""
        return [s for s in self.sessions.values() if s.app is app and s.line is not None]

    def cut(self, app: Application) -> None:
        """Breaks the application's connections without a word; its sessions can be resumed."""
        for session in self.of(app):
            assert session.line is not None
            session.line.is_cut.set()
            session.line = None

    def close(self, app: Application, code: int) -> None:
        """Closes them with this code."""
        for session in self.of(app):
            assert session.line is not None
            session.line.close(code)
            session.line = None

    def ask_to_reconnect(self, app: Application) -> None:
        """Op 7."""
        for session in self.of(app):
            assert session.line is not None
            session.line.send(RECONNECT)

    def invalidate(self, app: Application, *, resumable: bool = False) -> None:
        """Op 9; where it is not resumable, the session is gone."""
        for session in self.of(app):
            assert session.line is not None
            session.line.send(INVALID, resumable)
            if not resumable:
                del self.sessions[session.id]

    def forget(self, app: Application) -> None:
        """Ends its sessions that have no connection: to resume them is refused."""
        for session in [s for s in self.sessions.values() if s.app is app and s.line is None]:
            del self.sessions[session.id]

    def goes_down(self) -> None:
        """An outage: all connections break, and none can be made until `comes_back`."""
        self.is_down = True
        for app in self.discord.world.apps.values():
            self.cut(app)

    def comes_back(self) -> None:
        """The outage is over; sessions can be resumed unless they were forgotten."""
        self.is_down = False

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """One connection, until it ends."""
        if self.is_down:
            self.turned_away += 1
            self.discord.changes.tell()
            return web.Response(status=503)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        line = Line()
        self.lines.add(line)
        line.send(HELLO, {"heartbeat_interval": HEARTBEAT_MS})
        tasks = [
            asyncio.create_task(self._write(socket, line)),
            asyncio.create_task(self._read(socket, line)),
            asyncio.create_task(line.is_cut.wait()),
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self.lines.discard(line)
            if line.session is not None and line.session.line is line:
                line.session.line = None
            if line.is_cut.is_set() and request.transport is not None:
                request.transport.abort()
            self.discord.changes.tell()
        return socket

    def stop(self) -> None:
        """Ends all connections."""
        for line in self.lines:
            line.is_cut.set()

    async def _write(self, socket: web.WebSocketResponse, line: Line) -> None:
        while True:
            frame = await line.frames.get()
            if isinstance(frame, int):
                await socket.close(code=frame)
                return
            await socket.send_str(json.dumps(frame))

    async def _read(self, socket: web.WebSocketResponse, line: Line) -> None:
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                continue
            try:
                frame = json.loads(message.data)
                self._heard(line, frame["op"], frame.get("d"))
            except (json.JSONDecodeError, KeyError, TypeError):
                line.close(4002)
            self.discord.changes.tell()

    def _heard(self, line: Line, op: int, data: Json) -> None:
        if op == HEARTBEAT:
            line.send(HEARTBEAT_ACK)
            return
        self.discord.trace.record("in", f"op {op}", {"d": data})
        if op == IDENTIFY:
            self._identify(line, data)
        elif op == RESUME:
            self._resume(line, data)
        elif line.session is None:
            line.close(4003)
        elif op == MEMBERS:
            self._members(line.session, data)
        elif op != PRESENCE:
            line.close(4001)

    def _identify(self, line: Line, data: Json) -> None:
        app = self.discord.world.app_of(str(data["token"]))
        if line.session is not None or app is None:
            line.close(4004 if app is None else 4005)
            return
        self.identifies[app.id] = self.identifies.get(app.id, 0) + 1
        intents = Intent(data["intents"])
        number, count = data.get("shard", (0, 1))
        if intents & PRIVILEGED & ~app.allowed:
            line.close(4014)
            return
        if not 0 <= number < count:
            line.close(4010)
            return
        session = Session(self.discord.clock.secret(32), app, intents, (number, count), line)
        line.session = self.sessions[session.id] = session
        self.discord.announcer.greet(session)

    def _resume(self, line: Line, data: Json) -> None:
        session = self.sessions.get(str(data["session_id"]))
        if session is None or session.app.token != data["token"]:
            line.send(INVALID, False)
        elif not 0 <= int(data["seq"] or 0) <= session.seq:
            line.close(4007)
        else:
            session.resume(line, int(data["seq"] or 0))

    def _members(self, session: Session, data: Json) -> None:
        guild = self.discord.world.guilds[str(data["guild_id"])]
        wanted = {str(user) for user in data.get("user_ids") or guild.members}
        begin = str(data.get("query") or "")
        members = [m for m in guild.members.values() if m.user.id in wanted]
        chunk = {
            "guild_id": guild.id,
            "members": [m.as_json() for m in members if m.user.name.startswith(begin)],
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": sorted(wanted - set(guild.members)),
            "nonce": data.get("nonce"),
        }
        session.dispatch("GUILD_MEMBERS_CHUNK", chunk)
