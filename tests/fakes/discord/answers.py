"""Responses as Discord and the proxies before it send them."""

from __future__ import annotations

import json
import math

from aiohttp import web

from tests.fakes.discord.protocol import Json


def answer(body: object, status: int = 200, headers: Json | None = None) -> web.Response:
    """JSON, or 204 for `None`; clients look for `application/json` without a charset."""
    sent = {"Via": "1.1 google"} | (headers or {})
    if body is None:
        return web.Response(status=204, headers=sent)
    text = json.dumps(body).encode()
    return web.Response(body=text, status=status, content_type="application/json", headers=sent)


def too_many(
    retry_after_s: float, scope: str = "user", headers: Json | None = None
) -> web.Response:
    """429; `scope`: user, global or shared."""
    told = {
        "message": "You are being rate limited.",
        "retry_after": retry_after_s,
        "global": scope == "global",
    }
    sent = {"X-RateLimit-Scope": scope, "Retry-After": str(math.ceil(retry_after_s))}
    if scope == "global":
        sent["X-RateLimit-Global"] = "true"
    return answer(told, 429, (headers or {}) | sent)
