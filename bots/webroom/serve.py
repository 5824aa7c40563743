"""The web room on a port: uvicorn, told when to stop by whoever runs it."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator

import uvicorn
from starlette.types import ASGIApp

from bots.webroom.site import Site
from engine.debate.explained import Explained, reason

BACKLOG = 128
LONGEST_END_S = 5
"""How long requests may take to end when the room closes."""


class PortTaken(Explained):
    """The room cannot listen where it was told to; the text says why."""


class _Server(uvicorn.Server):
    """Ctrl-C is for whoever runs the room, and not for uvicorn."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def serving(app: ASGIApp, site: Site, host: str, port: int) -> AsyncIterator[int]:
    """Serves for as long as the `async with` lasts; yields the port. 0: any that is free.

    Raises:
        PortTaken
    """
    with _listening(host, port) as listener:
        server = _Server(_config(app))
        running = asyncio.create_task(server.serve([listener]))
        try:
            yield listener.getsockname()[1]
        finally:
            site.closing.set()
            server.should_exit = True
            await running


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=LONGEST_END_S,
    )


@contextlib.contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    listener: socket.socket | None = None
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
        listener.setblocking(False)
    except (OSError, OverflowError) as error:
        if listener is not None:
            listener.close()
        why = reason(error) if isinstance(error, OSError) else error
        raise PortTaken(
            "the room cannot be opened at {host}, port {port}: {why}", host=host, port=port, why=why
        ) from error
    with listener:
        yield listener
