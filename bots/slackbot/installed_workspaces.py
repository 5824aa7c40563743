"""The workspaces in which the app was installed by OAuth, each served from when it is needed."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable

import structlog

from bots.chat.surface import Refused, RetryAfter
from bots.slackbot.access import Access
from bots.slackbot.ids import team_of, workspace_of
from bots.slackbot.installations import LOOK_S, Installations, Installed
from bots.slackbot.parts import Parts
from bots.slackbot.refusals import NOT_INSTALLED, SlackRefused
from bots.slackbot.renewing import Renewing, is_due
from bots.slackbot.web import UNWELCOME
from bots.slackbot.workspaces import Origin
from engine.debate.events import Place
from engine.ports.clock import Clock
from engine.ports.store import StoreAway
from engine.ports.vault import VaultLocked

SPARE_S = 60.0
"""A token that has no more left is as good as expired."""
WAIT_S = 5.0

Make = Callable[[Access], Awaitable[Parts]]

log = structlog.get_logger()


class StoredToken:
    """`Access` by an installation's token, renewed before it expires."""

    def __init__(
        self, name: str, installations: Installations, renewing: Renewing, clock: Clock
    ) -> None:
        self.name = name
        self._installations, self._renewing, self._clock = installations, renewing, clock

    async def token(self) -> str:
        """See `Access.token`."""
        installed = await self._found()
        if not is_due(installed, self._clock.now_ms()):
            return installed.token
        renewal = self._renewing.start(self.name)
        if installed.left_s(self._clock.now_ms()) < SPARE_S:
            await asyncio.wait({renewal}, timeout=WAIT_S)
            installed = await self._found()
            is_useless = installed.left_s(self._clock.now_ms()) < SPARE_S
            if is_useless and installed.refresh_token:
                raise RetryAfter(WAIT_S)
        return installed.token

    async def after_refusal(self, token: str) -> str | None:
        """See `Access.after_refusal`."""
        try:
            async with asyncio.timeout(LOOK_S):
                installed = await self._installations.look(self.name)
        except (StoreAway, TimeoutError, VaultLocked):
            return None
        return installed.token if installed is not None and installed.token != token else None

    async def _found(self) -> Installed:
        try:
            installed = await self._installations.find(self.name)
        except StoreAway as error:
            raise RetryAfter(WAIT_S) from error
        except VaultLocked as error:
            raise Refused(error.text, **error.values) from error
        if installed is None:
            raise Refused(NOT_INSTALLED)
        return installed


class InstalledWorkspaces:
    """`Workspaces` by their installations; one that was removed is dropped, and may come back."""

    def __init__(
        self, installations: Installations, renewing: Renewing, clock: Clock, make: Make
    ) -> None:
        self._installations, self._renewing = installations, renewing
        self._clock, self._make = clock, make
        self._made: dict[str, tuple[str, Parts]] = {}
        self._making: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def of(self, origin: Origin) -> Parts | None:
        """See `Workspaces.of`."""
        for name in _names(origin):
            try:
                found = await self._served(name)
            except Refused as refusal:
                log.warning("workspace.refused", workspace=name, error=str(refusal))
                continue
            if found is not None:
                return found
        return None

    async def at(self, place: Place) -> Parts:
        """See `Workspaces.at`."""
        try:
            found = await self._served(team_of(place.workspace))
        except StoreAway as error:
            raise RetryAfter(WAIT_S) from error
        if found is None:
            raise Refused(NOT_INSTALLED)
        return found

    async def ids(self) -> frozenset[str]:
        """See `Workspaces.ids`."""
        return frozenset(workspace_of(name) for name in await self._installations.ids())

    async def removed(self, origin: Origin) -> None:
        """See `Workspaces.removed`: forgets the installation if Slack refuses its token.

        Such news may be late, of tokens that others have replaced, or of a part of a Grid.
        """
        for name in _names(origin):
            installed = await self._installations.look(name)
            if installed is None or not await self._is_unwelcome(name):
                continue
            await self._installations.remove(installed)
            self._made.pop(name, None)
            log.info("workspace.removed", workspace=name, name=installed.name)

    async def _is_unwelcome(self, name: str) -> bool:
        try:
            parts = await self._served(name)
            if parts is not None:
                await parts.web.call("auth.test")
        except SlackRefused as refusal:
            return refusal.code in UNWELCOME
        return False

    async def _served(self, name: str) -> Parts | None:
        async with self._making[name]:
            try:
                installed = await self._installations.find(name)
            except VaultLocked as error:
                raise Refused(error.text, **error.values) from error
            if installed is None:
                self._made.pop(name, None)
                return None
            key, parts = self._made.get(name, ("", None))
            if parts is None or key != installed.key:
                parts = await self._make(self._access(name))
                self._made[name] = (installed.key, parts)
            return parts

    def _access(self, name: str) -> Access:
        return StoredToken(name, self._installations, self._renewing, self._clock)


def _names(origin: Origin) -> list[str]:
    """The ids that an installation may have for this, the likelier first."""
    names = [origin.team, origin.enterprise]
    return [name for name in (reversed(names) if origin.is_org_wide else names) if name]
