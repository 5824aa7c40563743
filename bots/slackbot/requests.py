"""The bot's own server: Slack's requests over HTTP, and the pages that install the app."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp

PATH = "/slack/events"
MOST_BYTES = 1 << 20


def requests(app: AsyncApp) -> web.RouteDef:
    """Slack's requests; bolt checks their signatures, and answers what is none of Slack's."""

    async def take(request: web.Request) -> web.Response:
        answer = await app.async_dispatch(await to_bolt_request(request))
        return await to_aiohttp_response(answer)

    return web.post(PATH, take)


@asynccontextmanager
async def serving(routes: Iterable[web.RouteDef], host: str, port: int) -> AsyncIterator[str]:
    """Serves for as long as the `async with` lasts; yields `http://HOST:PORT`.

    Raises:
        OSError: the port is taken.
    """
    server = web.Application(client_max_size=MOST_BYTES)
    server.add_routes(routes)
    runner = web.AppRunner(server, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        at = runner.addresses[0]
        yield f"http://{at[0]}:{at[1]}"
    finally:
        await runner.cleanup()
