"""Over HTTP: is this process well (/healthz), and what has it counted (/metrics)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest


@asynccontextmanager
async def health_server(
    host: str, port: int, registry: CollectorRegistry, ailing: Callable[[], str | None]
) -> AsyncIterator[str]:
    """Serves both pages; yields the address, `http://host:port`.

    `ailing` says what is wrong with the process, or `None`: /healthz then answers 503 or 200.

    Raises:
        OSError: the port is taken.
    """

    async def health(_: web.Request) -> web.Response:
        problem = ailing()
        return web.Response(text=problem or "ok", status=503 if problem else 200)

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(
            body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST}
        )

    app = web.Application()
    app.add_routes([web.get("/healthz", health), web.get("/metrics", metrics)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        address = runner.addresses[0]
        yield f"http://{address[0]}:{address[1]}"
    finally:
        await runner.cleanup()
