"""What each process of a run is told: its settings, as variables."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.chaos.draw import LEASE_S
from tests.chaos.moments import MODEL, REDIS, SLACK
from tests.chaos.wire import Wire

SHARD = "chaos"
CALL_S = 2.0
"""How long a bot waits for its platform."""

Variables = dict[str, str]


@dataclass(frozen=True, slots=True)
class Told:
    """What all of them are told, and where each reaches whom."""

    wire: Wire
    password: str
    """The store's."""
    key: str
    """The model's."""
    about: Mapping[str, Mapping[str, Any]]
    """What the towns said of themselves."""
    replicated: bool

    @property
    def secrets(self) -> list[str]:
        """What nobody is ever to read."""
        secret = ("bot_token", "app_token", "signing_secret", "token")
        tokens = [town[name] for town in self.about.values() for name in secret if name in town]
        return [self.password, self.key, *tokens]

    async def variables(self, name: str, here: str) -> Variables:
        """Of the process of this name; `here`: the address at which it reaches the wire."""
        kind = name.partition("-")[0]
        told = {"REDIS__URL": await self.store_url(name, here)}
        if kind == "worker":
            model = await self.wire.listen(name, MODEL, here)
            told["MODEL__URL"] = f"http://{here}:{model}/v1"
        else:
            told |= self._of_bot(kind, f"http://{here}:{await self.wire.listen(name, kind, here)}")
        return self._common() | {f"TERTULIA_{field}": value for field, value in told.items()}

    async def store_url(self, name: str, here: str) -> str:
        """Where this process finds the store."""
        port = await self.wire.listen(name, REDIS, here)
        return f"redis://:{self.password}@{here}:{port}/0"

    def _common(self) -> Variables:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("TERTULIA_")}
        told = {
            "REDIS__SHARD": SHARD,
            "REDIS__DURABILITY": "replicated" if self.replicated else "local",
            "MODEL__API_KEY": self.key,
            "WORKER__LEASE_S": str(LEASE_S),
            "WORKER__DRAIN_S": "5",
            "WORKER__PORT": "0",
        }
        return kept | {f"TERTULIA_{field}": value for field, value in told.items()}

    def _of_bot(self, kind: str, url: str) -> Variables:
        town = self.about[kind]
        own = {"TIMEOUT_S": str(CALL_S), "DRAIN_S": "5", "HEALTH_PORT": "0"}
        own |= _of_slack(town, url) if kind == SLACK else _of_discord(town, url)
        return {f"{kind.upper()}__{field}": value for field, value in own.items()}


def _of_slack(town: Mapping[str, Any], url: str) -> Variables:
    return {
        "BOT_TOKEN": town["bot_token"],
        "APP_TOKEN": town["app_token"],
        "SIGNING_SECRET": town["signing_secret"],
        "API_URL": f"{url}/api/",
    }


def _of_discord(town: Mapping[str, Any], url: str) -> Variables:
    return {
        "TOKEN": town["token"],
        "API_URL": f"{url}{town['path']}",
        "GATEWAY_URL": town["gateway_url"],
        "CDN_URL": town["cdn_url"],
    }
