"""How a process reaches Slack, for all workspaces: one session, and every call is sent once.

The SDK re-sends what the connection broke off, which doubles posts, so its retries are off. Every
way to fail is one of three.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientConnectorError, ClientError, ClientSession, ClientTimeout
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from yarl import URL

from bots.chat.metrics import Metrics
from bots.chat.surface import RetryAfter, Unknown
from bots.slackbot.pace import MINUTE_S, Pace
from bots.slackbot.refusals import SlackRefused
from bots.slackbot.waits import Waits
from engine.ports.clock import Clock
from engine.ports.limits import Limits
from engine.settings import SlackSettings

CONNECT_S = 5.0
USUAL_WAIT_S = 30
"""Where Slack says «too often», and not for how long."""

_HOSTS = (".slack.com", ".slack-gov.com")
_MAY_HAVE_HAPPENED = frozenset({"fatal_error", "internal_error", "request_timeout"})
_LATER = frozenset({"ratelimited", "rate_limited", "accesslimited", "service_unavailable"})

Json = dict[str, Any]


class Wires:
    """One process's."""

    def __init__(
        self, session: ClientSession, api_url: str, waits: Waits, metrics: Metrics, pace: Pace
    ) -> None:
        self.session = session
        """For what goes to other addresses: response URLs, uploads, downloads."""
        self.waits, self.clock, self.metrics = waits, waits.clock, metrics
        self.pace = pace
        self._api_url = api_url

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        slack: SlackSettings,
        limits: Limits,
        clock: Clock,
        metrics: Metrics,
        minute_s: float = MINUTE_S,
    ) -> AsyncIterator[Wires]:
        """Connects when first used; `minute_s`: see `Pace`."""
        timeout = ClientTimeout(total=slack.timeout_s, sock_connect=CONNECT_S)
        async with ClientSession(timeout=timeout) as session:
            yield cls(session, slack.api_url, Waits(limits, clock), metrics, Pace(minute_s))

    def client(self) -> AsyncWebClient:
        """The SDK's client, without a token."""
        return AsyncWebClient(base_url=self._api_url, session=self.session, retry_handlers=[])

    def leads_to_slack(self, url: str) -> bool:
        """Whether what is asked for there is asked of Slack."""
        try:
            asked = URL(url)
            there = asked.origin()
        except ValueError:
            return False
        is_slacks = there.scheme == "https" and f".{there.host}".endswith(_HOSTS)
        return asked.user is None and (is_slacks or there == URL(self._api_url).origin())

    async def answered(self, method: str, call: Awaitable[AsyncSlackResponse]) -> Json:
        """What Slack answers to a call of the SDK's client.

        Raises:
            SlackRefused, RetryAfter: surely nothing came of it.
            Unknown: perhaps something did.
        """
        return data_of(await self.response(method, call))

    async def response(
        self, method: str, call: Awaitable[AsyncSlackResponse]
    ) -> AsyncSlackResponse:
        """The same with its headers.

        Raises:
            SlackRefused, RetryAfter, Unknown: see `answered`.
        """
        try:
            response = await call
        except (SlackApiError, ClientError, TimeoutError) as error:
            failure = _failure(method, error)
            self.metrics.calls.labels(method, type(failure).__name__).inc()
            raise failure from error
        self.metrics.calls.labels(method, "ok").inc()
        return response


def data_of(response: AsyncSlackResponse) -> Json:
    """What it says."""
    return response.data if isinstance(response.data, dict) else {}


def _failure(method: str, error: Exception) -> SlackRefused | RetryAfter | Unknown:
    if isinstance(error, ClientConnectorError):
        return RetryAfter()
    if not isinstance(error, SlackApiError):
        return Unknown(f"{method}: {type(error).__name__}")
    response: Any = error.response
    status = getattr(response, "status_code", 0)
    data = getattr(response, "data", None)
    code = data.get("error") if isinstance(data, dict) else None
    if status == 429 or code in _LATER:
        told = response.headers.get("Retry-After", "")
        return RetryAfter(float(told) if told.isdigit() else float(USUAL_WAIT_S))
    if status != 200 or not isinstance(code, str) or code in _MAY_HAVE_HAPPENED:
        return Unknown(f"{method}: {code or status}")
    return SlackRefused(code, method)
