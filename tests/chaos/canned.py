"""What a service says whose day it is not: whole HTTP answers."""

from __future__ import annotations

import json

from tests.chaos.moments import DISCORD, SLACK
from tests.fakes.model_behaviours import stream_of

RETRY_AFTER_S = 1


def _http(status: str, body: bytes, *headers: str, kind: str = "application/json") -> bytes:
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
        "Connection: close",
        *headers,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def limited(service: str) -> bytes:
    """429."""
    bodies = {
        SLACK: {"ok": False, "error": "ratelimited"},
        DISCORD: {"message": "You are limited.", "retry_after": RETRY_AFTER_S, "global": False},
    }
    body = bodies.get(service, {"error": {"message": "Too many requests.", "code": 429}})
    headers = [f"Retry-After: {RETRY_AFTER_S}"]
    if service == DISCORD:
        headers += ["X-RateLimit-Scope: user", "Via: 1.1 local"]
    return _http("429 Too Many Requests", json.dumps(body).encode(), *headers)


def failed(service: str) -> bytes:
    """500, which does not say whether anything was done."""
    bodies: dict[str, object] = {
        SLACK: {"ok": False, "error": "internal_error"},
        DISCORD: {"message": "500: Internal Server Error", "code": 0},
    }
    body = bodies.get(service, {"error": {"message": "Internal error.", "code": 500}})
    return _http("500 Internal Server Error", json.dumps(body).encode())


BABBLE = _http(
    "200 OK",
    stream_of(["As a ", "{language} model", ', I "cannot'], None, "stop"),
    kind="text/event-stream",
)
"""A reply that is none."""
