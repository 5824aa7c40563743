"""Slack's Web API for one token, called by hand: every call once, and what the token may."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientConnectorError, ClientError, ClientSession, ClientTimeout

from bots.chat.surface import RetryAfter, Unknown
from bots.slackbot.refusals import SlackRefused
from deploy.cli.chat.away import patiently
from engine.settings import SlackSettings

NAME = "Slack"
USUAL_WAIT_S = 30.0

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """An answer, and what the token may."""

    data: Json
    scopes: frozenset[str]


class SlackApi:
    """One token's."""

    def __init__(self, session: ClientSession, api_url: str, token: str) -> None:
        self._session, self._api_url, self._token = session, api_url.rstrip("/"), token

    @classmethod
    @asynccontextmanager
    async def open(cls, slack: SlackSettings, token: str) -> AsyncIterator[SlackApi]:
        """Connects when first used."""
        timeout = ClientTimeout(total=slack.timeout_s)
        async with ClientSession(timeout=timeout) as session:
            yield cls(session, slack.api_url, token.strip())

    async def call(self, method: str, **args: object) -> Json:
        """What Slack answers; arguments that are `None` are left out.

        Raises:
            SlackRefused, PlatformAway
        """
        return (await self.told(method, **args)).data

    async def told(self, method: str, **args: object) -> Told:
        """The same with the token's scopes.

        Raises:
            SlackRefused, PlatformAway
        """
        given = {name: _in_form(value) for name, value in args.items() if value is not None}
        return await patiently(NAME, lambda: self._sent(method, given))

    async def _sent(self, method: str, given: dict[str, str]) -> Told:
        url, headers = f"{self._api_url}/{method}", {"Authorization": f"Bearer {self._token}"}
        try:
            async with self._session.post(url, data=given, headers=headers) as answer:
                if answer.status == 429:
                    raise RetryAfter(float(answer.headers.get("Retry-After", USUAL_WAIT_S)))
                if answer.status != 200:
                    raise Unknown(f"{method}: {answer.status}")
                data = await answer.json(content_type=None)
                scopes = answer.headers.get("x-oauth-scopes", "")
        except ClientConnectorError as error:
            raise RetryAfter from error
        except (ClientError, TimeoutError, ValueError) as error:  # ValueError: it is no JSON
            raise Unknown(f"{method}: {type(error).__name__}") from error
        if not isinstance(data, dict) or not data.get("ok"):
            code = data.get("error") if isinstance(data, dict) else None
            raise SlackRefused(str(code or "no_answer"), method)
        return Told(data, frozenset(filter(None, map(str.strip, scopes.split(",")))))


def _in_form(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
