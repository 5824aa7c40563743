"""Answers: JSON for scripts, a small page for people, and errors in the reader's language."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bots.chat.desk import Answer
from bots.chat.i18n import explained
from bots.webroom.identity import language
from bots.webroom.pages.shell import plain_page
from bots.webroom.refusals import status_of
from engine.debate.explained import Explained

_NO_STORE = {"cache-control": "no-store"}


def answer(content: object, status: int = 200) -> Response:
    """Anything as JSON."""
    return Response(orjson.dumps(content), status, _NO_STORE, "application/json")


def page(html: str, status: int = 200) -> Response:
    """A page of the room."""
    return HTMLResponse(html, status, _NO_STORE)


def refusal(request: Request, error: Explained) -> Response:
    """An error's one line, as a page where a person looks on, else as JSON."""
    spoken = language(request)
    line, status = explained(error, spoken), status_of(error)
    if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
        return page(plain_page(line, spoken), status)
    return answer({"error": line, "kind": type(error).__name__}, status)


def told(said: Answer) -> dict[str, Any]:
    """What the desk says to whoever asked: {text, choices, files, debate}.

    All of it is empty where the thread shows what came of it.
    """
    return {
        "text": said.text,
        "choices": [asdict(seat) for seat in said.choices],
        "files": [file.name for file in said.files],
        "debate": said.debate,
    }
