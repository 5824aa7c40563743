"""Pages of a collection, with cursors that mean nothing to the caller."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from tests.fakes.slack.protocol import Json, Refused

T = TypeVar("T")


def page(items: Sequence[T], cursor: str, limit: int) -> tuple[list[T], Json]:
    """One page, and the `response_metadata` that leads to the next.

    Raises:
        Refused: `invalid_cursor`
    """
    start = _start(cursor)
    end = start + limit
    following = _cursor(end) if end < len(items) else ""
    return list(items[start:end]), {"next_cursor": following}


def _cursor(start: int) -> str:
    return base64.b64encode(f"next:{start}".encode()).decode()


def _start(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        word, _, number = base64.b64decode(cursor, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise Refused("invalid_cursor") from None
    if word != "next" or not number.isdigit():
        raise Refused("invalid_cursor")
    return int(number)
