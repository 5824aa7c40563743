"""Slack's Web API: every call is made once, and every way to fail is one of three.

The SDK re-sends what the connection broke off, which doubles posts, so its retries are off. A
method that was called too often is left alone for as long as Slack said, by this whole process.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientConnectorError, ClientError, ClientSession, ClientTimeout
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bots.chat.surface import Refused, RetryAfter, Unknown
from bots.slackbot.metrics import Metrics
from bots.slackbot.refusals import SlackRefused
from bots.slackbot.setup import secret
from engine.ports.clock import Clock
from engine.settings import SlackSettings

CONNECT_S = 5.0
USUAL_WAIT_S = 30
"""Where Slack says «too often», and not for how long."""

_MAY_HAVE_HAPPENED = frozenset({"fatal_error", "internal_error", "request_timeout"})
_LATER = frozenset({"ratelimited", "rate_limited", "accesslimited", "service_unavailable"})

Json = dict[str, Any]


class Web:
    """One workspace's Web API, by its bot token."""

    def __init__(
        self, client: AsyncWebClient, session: ClientSession, clock: Clock, metrics: Metrics
    ) -> None:
        self.client = client
        self.session = session
        """For what goes to other addresses: response URLs, uploads, downloads."""
        self._clock, self._metrics = clock, metrics
        self._not_before: dict[str, float] = {}

    @classmethod
    @asynccontextmanager
    async def open(cls, slack: SlackSettings, clock: Clock, metrics: Metrics) -> AsyncIterator[Web]:
        """Connects when first used."""
        token, api_url = secret(slack.bot_token), slack.api_url
        timeout = ClientTimeout(total=slack.timeout_s, sock_connect=CONNECT_S)
        async with ClientSession(timeout=timeout) as session:
            client = AsyncWebClient(token, base_url=api_url, session=session, retry_handlers=[])
            yield cls(client, session, clock, metrics)

    async def call(self, method: str, **args: object) -> Json:
        """One call, sent once; arguments that are `None` are left out.

        Raises:
            SlackRefused, RetryAfter: surely nothing came of it.
            Unknown: perhaps something did.
        """
        wait_s = self._not_before.get(method, 0.0) - self._clock.monotonic()
        if wait_s > 0:
            raise RetryAfter(wait_s)
        given = {name: _in_form(value) for name, value in args.items() if value is not None}
        try:
            answer = await self._sent(method, given)
        except (SlackRefused, RetryAfter, Unknown) as error:
            self._metrics.calls.labels(method, type(error).__name__).inc()
            raise
        self._metrics.calls.labels(method, "ok").inc()
        return answer

    async def _sent(self, method: str, given: dict[str, str]) -> Json:
        try:
            answer = await self.client.api_call(method, data=given)
        except SlackApiError as error:
            raise self._failure(method, error) from error
        except ClientConnectorError as error:
            raise RetryAfter from error
        except (ClientError, TimeoutError) as error:
            raise Unknown(f"{method}: {type(error).__name__}") from error
        data = answer.data
        return data if isinstance(data, dict) else {}

    async def download(self, url: str, most: int) -> bytes:
        """A file that somebody shared; at most `most` bytes of it, and one more.

        Raises:
            Refused: Slack does not give it.
            Unknown: the connection broke.
        """
        headers = {"Authorization": f"Bearer {self.client.token}"}
        try:
            async with self.session.get(url, headers=headers) as answer:
                if answer.status != 200 or answer.content_type == "text/html":  # a sign-in page
                    raise Refused("The file could not be read from Slack; share it again.")
                return await answer.content.read(most + 1)
        except (ClientError, TimeoutError) as error:
            raise Unknown(f"download: {type(error).__name__}") from error

    def _failure(self, method: str, error: SlackApiError) -> Exception:
        response: Any = error.response
        status = getattr(response, "status_code", 0)
        data = getattr(response, "data", None)
        code = data.get("error") if isinstance(data, dict) else None
        if status == 429 or code in _LATER:
            told = response.headers.get("Retry-After", "")
            seconds = float(told) if told.isdigit() else float(USUAL_WAIT_S)
            self._not_before[method] = self._clock.monotonic() + seconds
            return RetryAfter(seconds)
        if status != 200 or not isinstance(code, str) or code in _MAY_HAVE_HAPPENED:
            return Unknown(f"{method}: {code or status}")
        return SlackRefused(code, method)


def _in_form(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
