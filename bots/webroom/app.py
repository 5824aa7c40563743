"""The web room as an ASGI app."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Scope

from bots.webroom.answers import refusal
from bots.webroom.guard import Entry, Guard
from bots.webroom.refusals import NotHere
from bots.webroom.routes import events, files, pages, talk, transcript, visitors
from bots.webroom.site import Site
from engine.debate.explained import Explained

_STATIC = Path(__file__).parent / "static"


class _Files(StaticFiles):
    """The room's own files; a browser asks each time whether they are still the same."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = "no-cache"
        return response


def create_app(site: Site, entry: Entry) -> ASGIApp:
    """The room of this site, behind its door."""
    app = Starlette(
        routes=[
            Route("/", pages.start),
            Route("/d/{debate}", pages.room),
            Route("/d/{debate}/events", events.stream),
            Route("/d/{debate}/transcript", transcript.read),
            Route("/d/{debate}/transcript.{form}", transcript.download),
            Route("/debates", pages.history),
            Route("/debates", talk.start, methods=["POST"]),
            Route("/d/{debate}/say", talk.say, methods=["POST"]),
            Route("/d/{debate}/do", talk.act, methods=["POST"]),
            Route("/d/{debate}/files", files.attach, methods=["POST"]),
            Route("/d/{debate}/files/{n}", files.read),
            Route("/me", visitors.who),
            Route("/me", visitors.introduce_yourself, methods=["POST"]),
            Route("/language", visitors.speak, methods=["POST"]),
            Mount("/static", _Files(directory=_STATIC)),
        ],
        exception_handlers={Explained: _refused, HTTPException: _refused},
    )
    app.state.site = site
    return Guard(app, entry)


async def _refused(request: Request, error: Exception) -> Response:
    return refusal(request, error if isinstance(error, Explained) else NotHere())
