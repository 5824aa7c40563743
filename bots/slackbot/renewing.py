"""Tokens that expire, renewed long before: by one process at a time, and stored before all else.

Slack takes a refresh token once, and for a short while after, so that a lost answer can be asked
for again; the access token before stays good for the rest of its life.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import Any

import structlog

from bots.chat.background import Background
from bots.chat.surface import RetryAfter, Unknown
from bots.slackbot.installations import Installations, Installed
from bots.slackbot.refusals import SlackRefused
from bots.slackbot.wires import Wires
from engine.ports.store import StoreAway

EARLY_S = 7_200.0
"""Of the twelve hours that a token lives."""
TRIES = 3
AGAIN_S = 1.0
_USELESS = frozenset({"invalid_refresh_token", "token_revoked", "token_expired", "invalid_grant"})

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Client:
    """What the app proves itself with."""

    id: str
    secret: str = field(repr=False)


class Renewing:
    """Renews tokens in the background, once for each workspace at a time."""

    def __init__(
        self, installations: Installations, wires: Wires, client: Client, background: Background
    ) -> None:
        self._installations, self._wires, self._client = installations, wires, client
        self._background = background
        self._going_on: dict[str, asyncio.Task[None]] = {}

    def start(self, name: str) -> asyncio.Task[None]:
        """Renews this installation's token, unless that is going on already."""
        task = self._going_on.get(name)
        if task is None:
            task = self._going_on[name] = self._background.start(self._renew(name))
            task.add_done_callback(lambda _: self._going_on.pop(name, None))
        return task

    async def _renew(self, name: str) -> None:
        if not await self._installations.begin_renewal(name):
            return
        installed = await self._installations.look(name)
        if installed is None or not is_due(installed, self._wires.clock.now_ms()):
            await self._installations.end_renewal(name)
            return
        try:
            answer = await self._ask(installed.refresh_token)
        except (RetryAfter, Unknown) as error:
            # The claim on the renewal runs out by itself: then it is tried again.
            log.warning("token.not_renewed", workspace=name, error=str(error))
            return
        except SlackRefused as refusal:
            log.error("token.lost", workspace=name, error=str(refusal))
            if refusal.code not in _USELESS:
                return
            renewed = replace(installed, refresh_token="")
        else:
            renewed = _renewed(installed, answer, self._wires.clock.now_ms())
        await self._store(renewed)
        await self._installations.end_renewal(name)

    async def _ask(self, refresh_token: str) -> dict[str, Any]:
        """Asked again at once where the answer was lost: Slack gives it again for a while."""
        for _try in range(TRIES - 1):
            try:
                return await self._asked(refresh_token)
            except Unknown:
                await self._wires.clock.sleep(AGAIN_S)
        return await self._asked(refresh_token)

    async def _asked(self, refresh_token: str) -> dict[str, Any]:
        call = self._wires.client().oauth_v2_access(
            client_id=self._client.id,
            client_secret=self._client.secret,
            grant_type="refresh_token",
            refresh_token=refresh_token,
        )
        return await self._wires.answered("oauth.v2.access", call)

    async def _store(self, renewed: Installed) -> None:
        """Until it is stored, for there is no other copy; unless the app was installed anew."""
        self._installations.remember(renewed.id, renewed)
        while True:
            try:
                now = await self._installations.look(renewed.id)
                if now is not None and now.key == renewed.key:
                    await self._installations.keep(renewed)
            except StoreAway as error:
                log.warning("store.away", error=str(error))
                await self._wires.clock.sleep(AGAIN_S)
            else:
                return


def is_due(installed: Installed, now_ms: int) -> bool:
    """Whether its token is to be renewed."""
    return bool(installed.refresh_token) and installed.left_s(now_ms) < EARLY_S


def _renewed(installed: Installed, answer: dict[str, Any], now_ms: int) -> Installed:
    life_s = answer.get("expires_in")
    return replace(
        installed,
        token=str(answer["access_token"]),
        refresh_token=str(answer.get("refresh_token") or ""),
        expires_ms=now_ms + int(life_s) * 1000 if life_s else None,
    )
