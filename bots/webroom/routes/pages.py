"""The room's pages, and the list of debates on the first."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bots.webroom.answers import answer, page
from bots.webroom.identity import language
from bots.webroom.pages.faces import face
from bots.webroom.pages.room import room_page
from bots.webroom.pages.start import start_page
from bots.webroom.site import site
from engine.debate.events import DebateStarted
from engine.ports.debates import Listed
from engine.ports.store import UnknownDebate

MOST_LISTED = 30


async def start(request: Request) -> Response:
    """`GET /`"""
    return page(start_page(site(request).offer, language(request)))


async def room(request: Request) -> Response:
    """`GET /d/{debate}`"""
    debate = request.path_params["debate"]
    records = await site(request).records(debate)
    first = records[0]
    if not isinstance(first.event, DebateStarted):
        raise UnknownDebate(debate)
    started = first.event
    panel = site(request).offer.panels.get(started.panel)
    title = panel.title if panel else started.panel
    return page(room_page(debate, started, first.at_ms, language(request), title))


async def history(request: Request) -> Response:
    """`GET /debates`: the latest first."""
    listed = await site(request).recent(MOST_LISTED)
    return answer({"debates": [_listed(each) for each in listed]})


def _listed(each: Listed) -> dict[str, Any]:
    return {
        "debate": each.debate,
        "topic": each.started.topic,
        "panel": each.started.panel,
        "seats": [face(seat) for seat in each.started.seats],
        "at_ms": each.at_ms,
        "closed": each.closed,
    }
