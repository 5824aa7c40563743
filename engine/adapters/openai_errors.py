"""What a model server's refusals mean: which may pass when sent again, and which never will."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any

import orjson

from engine.debate.explained import marked as _
from engine.debate.explained import one_line
from engine.ports.model import ContextOverflow, ModelAway, ModelRefused

RETRY_AFTER_CAP_S = 300.0
"""A server that asks for more patience than this is asked again after it."""

_TOO_LONG = re.compile(
    r"context_length_exceeded|exceed_context_size|context (?:length|size|window)"
    r"|maximum model length|prompt is too long",
    re.IGNORECASE,
)
"""How OpenAI, vLLM, llama.cpp and those who follow them word a prompt that does not fit."""

_PASSING = frozenset({408, 425, 429})


def failure(
    where: str, status: int, body: bytes, retry_after_s: float | None = None
) -> ModelAway | ModelRefused:
    """The error that an HTTP answer other than 200 stands for; `where` names the server."""
    message, kind = _told(body)
    text = _("{where} answered {status}: {message}") if message else _("{where} answered {status}")
    values = {"where": where, "status": status, "message": message}
    if status != 429 and _TOO_LONG.search(f"{kind} {message}"):
        return ContextOverflow(text, **values)
    if status in _PASSING or status >= 500:
        return ModelAway(text, retry_after_s=retry_after_s, **values)
    return ModelRefused(text, **values)


def failure_in_stream(where: str, payload: bytes, error: object) -> ModelAway | ModelRefused:
    """The error that an `error` object in a stream stands for; its own code is the status."""
    code = error.get("code") if isinstance(error, dict) else None
    status = code if isinstance(code, int) and 400 <= code <= 599 else 500
    return failure(where, status, payload)


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """How long the server asks to be left alone: seconds, or a date beside the server's own."""
    value = headers.get("Retry-After", "")
    try:
        seconds = float(value)
    except ValueError:
        try:
            until = parsedate_to_datetime(value) - parsedate_to_datetime(headers["Date"])
        except (KeyError, OverflowError, TypeError, ValueError):
            return None
        seconds = until.total_seconds()
    if not math.isfinite(seconds):
        return None
    return min(max(seconds, 0.0), RETRY_AFTER_CAP_S)


def _told(body: bytes) -> tuple[str, str]:
    """The server's own message, in one line, and its names for the kind of error."""
    try:
        answer: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        return one_line(body.decode(errors="replace")), ""
    error = answer.get("error", answer) if isinstance(answer, dict) else answer
    if not isinstance(error, dict):
        return one_line(str(error)), ""
    message = error.get("message") or error.get("detail") or orjson.dumps(error).decode()
    return one_line(str(message)), f"{error.get('type')} {error.get('code')}"
