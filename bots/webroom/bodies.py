"""What comes in a request's body: never more than its limit, nor for longer than it may take."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import orjson
from starlette.requests import ClientDisconnect, Request

from bots.webroom.refusals import Refused, TooLarge, TooSlow

MOST_BYTES = 512 * 1024
"""A message of 40,000 characters, each escaped, and room for the rest."""
BODY_S = 10.0
LARGE_BODY_S = 120.0
"""For what may be larger: 10 MB by a line that carries a megabit a second."""


async def body(request: Request, most: int = MOST_BYTES) -> bytes:
    """All of it, at most so many bytes; of one that says it has more, nothing is read.

    Raises:
        Refused: it is too large or too slow.
    """
    if (_declared(request) or 0) > most:
        raise TooLarge(most)
    content = bytearray()
    try:
        async with asyncio.timeout(LARGE_BODY_S if most > MOST_BYTES else BODY_S):
            async for chunk in request.stream():
                content += chunk
                if len(content) > most:
                    raise TooLarge(most)
    except (TimeoutError, ClientDisconnect):  # who has left does not hear of it
        raise TooSlow from None
    return bytes(content)


def is_large(request: Request) -> bool:
    """Whether the body is larger than what people write, or does not say."""
    declared = _declared(request)
    return declared is None or declared > MOST_BYTES


async def fields(request: Request, most: int = MOST_BYTES) -> Mapping[str, Any]:
    """The JSON object in a request's body, of at most so many bytes.

    Raises:
        Refused: it is too large or too slow, or no object.
    """
    try:
        content = orjson.loads(await body(request, most))
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


def _declared(request: Request) -> int | None:
    """How many bytes the body says it has; the server lets through nothing but a number."""
    declared = request.headers.get("content-length")
    return None if declared is None else int(declared)
