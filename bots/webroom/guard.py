"""The door of the web room: which requests come in at all, and what every answer says about itself.

Three attacks are kept out here. A page elsewhere that posts to this room: the browser tells the
page's origin. A name of an attacker's that is made to point to this machine (DNS rebinding):
without a token, the room answers only to its loopback names; with one, the cookie that holds it
belongs to the name it was shown under. And words that would run in the page: nothing runs but the
room's own files.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bots.webroom.answers import refusal
from bots.webroom.refusals import Foreign, NotLetIn, Refused

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

_HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
_SAFE = frozenset({"GET", "HEAD"})
_TOKEN_COOKIE = "tertulia_token"  # noqa: S105 - a cookie's name
_MONTH_S = 30 * 86_400


@dataclass(frozen=True, slots=True)
class Entry:
    """Who comes in."""

    token: str | None = None
    """What a browser must show once; `None`: whoever is on this machine comes in."""
    host: str = "127.0.0.1"
    """Where the room listens."""

    @property
    def name(self) -> str:
        """The host, as it stands in an address."""
        return f"[{self.host}]" if ":" in self.host else self.host


class Guard:
    """ASGI middleware: lets a request in, or answers it."""

    def __init__(self, app: ASGIApp, entry: Entry) -> None:
        self._app = app
        self._entry = entry

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers what is not let in; adds the headers to whatever is answered."""
        if scope["type"] != "http":
            return

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        request = Request(scope)
        reply = self._reply(request)
        await (reply or self._app)(scope, receive, answer)

    def _reply(self, request: Request) -> Response | None:
        """The answer to a request that does not get further; `None`: it does."""
        try:
            self._check_place(request)
            shown = request.query_params.get("token", "")
            if self._entry.token and request.method == "GET" and _same(shown, self._entry.token):
                return _let_in(request, shown)
            self._check_token(request)
        except Refused as error:
            return refusal(request, error)
        return None

    def _check_place(self, request: Request) -> None:
        host = request.headers.get("host", "")
        if self._entry.token is None and _without_port(host) not in {*_LOOPBACK, self._entry.name}:
            _, port = request.scope["server"]
            link = f"http://{self._entry.name}:{port}"
            raise Foreign(
                "This room answers only to this machine: open it by {link}",
                link=link,
            )
        if request.method not in _SAFE and not _is_from(request.headers.get("origin", ""), host):
            raise Foreign("Another site's page cannot speak here.")

    def _check_token(self, request: Request) -> None:
        token = self._entry.token
        if token and not _same(request.cookies.get(_TOKEN_COOKIE, ""), token):
            raise NotLetIn


def _let_in(request: Request, token: str) -> Response:
    """To the same page without the token, which is kept in a cookie instead of the address."""
    rest = [(key, value) for key, value in request.query_params.multi_items() if key != "token"]
    # The path comes from outside: two slashes at its beginning would lead to another host.
    path = "/" + request.url.path.lstrip("/")
    there = f"{path}?{urlencode(rest)}" if rest else path
    response = RedirectResponse(there, HTTPStatus.SEE_OTHER, {"cache-control": "no-store"})
    # Lax: a link from a chat must open. It reads only; what changes something needs the origin too.
    response.set_cookie(_TOKEN_COOKIE, token, max_age=_MONTH_S, httponly=True, samesite="lax")
    return response


def _is_from(origin: str, host: str) -> bool:
    try:
        told = urlsplit(origin)
    except ValueError:
        return False
    return told.scheme in ("http", "https") and told.netloc == host


def _same(one: str, other: str) -> bool:
    return secrets.compare_digest(one.encode(), other.encode())


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdecimal() else host
