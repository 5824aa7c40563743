"""Slack's addresses beside the Web API: response URLs, uploads, private files, OAuth's consent."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from aiohttp import web

from tests.fakes.slack.apps import Caller
from tests.fakes.slack.protocol import Refused
from tests.fakes.slack.triggers import said_to_url
from tests.fakes.slack.web_api.call import Call
from tests.fakes.slack.workspace import File

if TYPE_CHECKING:
    from tests.fakes.slack.server import LocalSlack

_SIGN_IN = "<!DOCTYPE html><html><head><title>Slack</title></head><body>Sign in</body></html>"


class WebPages:
    """One handler for each."""

    def __init__(self, slack: LocalSlack) -> None:
        self._slack = slack

    async def response_url(self, request: web.Request) -> web.StreamResponse:
        """A post to a response URL."""
        said = await said_to_url(request)
        self._slack.trace.record("in", "response_url", said)
        call = Call(self._slack, "response_url", said, None)

        def answer() -> web.Response:
            return self._slack.response_urls.take(request.match_info["key"], call)

        return await self._slack.faults.meet(request, "response_url", said, answer)

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """The bytes of a file, raw or as a form's `filename` part."""
        file = self._slack.workspaces.files.get(request.match_info["file"])
        if file is None or file.content is not None:
            return web.Response(status=404, text="no such upload")
        content = await _uploaded(request)
        if len(content) != file.length:
            return web.Response(status=400, text="length mismatch")

        def answer() -> web.Response:
            file.content = content
            return web.Response(text=f"OK - {len(content)}")

        return await self._slack.faults.meet(request, "upload", {"file": file.id}, answer)

    async def download(self, request: web.Request) -> web.StreamResponse:
        """A private file; without a token that may see it, a sign-in page with status 200."""
        file = self._slack.workspaces.files.get(request.match_info["file"])
        if file is None or file.content is None:
            return web.Response(status=404)
        if not self._may_read(request, file):
            return web.Response(text=_SIGN_IN, content_type="text/html")
        return web.Response(body=file.content, content_type=file.mimetype)

    async def authorize(self, request: web.Request) -> web.StreamResponse:
        """The consent page, where the team's first admin clicks Allow.

        `team` says which team's, `deny=1` that they click Cancel, `org=1` that they choose all
        workspaces of their Enterprise Grid.
        """
        apps = self._slack.registry.apps.values()
        app = next((a for a in apps if a.client_id == request.query.get("client_id")), None)
        redirect = request.query.get("redirect_uri", "")
        if app is None or (redirect and redirect not in app.redirect_urls):
            return web.Response(status=400, text="bad_redirect_uri")
        target = redirect or app.redirect_urls[0]
        query = {"state": request.query.get("state", "")}
        if request.query.get("deny"):
            query["error"] = "access_denied"
        else:
            scopes = frozenset(filter(None, request.query.get("scope", "").split(",")))
            admin = self._slack.admin(request.query.get("team", ""))
            query["code"] = self._slack.authorized(
                app, admin, scopes, redirect, is_org_wide=request.query.get("org") == "1"
            )
        raise web.HTTPFound(f"{target}?{urlencode(query)}")

    def _may_read(self, request: web.Request, file: File) -> bool:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            caller: Caller = self._slack.registry.caller(token)
        except Refused:
            return False
        if "files:read" not in caller.scopes or caller.user is None:
            return False
        channels = [self._slack.workspaces.channels[channel] for channel, _ in file.shares]
        is_shown = any(c.kind == "public" or caller.user.id in c.members for c in channels)
        return caller.user.team_id == file.team_id and (is_shown or file.user == caller.user.id)


async def _uploaded(request: web.Request) -> bytes:
    if not request.content_type.startswith("multipart/"):
        return await request.read()
    form = await request.post()
    part = form.get("filename") or form.get("file")
    return part.file.read() if isinstance(part, web.FileField) else b""
