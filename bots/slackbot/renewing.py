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
from engine.ports.vault import VaultLocked

EARLY_S = 7_200.0
"""Of the twelve hours that a token lives."""
TRIES = 3
AGAIN_S = 1.0
KEPT_WITHIN_S = 30.0
"""What is renewed is stored by then, or Redis is away for everybody."""
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
        self,
        installations: Installations,
        wires: Wires,
        client: Client,
        background: Background,
        timeout_s: float,
    ) -> None:
        """`timeout_s`: a call of Slack's takes no longer."""
        self._installations, self._wires, self._client = installations, wires, client
        self._background = background
        self._within_s = TRIES * (timeout_s + AGAIN_S) + KEPT_WITHIN_S
        self._going_on: dict[str, asyncio.Task[None]] = {}

    def start(self, name: str) -> asyncio.Task[None]:
        """Renews this installation's token, unless that is going on already."""
        task = self._going_on.get(name)
        if task is None:
            task = self._going_on[name] = self._background.start(self._renew(name))
            task.add_done_callback(lambda _: self._going_on.pop(name, None))
        return task

    async def _renew(self, name: str) -> None:
        """The claim on the renewal runs out by itself where this fails: then it is tried again."""
        if not await self._installations.begin_renewal(name, self._within_s):
            return
        try:
            installed = await self._installations.look(name)
        except VaultLocked as error:
            log.error("token.not_renewed", workspace=name, error=str(error))
            return
        due = installed if installed and is_due(installed, self._wires.clock.now_ms()) else None
        if due is None or await self._renewed(due):
            await self._installations.end_renewal(name)

    async def _renewed(self, installed: Installed) -> bool:
        """Whether that is settled, one way or the other."""
        name = installed.id
        try:
            answer = await self._ask(installed.refresh_token)
        except (RetryAfter, Unknown) as error:
            log.warning("token.not_renewed", workspace=name, error=str(error))
            return False
        except SlackRefused as refusal:
            log.error("token.lost", workspace=name, error=str(refusal))
            if refusal.code in _USELESS:
                await self._store(replace(installed, refresh_token=""), installed.refresh_token)
            return refusal.code in _USELESS
        await self._store(_made_of(installed, answer, self._wires.clock.now_ms()))
        return True

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

    async def _store(self, renewed: Installed, instead_of: str | None = None) -> None:
        """Until it is stored, for there is no other copy; unless the app was installed anew.

        `instead_of`: only if this refresh token is still the one that is kept.
        """
        self._installations.remember(renewed.id, renewed)
        while True:
            try:
                if await self._may_store(renewed, instead_of):
                    await self._installations.keep(renewed)
            except StoreAway as error:
                log.warning("store.away", error=str(error))
                await self._wires.clock.sleep(AGAIN_S)
            else:
                return

    async def _may_store(self, renewed: Installed, instead_of: str | None) -> bool:
        try:
            now = await self._installations.look(renewed.id)
        except VaultLocked:
            # Sealed meanwhile with newer keys than this process has: those open this one, too.
            return instead_of is None
        if now is None or now.key != renewed.key:
            return False
        return instead_of in (None, now.refresh_token)


def is_due(installed: Installed, now_ms: int) -> bool:
    """Whether its token is to be renewed."""
    return bool(installed.refresh_token) and installed.left_s(now_ms) < EARLY_S


def _made_of(installed: Installed, answer: dict[str, Any], now_ms: int) -> Installed:
    life_s = answer.get("expires_in")
    return replace(
        installed,
        token=str(answer["access_token"]),
        refresh_token=str(answer.get("refresh_token") or ""),
        expires_ms=now_ms + int(life_s) * 1000 if life_s else None,
    )
