"""The admin's commands as processes, on a shard of the test's own."""

from __future__ import annotations

import json
from asyncio.subprocess import DEVNULL, Process
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.redis_server import RedisServer
from tests.system.program import Ran, ran, start

LIMIT_S = 60


@dataclass(frozen=True, slots=True)
class Admin:
    """Whoever looks after one shard."""

    home: Path
    server: RedisServer
    shard: str

    @property
    def settings(self) -> dict[str, str]:
        """As the environment gives them."""
        return {"TERTULIA_REDIS__URL": self.server.url, "TERTULIA_REDIS__SHARD": self.shard}

    async def run(self, *words: str, **more: str) -> Ran:
        """Runs `tertulia …` to its end."""
        return await ran(self.home, *words, within_s=LIMIT_S, **(self.settings | more))

    async def bare(self, *words: str, **settings: str) -> Ran:
        """The same with these settings alone."""
        return await ran(self.home, *words, within_s=LIMIT_S, **settings)

    async def does(self, *words: str, **more: str) -> str:
        """Runs it, and it goes well; answers what it wrote."""
        ended = await self.run(*words, **more)
        assert (ended.status, ended.err) == (0, ""), ended
        return ended.out

    async def json(self, *words: str, status: int = 0, **more: str) -> Any:
        """Runs it with `--json`; answers the one document that it wrote."""
        ended = await self.run(*words, "--json", **more)
        assert (ended.status, ended.err) == (status, ""), ended
        assert ended.out.count("\n") == 1
        return json.loads(ended.out)

    async def fails(self, *words: str, status: int = 2, **more: str) -> str:
        """Runs it with `--json`, and it cannot be done; answers why."""
        ended = await self.run(*words, "--json", **more)
        assert ended.out == "", ended
        told: dict[str, Any] = json.loads(ended.err)
        assert ended.status == told["status"] == status, ended
        return str(told["error"])

    async def start(self, *words: str, stdin: int = DEVNULL) -> Process:
        """Starts `tertulia …`."""
        return await start(self.home, *words, stdin=stdin, **self.settings)
