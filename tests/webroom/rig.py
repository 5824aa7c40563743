"""A web room on a real port, with the real engine and Redis, and a browser without a screen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Self

import aiohttp
import orjson

from bots.chat.desk import Desk
from bots.webroom.app import create_app
from bots.webroom.guard import Entry
from bots.webroom.serve import serving
from bots.webroom.site import Offer, Site
from engine.bootstrap import new_id, open_debates, open_worker
from engine.debate.events import Pace
from engine.panels.loader import load_panel
from engine.settings import Settings, read_settings
from tests.fakes.model_server import FakeModelServer
from tests.redis_server import RedisServer
from tests.webroom.speaker import Speaker

PANELS = ("ai-en", "ai-es", "decision-en")
TOPIC = "Should a small team run its own models?"
LONG_S = 20.0


@dataclass(frozen=True)
class Room:
    """A room that is open."""

    url: str
    site: Site
    speaker: Speaker

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.url.rpartition(":")[2])


@dataclass
class House:
    """Where rooms are opened: a shard of a Redis, and a model server."""

    server: RedisServer
    shard: str
    model: FakeModelServer
    speaker: Speaker

    @classmethod
    @asynccontextmanager
    async def built(cls, server: RedisServer, shard: str) -> AsyncIterator[Self]:
        """With a model that speaks at once."""
        speaker = Speaker()
        async with FakeModelServer.open() as model:
            model.always(speaker)
            yield cls(server, shard, model, speaker)

    @asynccontextmanager
    async def room(
        self, token: str | None = None, port: int = 0, *, speaks: bool = True
    ) -> AsyncIterator[Room]:
        """A room with a worker, for as long as the `async with` lasts."""
        settings = self._settings()
        panels = {name: load_panel(name) for name in PANELS}
        async with AsyncExitStack() as stack:
            debates = await stack.enter_async_context(open_debates(settings))
            if speaks:
                await stack.enter_async_context(_working(settings))
            desk = Desk(debates, panels, lambda: new_id(settings))
            site = Site(debates, desk, lambda: new_id(settings), Offer(panels, Pace.LIVE))
            app = create_app(site, Entry(token))
            bound = await stack.enter_async_context(serving(app, site, "127.0.0.1", port))
            yield Room(f"http://127.0.0.1:{bound}", site, self.speaker)

    def _settings(self) -> Settings:
        return read_settings(
            redis={"url": self.server.url, "shard": self.shard},
            model={"url": self.model.url},
            worker={"lease_s": 1, "drain_s": 0},
        )


@asynccontextmanager
async def _working(settings: Settings) -> AsyncIterator[None]:
    async with open_worker(settings) as worker:
        running = asyncio.create_task(worker.run())
        try:
            yield
        finally:
            worker.stop()
            await running


@dataclass(frozen=True)
class Told:
    """One server-sent event."""

    name: str
    data: dict[str, Any]
    id: int | None


class Visitor:
    """What a browser does, said in requests."""

    def __init__(self, url: str, http: aiohttp.ClientSession) -> None:
        self.url = url
        self.http = http
        self.id = ""

    @classmethod
    @asynccontextmanager
    async def of(cls, url: str, name: str | None = None, lang: str = "en") -> AsyncIterator[Self]:
        """Somebody at the room; with a name, they have said it."""
        jar = aiohttp.CookieJar(unsafe=True)
        headers = {"Origin": url, "Accept-Language": lang}
        async with aiohttp.ClientSession(cookie_jar=jar, headers=headers) as http:
            visitor = cls(url, http)
            if name:
                _, told = await visitor.post("/me", name=name)
                visitor.id = told["person"]["id"]
            yield visitor

    async def get(self, path: str, **headers: str) -> tuple[int, str]:
        """Status and body."""
        async with self.http.get(self.url + path, headers=headers) as response:
            return response.status, await response.text()

    async def post(self, path: str, **fields: Any) -> tuple[int, Any]:
        """Status and JSON."""
        async with self.http.post(self.url + path, json=fields) as response:
            return response.status, await response.json() if response.status != 204 else None

    async def start(self, topic: str = TOPIC, **more: Any) -> str:
        """A debate, started; answers its id."""
        fields = {"topic": topic, "panel": "ai-en", "pace": "live", **more}
        status, told = await self.post("/debates", **fields)
        assert status == 201, told
        return str(told["debate"])

    async def do(self, debate: str, name: str, **more: Any) -> Any:
        """Presses a button; answers what the room says to that."""
        status, told = await self.post(f"/d/{debate}/do", do=name, **more)
        assert status == 200, told
        return told

    async def say(self, debate: str, text: str, **more: Any) -> Any:
        """Writes into the thread; answers what the room says to that."""
        status, told = await self.post(f"/d/{debate}/say", text=text, **more)
        assert status == 200, told
        return told

    async def attach(
        self, debate: str, name: str, content: bytes, key: str = ""
    ) -> tuple[int, dict[str, Any]]:
        """Hands a file in; status and JSON."""
        there, given = f"{self.url}/d/{debate}/files", {"name": name, "key": key}
        async with self.http.post(there, params=given, data=BytesIO(content)) as response:
            return response.status, await response.json()

    async def events(self, debate: str, after: int = 0) -> AsyncGenerator[Told]:
        """What the stream tells, until it ends."""
        headers = {"Last-Event-ID": str(after)} if after else {}
        async with self.http.get(f"{self.url}/d/{debate}/events", headers=headers) as response:
            assert response.status == 200, await response.text()
            fields: dict[str, str] = {}
            async for raw in response.content:
                line = raw.decode().rstrip("\n")
                if line:
                    name, _, value = line.partition(": ")
                    fields[name] = value
                elif "event" in fields:
                    number = int(fields["id"]) if "id" in fields else None
                    yield Told(fields["event"], orjson.loads(fields["data"]), number)
                    fields = {}
                else:
                    fields = {}

    async def posts(self, debate: str, until: str, after: int = 0) -> list[dict[str, Any]]:
        """The records from there to the first of this name."""
        found: list[dict[str, Any]] = []
        async with asyncio.timeout(LONG_S):
            async for told in self.events(debate, after):
                if told.name != "post":
                    continue
                assert told.id == told.data["n"]
                found.append(told.data)
                if told.data["name"] == until:
                    return found
        raise AssertionError(f"the stream ended before {until}")

    async def view(self, debate: str) -> Any:
        """What stands beside the thread now."""
        async with asyncio.timeout(LONG_S):
            async for told in self.events(debate):
                if told.name == "view":
                    return told.data
        raise AssertionError("the stream ended before its view")
