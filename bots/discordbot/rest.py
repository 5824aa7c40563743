"""Discord's REST for one token: every call is made once, and every way to fail is one of three.

discord.py re-sends what failed, webhook posts too, and sleeps where a limit is reached, beyond the
end of a lease; so what writes to a thread goes through here. A limit that is reached is told, not
waited for, and a token that Discord does not take is left alone for minutes.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    FormData,
)
from yarl import URL

from bots.chat.desk import File
from bots.chat.metrics import Metrics
from bots.chat.surface import Refused, RetryAfter, Unknown
from bots.discordbot.limits import Limits, Pass
from bots.discordbot.refusals import OLD_EDITS, UNAUTHORISED, DiscordRefused
from engine.ports.clock import Clock
from engine.settings import DiscordSettings

CONNECT_S = 5.0
USUAL_WAIT_S = 30.0
"""Where Discord says «too often», and not for how long."""
LOCKED_OUT_S = 300.0
"""Until a token that Discord did not take is shown again."""
AGENT = "DiscordBot (tertulia, 1)"
_MAJOR = ("channel", "guild", "webhook")

Json = dict[str, Any]


class Rest:
    """One token's calls; `token` is empty for what needs none."""

    def __init__(
        self, session: ClientSession, token: str, api_url: str, clock: Clock, metrics: Metrics
    ) -> None:
        self._session, self._api_url = session, api_url.rstrip("/")
        self._clock, self._metrics, self._limits = clock, metrics, Limits()
        self._auth = {"Authorization": f"Bot {token}"}
        self._locked_out_until: float | None = None

    @classmethod
    @asynccontextmanager
    async def open(
        cls, token: str, discord: DiscordSettings, clock: Clock, metrics: Metrics
    ) -> AsyncIterator[Rest]:
        """Connects when first used."""
        timeout = ClientTimeout(total=discord.timeout_s, sock_connect=CONNECT_S)
        async with ClientSession(timeout=timeout, headers={"User-Agent": AGENT}) as session:
            yield cls(session, token, discord.api_url, clock, metrics)

    async def call(
        self,
        route: str,
        body: Json | list[Json] | None = None,
        *,
        query: Mapping[str, str] | None = None,
        files: Sequence[File] = (),
        **ids: str,
    ) -> Any:
        """One call, sent once; `route` as in Discord's reference: `GET /channels/{channel}`.

        `ids` fill its braces. Answers what the JSON says; `None` where there is none.

        Raises:
            DiscordRefused, RetryAfter: surely nothing came of it.
            Unknown: perhaps something did.
        """
        until, shows_token = self._locked_out_until, "{token}" not in route
        if shows_token and until is not None and self._clock.monotonic() < until:
            raise DiscordRefused(UNAUTHORISED, 0, route)
        try:
            answer = await self._limited(route, body, query or {}, files, ids)
        except (Refused, RetryAfter, Unknown) as error:
            self._metrics.calls.labels(route, type(error).__name__).inc()
            raise
        self._metrics.calls.labels(route, "ok").inc()
        if shows_token:
            self._locked_out_until = None
        return answer

    @property
    def is_locked_out(self) -> bool:
        """Whether Discord did not take the token when it was last shown."""
        return self._locked_out_until is not None

    async def download(self, url: str, most: int) -> bytes:
        """A file that somebody attached; at most `most` bytes of it, and one more.

        Raises:
            Refused: Discord does not give it.
            Unknown: the connection broke.
        """
        try:
            async with self._session.get(url) as answer:
                if answer.status != 200:
                    raise Refused("The file could not be read from Discord; share it again.")
                content = bytearray()
                async for piece in answer.content.iter_any():
                    content += piece
                    if len(content) > most:
                        break
                return bytes(content[: most + 1])
        except (ClientError, TimeoutError) as error:
            raise Unknown(f"download: {type(error).__name__}") from error

    async def _limited(
        self,
        route: str,
        body: Json | list[Json] | None,
        query: Mapping[str, str],
        files: Sequence[File],
        ids: Mapping[str, str],
    ) -> Any:
        major = next((ids[name] for name in _MAJOR if name in ids), "")
        leave = self._limits.ask(route, major, self._clock.monotonic())
        if not isinstance(leave, Pass):
            raise RetryAfter(leave)
        method, _, path = route.partition(" ")
        filled = path.format(**{name: quote(value, safe="") for name, value in ids.items()})
        given: Json = {"params": query, "headers": {} if "token" in ids else self._auth}
        given |= {"data": _form(body, files)} if files else {"json": body}
        try:
            url = URL(self._api_url + filled, encoded=True)
            async with self._session.request(method, url, **given) as answer:
                data = await _read(answer)
                self._limits.answered(leave, answer.headers, self._clock.monotonic())
                return self._judged(route, leave, answer, data)
        except (ClientConnectorError, ConnectionTimeoutError) as error:
            raise RetryAfter from error
        except (ClientError, TimeoutError, ValueError) as error:  # ValueError: it is no JSON
            raise Unknown(f"{route}: {type(error).__name__}") from error
        finally:
            self._limits.over(leave)

    def _judged(self, route: str, leave: Pass, answer: ClientResponse, data: object) -> Any:
        told = data if isinstance(data, dict) else {}
        if answer.status < 300:
            return data
        if answer.status == 429:
            raise self._too_many(leave, answer, told)
        if answer.status >= 500:
            raise Unknown(f"{route}: {answer.status}")
        code = told.get("code")
        refused = DiscordRefused(answer.status, code if isinstance(code, int) else 0, route)
        if answer.status == UNAUTHORISED and "{token}" not in route:
            self._locked_out_until = self._clock.monotonic() + LOCKED_OUT_S
        raise refused

    def _too_many(self, leave: Pass, answer: ClientResponse, told: Json) -> RetryAfter:
        after = told.get("retry_after") or answer.headers.get("Retry-After") or USUAL_WAIT_S
        seconds = float(after)
        if told.get("code") == OLD_EDITS:
            return RetryAfter(seconds)  # about one message, which is edited too late
        # One that the proxy in front of Discord gives is about everything that comes from here.
        everywhere = bool(told.get("global")) or "Via" not in answer.headers
        self._limits.refused(leave, seconds, self._clock.monotonic(), everywhere=everywhere)
        return RetryAfter(seconds)


async def _read(answer: ClientResponse) -> object:
    text = await answer.text()
    if not text or "json" not in answer.content_type:
        return None
    # A large answer would hold the others up.
    return json.loads(text) if len(text) < 100_000 else await asyncio.to_thread(json.loads, text)


def _form(body: Json | list[Json] | None, files: Sequence[File]) -> FormData:
    form = FormData(quote_fields=False)
    form.add_field("payload_json", json.dumps(body or {}), content_type="application/json")
    for number, file in enumerate(files):
        form.add_field(f"files[{number}]", file.content, filename=file.name)
    return form
