"""Answers: JSON for scripts, a small page for people, and errors in the reader's language."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bots.chat.i18n import explained
from bots.webroom.identity import language
from bots.webroom.pages.shell import plain_page
from bots.webroom.refusals import Refused, TooLarge, TooSlow, status_of
from engine.debate.explained import Explained

MOST_BYTES = 512 * 1024
"""A message of 40,000 characters, each escaped, and room for the rest."""
BODY_S = 10.0

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


async def fields(request: Request) -> Mapping[str, Any]:
    """The JSON object in a request's body.

    Raises:
        Refused: it is too large or too slow, or no object.
    """
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_S):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MOST_BYTES:
                    raise TooLarge
    except TimeoutError:
        raise TooSlow from None
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError:
        content = None
    if not isinstance(content, dict):
        raise Refused("The body must be a JSON object.")
    return content


def text(content: Mapping[str, Any], name: str) -> str:
    """A text among the fields; empty where there is none.

    Raises:
        Refused: it is something else.
    """
    value = content.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refused("{name} must be a text", name=name)
    return value


def whole_number(content: Mapping[str, Any], name: str) -> int:
    """A whole number among the fields.

    Raises:
        Refused: there is none.
    """
    value = content.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Refused("{name} must be a whole number", name=name)
    return value
