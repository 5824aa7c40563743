"""`/api/v10/…`: reads the request, checks token and limits, meets faults, and answers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aiohttp import BodyPartReader, web

from tests.fakes.discord.answers import answer, too_many
from tests.fakes.discord.protocol import API, Json, Refused
from tests.fakes.discord.rest import (
    applications,
    channels,
    guilds,
    interactions,
    messages,
    reactions,
    webhooks,
)
from tests.fakes.discord.rest.call import Call, Route, Throttled, Upload

if TYPE_CHECKING:
    from tests.fakes.discord.server import LocalDiscord

ROUTES: list[Route] = [
    *applications.ROUTES,
    *messages.ROUTES,
    *reactions.ROUTES,
    *channels.ROUTES,
    *guilds.ROUTES,
    *webhooks.ROUTES,
    *interactions.ROUTES,
]


class Rest:
    """Answers every route."""

    def __init__(self, discord: LocalDiscord) -> None:
        self._discord = discord

    def serve(self, app: web.Application) -> None:
        """Adds the routes."""
        for route in ROUTES:
            app.router.add_route(route.method, API + route.path, self._handler(route))
        app.router.add_route("*", API + "/{rest:.*}", self._unknown)

    async def _unknown(self, request: web.Request) -> web.StreamResponse:
        self._discord.unknown_routes.append(f"{request.method} {request.path}")
        return answer({"message": "404: Not Found", "code": 0}, 404)

    def _handler(self, route: Route) -> Any:
        async def handle(request: web.Request) -> web.StreamResponse:
            return await self._handle(route, request)

        return handle

    async def _handle(self, route: Route, request: web.Request) -> web.StreamResponse:
        try:
            body, files = await _body(request)
        except json.JSONDecodeError:
            return answer({"message": "400: Bad Request", "code": 0}, 400)
        token = request.headers.get("Authorization", "").removeprefix("Bot ")
        caller = self._discord.world.app_of(token)
        call = Call(
            self._discord, dict(request.match_info), dict(request.query), body, caller, files
        )
        seen: Json = {"args": call.args, "app": caller.id if caller else ""}
        self._discord.trace.record("in", route.name, seen)
        self._discord.changes.tell()

        def answering() -> web.Response:
            response = self._answer(route, call)
            seen["status"] = response.status
            self._discord.changes.tell()
            return response

        return await self._discord.faults.meet(request, route.name, call.args, answering)

    def _answer(self, route: Route, call: Call) -> web.Response:
        headers: Json = {}
        scope = "user"
        try:
            if route.needs_token and call.caller is None:
                raise Refused(0)
            limited, headers = self._limit(route, call)
            if limited is not None:
                raise Throttled(limited)
            response = answer(route.handle(call), headers=headers)
        except Throttled as throttled:
            scope = throttled.refused.scope
            response = too_many(throttled.refused.retry_after_s, scope, headers)
        except Refused as refused:
            response = answer(refused.body, refused.status, headers)
        self._discord.limits.count(response.status, scope)
        return response

    def _limit(self, route: Route, call: Call) -> tuple[Any, Json]:
        if not route.is_limited or call.params.get("webhook") in self._discord.world.apps:
            return None, {}
        caller = call.caller.id if route.needs_token and call.caller else call.params["webhook"]
        major = next(iter(call.params.values()), "")
        return self._discord.limits.meet(caller, route.name, route.rate, major)


async def _body(request: web.Request) -> tuple[Json, dict[str, Upload]]:
    """The JSON, and the files that came with it."""
    files: dict[str, Upload] = {}
    text = ""
    if request.content_type == "multipart/form-data":
        async for part in await request.multipart():
            assert isinstance(part, BodyPartReader)
            name = part.name or ""
            if name == "payload_json":
                text = await part.text()
            elif name.startswith("files["):
                kind = part.headers.get("Content-Type", "application/octet-stream")
                content = bytes(await part.read())
                files[name[6:-1]] = Upload(part.filename or "file", kind, content)
    else:
        text = await request.text()
    given = json.loads(text) if text else {}
    return ({"items": given} if isinstance(given, list) else given), files
