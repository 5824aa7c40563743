"""The Events API and interactivity over HTTP: signed requests to an app's URLs."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from urllib.parse import urlencode

import aiohttp

from engine.adapters.system_clock import SystemClock
from tests.fakes.slack.apps import App
from tests.fakes.slack.outcome import Outcome, Sending
from tests.fakes.slack.protocol import Json
from tests.fakes.slack.timing import Timing
from tests.fakes.slack.trace import Trace

_AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"
_MOST_REDIRECTS = 2


class HttpMode:
    """Sends to the URLs that an app's manifest names."""

    def __init__(self, timing: Timing, trace: Trace) -> None:
        self.timing = timing
        self._trace = trace
        self._session: aiohttp.ClientSession | None = None

    async def send(self, app: App, url: str, sending: Sending) -> Outcome:
        """One request; the acknowledgement is a 2xx within the deadline."""
        body, content_type = _body(sending)
        headers = signed(app.signing_secret, body) | {"Content-Type": content_type}
        if sending.attempt:
            headers["X-Slack-Retry-Num"] = str(sending.attempt)
            headers["X-Slack-Retry-Reason"] = sending.reason
        self._trace.record("out", sending.kind, sending.payload)
        timeout = aiohttp.ClientTimeout(total=self.timing.ack_s)
        try:
            async with self._client().post(
                url, data=body, headers=headers, timeout=timeout, max_redirects=_MOST_REDIRECTS
            ) as response:
                return await _outcome(response)
        except TimeoutError:
            return Outcome(False, reason="http_timeout")
        except aiohttp.TooManyRedirects:
            return Outcome(False, reason="too_many_redirects")
        except aiohttp.ClientError:
            return Outcome(False, reason="connection_failed")

    async def verify(self, app: App) -> bool:
        """Whether the events URL gives the challenge back, as it must before Slack uses it."""
        challenge = hashlib.sha256(app.id.encode()).hexdigest()
        asked = {
            "token": app.verification_token,
            "challenge": challenge,
            "type": "url_verification",
        }
        body = json.dumps(asked).encode()
        headers = signed(app.signing_secret, body) | {"Content-Type": "application/json"}
        async with self._client().post(app.events_url, data=body, headers=headers) as response:
            text = await response.text()
            return response.status == 200 and challenge in text

    async def forge(self, url: str, payload: Json, *, secret: str, age_s: int = 0) -> int:
        """Sends as somebody else would, with this secret and so old; gives the status."""
        body = json.dumps(payload).encode()
        headers = signed(secret, body, age_s) | {"Content-Type": "application/json"}
        async with self._client().post(url, data=body, headers=headers) as response:
            return response.status

    async def close(self) -> None:
        """Ends its connections."""
        if self._session is not None:
            await self._session.close()

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(headers={"User-Agent": _AGENT})
        return self._session


def signed(secret: str, body: bytes, age_s: int = 0) -> dict[str, str]:
    """The headers that prove a request to be Slack's: version 0 of its signature."""
    timestamp = str(SystemClock().now_ms() // 1_000 - age_s)
    base = b"v0:" + timestamp.encode() + b":" + body
    digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest}"}


def _body(sending: Sending) -> tuple[bytes, str]:
    if sending.kind == "events_api":
        return json.dumps(sending.payload).encode(), "application/json"
    fields = (
        sending.payload
        if sending.kind == "slash_commands"
        else {"payload": json.dumps(sending.payload)}
    )
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"


async def _outcome(response: aiohttp.ClientResponse) -> Outcome:
    if not 200 <= response.status < 300:
        return Outcome(False, reason="http_error", may_retry=not _no_retry(response.headers))
    text = await response.text()
    if response.content_type == "application/json" and text:
        answer = json.loads(text)
        return Outcome(True, answer if isinstance(answer, dict) else {})
    return Outcome(True, {"text": text} if text else {})


def _no_retry(headers: Mapping[str, str]) -> bool:
    return headers.get("X-Slack-No-Retry") == "1"
