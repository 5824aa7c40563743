"""The model server of a run, as a process: `python -m tests.chaos.model --port N`.

It speaks in pieces with a little time between them, so that a fault can fall into mid-reply.
"""

from __future__ import annotations

import argparse
import asyncio
import signal

from aiohttp import web

from tests.fakes.model_behaviours import DONE, Received, chunk, made_up
from tests.fakes.model_server import FakeModelServer

PIECES = 6
PAUSE_S = 0.02


async def speak(request: web.Request, received: Received) -> web.StreamResponse:
    """Streams a reply that fits."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    reply = made_up(received)
    size = -(-len(reply) // PIECES)
    for start in range(0, len(reply), size):
        await response.write(chunk({"content": reply[start : start + size]}))
        await asyncio.sleep(PAUSE_S)
    usage = {"prompt_tokens": received.prompt_tokens, "completion_tokens": len(reply) // 4}
    await response.write(chunk({}, "stop"))
    await response.write(chunk({}, None, usage=usage) + DONE)
    return response


async def _serve(port: int) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with FakeModelServer.open(port) as server:
        server.always(speak)
        await stop.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.model")
    parser.add_argument("--port", type=int, required=True)
    asyncio.run(_serve(parser.parse_args().port))
