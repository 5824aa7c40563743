"""Slack's requests over HTTP: bolt checks their signatures, and answers what is none of Slack's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp

PATH = "/slack/events"
MOST_BYTES = 1 << 20


@asynccontextmanager
async def serving(app: AsyncApp, host: str, port: int) -> AsyncIterator[str]:
    """Serves for as long as the `async with` lasts; yields the address.

    Raises:
        OSError: the port is taken.
    """

    async def take(request: web.Request) -> web.Response:
        answer = await app.async_dispatch(await to_bolt_request(request))
        return await to_aiohttp_response(answer)

    server = web.Application(client_max_size=MOST_BYTES)
    server.add_routes([web.post(PATH, take)])
    runner = web.AppRunner(server, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        at = runner.addresses[0]
        yield f"http://{at[0]}:{at[1]}{PATH}"
    finally:
        await runner.cleanup()
