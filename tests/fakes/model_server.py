"""A model server that speaks OpenAI's chat protocol, with replies made up from the schema.

It misbehaves on demand: `server.will(hang_up(), say("…"))` decides the next requests in order;
after those it is well again. `python -m tests.fakes.model_server` runs it as a process of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
from aiohttp import web

from tests.fakes.model_behaviours import Behaviour, Received, json_answer, say


class FakeModelServer:
    """The server; `url` is what a client is given."""

    def __init__(self) -> None:
        self.url = ""
        self.models: list[dict[str, Any]] = [{"id": "fake", "max_model_len": 32768}]
        """What `GET /v1/models` lists. A request for a model that is not there gets a 404."""
        self.props: object = None
        """The answer to llama.cpp's `GET /props`; `None`: no such page."""
        self.received: deque[Received] = deque(maxlen=10_000)
        """The latest chat requests."""
        self.running = 0
        """Chat requests in progress."""
        self.most_running = 0
        self._count = 0
        self._next: deque[Behaviour] = deque()
        self._default = say()
        self._changed = asyncio.Event()

    @classmethod
    @asynccontextmanager
    async def open(cls, port: int = 0) -> AsyncIterator[FakeModelServer]:
        """Listens on loopback; port 0: a free one."""
        server = cls()
        app = web.Application(client_max_size=1 << 26)
        app.router.add_post("/v1/chat/completions", server._chat)
        app.router.add_get("/v1/models", server._models)
        app.router.add_get("/props", server._props)
        app.router.add_get("/health", server._health)
        runner = web.AppRunner(
            app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", port).start()
            host, bound = runner.addresses[0][:2]
            server.url = f"http://{host}:{bound}/v1"
            yield server
        finally:
            await runner.cleanup()

    def will(self, *behaviours: Behaviour) -> None:
        """Decides the next requests, one behaviour each."""
        self._next.extend(behaviours)

    def always(self, behaviour: Behaviour) -> None:
        """Decides every request that `will` does not."""
        self._default = behaviour

    async def until(self, running: int, within_s: float = 5.0) -> None:
        """Waits until exactly so many requests are in progress.

        Raises:
            TimeoutError
        """
        async with asyncio.timeout(within_s):
            while self.running != running:
                self._changed.clear()
                await self._changed.wait()

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        self._count += 1
        body = orjson.loads(await request.read())
        peer = request.get_extra_info("peername")
        received = Received(request.headers, body, self._count, peer)
        self.received.append(received)
        self._count_running(+1)
        try:
            if self._next:
                return await self._next.popleft()(request, received)
            if all(received.body["model"] != model["id"] for model in self.models):
                return json_answer({"error": {"message": "The model does not exist."}}, 404)
            return await self._default(request, received)
        finally:
            self._count_running(-1)

    def _count_running(self, change: int) -> None:
        self.running += change
        self.most_running = max(self.most_running, self.running)
        self._changed.set()

    async def _models(self, request: web.Request) -> web.StreamResponse:
        return json_answer({"object": "list", "data": self.models})

    async def _health(self, request: web.Request) -> web.StreamResponse:
        return web.Response()

    async def _props(self, request: web.Request) -> web.StreamResponse:
        return json_answer(self.props, 404 if self.props is None else 200)


async def _serve(port: int) -> None:
    """Runs until it is told to stop; its first line says where it is."""
    stop = asyncio.Event()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(signal_number, stop.set)
    async with FakeModelServer.open(port) as server:
        print(server.url, flush=True)  # noqa: T201 - whoever started it reads this
        await stop.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.model_server")
    parser.add_argument("--port", type=int, default=0, help="0: a free one")
    asyncio.run(_serve(parser.parse_args().port))
