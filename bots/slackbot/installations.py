"""Where the app is installed, and with which tokens: sealed in the vault, for every process.

What was read a moment ago is believed; what Slack refuses is looked up again.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from dataclasses import asdict, dataclass, field
from logging import Logger, getLogger
from typing import Any

from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from engine.ports.clock import Clock
from engine.ports.store import StoreAway
from engine.ports.vault import Vault

FRESH_S = 5.0
LOOK_S = 1.5
"""For a look that there is nothing to stand in for; Slack waits three seconds for an answer."""
GLANCE_S = 0.3
STATE_S = 600
"""How long somebody may look at Slack's page before they allow the app."""
_INSTALLED, _STATE, _RENEWING = "slack/installed/", "slack/state/", "slack/renewing/"


@dataclass(frozen=True, slots=True)
class Installed:
    """An installation of the app."""

    id: str
    """The workspace's; of one for a whole Enterprise Grid, the Grid's."""
    name: str
    token: str = field(repr=False)
    refresh_token: str = field(default="", repr=False)
    """Empty: the token is not to be renewed."""
    expires_ms: int | None = None
    """Unix time; `None`: it does not expire."""
    key: str = ""
    """Another one each time that the app is installed."""

    @classmethod
    def by(cls, installation: Installation) -> Installed:
        """What bolt's flow found out about an installation that was just allowed."""
        is_org_wide = bool(installation.is_enterprise_install)
        whose = (
            (installation.enterprise_id, installation.enterprise_name)
            if is_org_wide
            else (installation.team_id, installation.team_name)
        )
        expires_at = installation.bot_token_expires_at
        return cls(
            str(whose[0]),
            str(whose[1] or whose[0]),
            str(installation.bot_token),
            installation.bot_refresh_token or "",
            int(expires_at) * 1000 if expires_at else None,
            secrets.token_hex(8),
        )

    def left_s(self, now_ms: int) -> float:
        """How long the token will do."""
        return float("inf") if self.expires_ms is None else (self.expires_ms - now_ms) / 1000


class Installations(AsyncInstallationStore):
    """The installations; what is missing of bolt's interface, nothing here asks for."""

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self._vault, self._clock = vault, clock
        self._seen: dict[str, tuple[float, Installed | None]] = {}

    async def async_save(self, installation: Installation) -> None:
        """Keeps what bolt's flow found out.

        Raises:
            StoreAway
        """
        await self.keep(Installed.by(installation))

    async def find(self, name: str) -> Installed | None:
        """The installation of this id, as it was a moment ago; if Redis is away, as last seen.

        Raises:
            StoreAway: and it was never seen.
            VaultLocked
        """
        at, seen = self._seen.get(name, (float("-inf"), None))
        # That there is none is not believed: it may just have been made elsewhere.
        if seen is not None and self._clock.monotonic() - at < FRESH_S:
            return seen
        try:
            async with asyncio.timeout(LOOK_S if seen is None else GLANCE_S):
                return await self.look(name)
        except (StoreAway, TimeoutError) as error:
            if seen is None:
                raise StoreAway("Redis does not answer: {why}", why=type(error).__name__) from error
            self.remember(name, seen)
            return seen

    async def look(self, name: str) -> Installed | None:
        """The installation of this id, as it is.

        Raises:
            StoreAway, VaultLocked
        """
        document = await self._vault.get(_INSTALLED + name)
        found = Installed(**json.loads(document)) if document is not None else None
        self.remember(name, found)
        return found

    async def keep(self, installed: Installed) -> None:
        """Has it known to every process.

        Raises:
            StoreAway
        """
        self.remember(installed.id, installed)
        await self._vault.put(_INSTALLED + installed.id, json.dumps(asdict(installed)).encode())

    def remember(self, name: str, installed: Installed | None) -> None:
        """Has it known to this process, for a while."""
        self._seen[name] = (self._clock.monotonic(), installed)

    async def remove(self, installed: Installed) -> None:
        """Forgets it, unless the app was installed again.

        Raises:
            StoreAway, VaultLocked
        """
        now = await self.look(installed.id)
        if now is not None and now.key == installed.key:
            await self._vault.delete(_INSTALLED + installed.id)
            self.remember(installed.id, None)

    async def ids(self) -> list[str]:
        """Of all that there are.

        Raises:
            StoreAway
        """
        names = await self._vault.names(_INSTALLED)
        return [name.removeprefix(_INSTALLED) for name in names]

    async def begin_renewal(self, name: str, within_s: float) -> bool:
        """Whether this process is to renew the token; nobody else does for `within_s`.

        Raises:
            StoreAway
        """
        return await self._vault.add(_RENEWING + name, b"", within_s)

    async def end_renewal(self, name: str) -> None:
        """Lets others renew it.

        Raises:
            StoreAway
        """
        await self._vault.delete(_RENEWING + name)


class States(AsyncOAuthStateStore):
    """What tells that whoever comes back from Slack's page went there from ours: each once."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    @property
    def logger(self) -> Logger:
        """Bolt asks for one."""
        return getLogger(__name__)

    async def async_issue(self, *args: Any, **kwargs: Any) -> str:  # noqa: ARG002 - bolt's
        """A new one."""
        state = secrets.token_urlsafe(24)
        await self._vault.put(_STATE + state, b"", STATE_S)
        return state

    async def async_consume(self, state: str) -> bool:
        """Whether it is one, and was not used before."""
        return await self._vault.take(_STATE + state) is not None
