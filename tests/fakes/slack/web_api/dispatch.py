"""`/api/METHOD`: reads the arguments, checks the token, scopes and limits, and answers."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.fakes.slack.apps import Caller
from tests.fakes.slack.faults import rate_limited
from tests.fakes.slack.limits import READS_OF_DISTRIBUTED
from tests.fakes.slack.protocol import Json, Refused
from tests.fakes.slack.web_api import (
    app_methods,
    chat,
    conversations,
    files,
    history,
    oauth,
    reactions,
    streams,
    users,
    view_methods,
)
from tests.fakes.slack.web_api.call import Call, Method

if TYPE_CHECKING:
    from tests.fakes.slack.server import LocalSlack

METHODS: dict[str, Method] = {
    **app_methods.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **files.METHODS,
    **history.METHODS,
    **oauth.METHODS,
    **reactions.METHODS,
    **streams.METHODS,
    **users.METHODS,
    **view_methods.METHODS,
}


class WebApi:
    """Answers every method, as the plan of faults allows."""

    def __init__(self, slack: LocalSlack) -> None:
        self._slack = slack

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One call."""
        name = request.match_info["method"]
        try:
            args, token = await _arguments(request, METHODS.get(name))
        except json.JSONDecodeError:
            return web.json_response({"ok": False, "error": "invalid_json"})
        seen: Json = {"args": args}
        self._slack.trace.record("in", name, seen)

        def answer() -> web.Response:
            response = self._answer(name, args, token, request)
            seen["answer"] = json.loads(str(response.text))
            self._slack.changes.tell()
            return response

        self._slack.changes.tell()
        return await self._slack.faults.meet(request, name, args, answer)

    def _answer(self, name: str, args: Json, token: str, request: web.Request) -> web.Response:
        method = METHODS.get(name)
        headers: dict[str, str] = {}
        try:
            if method is None:
                raise Refused("unknown_method", req_method=name)
            caller = self._caller(method, token)
            headers = _scope_headers(method, caller)
            if method.post_only and request.method != "POST":
                raise Refused("insecure_request")
            wait_s = self._wait_s(name, method, args, caller)
            if wait_s:
                return rate_limited(wait_s)
            call = Call(self._slack, name, args | _basic(request), caller)
            call.require(*method.scopes)
            _check_required(method, args)
            body = {"ok": True, **method.handle(call), **_warnings(call.warnings)}
        except Refused as refused:
            body = refused.answer()
        return web.json_response(body, headers=headers)

    def _caller(self, method: Method, token: str) -> Caller | None:
        if not method.tokens:
            return None
        caller = self._slack.registry.caller(token)
        if caller.kind not in method.tokens:
            raise Refused("not_allowed_token_type")
        return caller

    def _wait_s(self, name: str, method: Method, args: Json, caller: Caller | None) -> int:
        if caller is None:
            return 0
        team = caller.installation.team.id if caller.installation else ""
        is_slow = method.reads_messages and caller.app.is_distributed
        return self._slack.limits.wait_s(
            caller.app.id,
            team,
            name,
            tier=method.tier,
            most=READS_OF_DISTRIBUTED if is_slow else 0,
            channel=str(args.get("channel", "")),
        )


async def _arguments(request: web.Request, method: Method | None) -> tuple[Json, str]:
    """What the call says, and its token: from the header, or a field of a form."""
    args: dict[str, Any] = dict(request.query)
    token = _bearer(request)
    if request.method == "POST" and request.content_type == "application/json":
        body = await request.text()
        given = json.loads(body) if body else {}
        if isinstance(given, dict) and method is not None and method.takes_json:
            args |= given
    elif request.method == "POST":
        form = dict(await request.post())
        token = str(form.get("token", token))
        args |= form
    args.pop("token", None)
    return args, token


def _bearer(request: web.Request) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else ""


def _basic(request: web.Request) -> Json:
    """A client id and secret that came as HTTP Basic authentication."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic" or not given:
        return {}
    client_id, _, secret = base64.b64decode(given).decode().partition(":")
    return {"client_id": client_id, "client_secret": secret}


def _scope_headers(method: Method, caller: Caller | None) -> dict[str, str]:
    if caller is None:
        return {}
    return {
        "x-oauth-scopes": ",".join(sorted(caller.scopes)),
        "x-accepted-oauth-scopes": ",".join(method.scopes),
    }


def _check_required(method: Method, args: Json) -> None:
    missing = [name for name in method.required if args.get(name) in (None, "")]
    if missing:
        raise Refused.arguments(*(f"[ERROR] missing required field: {name}" for name in missing))


def _warnings(warnings: list[str]) -> Json:
    if not warnings:
        return {}
    return {"warning": ",".join(warnings), "response_metadata": {"warnings": warnings}}
