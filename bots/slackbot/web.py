"""One workspace's Web API: every call is made once, as soon as Slack lets it, by today's token."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientError, ClientSession
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bots.chat.surface import Refused, RetryAfter, Unknown
from bots.slackbot.access import Access
from bots.slackbot.pace import NO_PLACE
from bots.slackbot.refusals import SlackRefused
from bots.slackbot.waits import Turn
from bots.slackbot.wires import Wires, data_of
from engine.ports.limits import Rate

UNWELCOME = frozenset({"account_inactive", "invalid_auth", "token_expired", "token_revoked"})
"""Slack does not take the token any more."""
_WHERE = ("channel", "ts", "oldest", "cursor")
"""The arguments by which a call that is made again is known for the same."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Introduction:
    """Whose a token is, and what it may do."""

    answer: Json
    """Of `auth.test`."""
    scopes: str
    """Its `x-oauth-scopes` header: names with commas between them."""


class Web:
    """A workspace's."""

    def __init__(self, wires: Wires, access: Access) -> None:
        self.access = access
        self._wires, self._client = wires, wires.client()

    @property
    def session(self) -> ClientSession:
        """For what goes to other addresses: response URLs, uploads, downloads."""
        return self._wires.session

    async def call(self, method: str, **args: object) -> Json:
        """One call; arguments that are `None` are left out.

        Raises:
            Refused, RetryAfter: surely nothing came of it.
            Unknown: perhaps something did.
        """
        rates = self._wires.pace.of(self.access.name, method)
        place = "/".join(str(args.get(name) or "") for name in _WHERE)
        who = "" if method in NO_PLACE else place
        turn = Turn(rates, who, is_strict=False) if rates else None
        return data_of(await self._call(method, args, turn))

    async def introduction(self) -> Introduction:
        """What `auth.test` tells.

        Raises:
            Refused, RetryAfter, Unknown: see `call`.
        """
        response = await self._call("auth.test", {}, None)
        return Introduction(data_of(response), str(response.headers.get("x-oauth-scopes", "")))

    async def post(self, channel: str, who: str, **args: object) -> Json:
        """`chat.postMessage`, as fast as Slack takes it; whoever has to wait keeps their place.

        Raises:
            Refused, RetryAfter, Unknown: see `call`.
        """
        turn = Turn(self._wires.pace.of_posts(self.access.name, channel), f"{channel}/{who}")
        return data_of(await self._call("chat.postMessage", {"channel": channel, **args}, turn))

    async def respond(self, url: str, **said: object) -> None:
        """Says it, to whoever a response URL was given for, for their eyes only.

        Raises:
            Refused: Slack does not take it.
            Unknown: perhaps it did.
        """
        if not self._wires.leads_to_slack(url):
            raise Refused("Slack does not take the answer.")
        given = {"response_type": "ephemeral", "replace_original": False, **said}
        try:
            async with self.session.post(url, json=given) as answer:
                if answer.status != 200:
                    raise Refused("Slack does not take the answer.")
        except (ClientError, TimeoutError) as error:
            raise Unknown(f"response_url: {type(error).__name__}") from error

    async def claim(self, what: str, seconds: float, *, is_strict: bool) -> None:
        """Has nobody else in this workspace claim the same for so long.

        Raises:
            RetryAfter: somebody else has, or, if it is strict, Redis does not say.
        """
        name = f"slack/{self.access.name}/{what}"
        await self._wires.waits.admit(name, Turn((Rate(name, 1, seconds),), "", is_strict))

    async def download(self, url: str, most: int) -> bytes:
        """A file that somebody shared; at most `most` bytes of it, and one more.

        Of files that lie elsewhere Slack tells the address, too; no token goes there.

        Raises:
            Refused: Slack does not give it, or does not have it.
            Unknown: the connection broke.
        """
        if not self._wires.leads_to_slack(url):
            raise Refused("The file could not be read from Slack; share it again.")
        try:
            headers = {"Authorization": f"Bearer {await self.access.token()}"}
            async with self.session.get(url, headers=headers) as answer:
                if answer.status != 200 or answer.content_type == "text/html":  # a sign-in page
                    raise Refused("The file could not be read from Slack; share it again.")
                content = bytearray()
                async for piece in answer.content.iter_any():
                    content += piece
                    if len(content) > most:
                        break
                return bytes(content[: most + 1])
        except (ClientError, TimeoutError, RetryAfter) as error:
            raise Unknown(f"download: {type(error).__name__}") from error

    async def _call(
        self, method: str, args: dict[str, object], turn: Turn | None
    ) -> AsyncSlackResponse:
        name = f"slack/{self.access.name}/{method}"
        given = {key: _in_form(value) for key, value in args.items() if value is not None}
        token = await self.access.token()
        try:
            await self._wires.waits.admit(name, turn)
        except RetryAfter:
            self._wires.metrics.calls.labels(method, "Paced").inc()
            raise
        try:
            return await self._sent(method, given, token)
        except RetryAfter as error:
            if error.seconds is not None:
                await self._wires.waits.told(name, error.seconds)
            raise
        except SlackRefused as refusal:
            other = await self.access.after_refusal(token) if refusal.code in UNWELCOME else None
            if other is None:
                raise
            return await self._sent(method, given, other)

    async def _sent(self, method: str, given: dict[str, str], token: str) -> AsyncSlackResponse:
        self._client.token = token
        return await self._wires.response(method, self._client.api_call(method, data=given))


def _in_form(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
