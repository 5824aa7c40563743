"""The local Discord's time, and its ids: snowflakes, each later than all before it."""

from __future__ import annotations

import asyncio
import hashlib
import time
from datetime import UTC, datetime

DISCORD_EPOCH_MS = 1_420_070_400_000


class DiscordClock:
    """The machine's time, for clients compare with their own; jumps ahead with `advance`."""

    def __init__(self) -> None:
        self._advanced = 0.0
        self._last_ms = 0
        self._count = 0

    def advance(self, seconds: float) -> None:
        """Lets so much time have passed."""
        self._advanced += seconds

    def seconds(self) -> float:
        """For deadlines: passes as the machine's time does, and jumps with `advance`."""
        return asyncio.get_running_loop().time() + self._advanced

    def snowflake(self) -> str:
        """A new id, a millisecond or more after the last one."""
        self._last_ms = max(self._last_ms + 1, self._now_ms())
        return str((self._last_ms - DISCORD_EPOCH_MS) << 22)

    def now(self) -> str:
        """Now, as timestamps are written."""
        return moment(self.snowflake())

    def age_s(self, snowflake: str) -> float:
        """How long ago this id was made."""
        made_ms = (int(snowflake) >> 22) + DISCORD_EPOCH_MS
        return (self._now_ms() - made_ms) / 1000

    def _now_ms(self) -> int:
        return time.time_ns() // 1_000_000 + int(self._advanced * 1000)

    def secret(self, length: int = 64) -> str:
        """A token of letters and digits, the same ones in the same order in every run."""
        self._count += 1
        return hashlib.sha512(f"secret {self._count}".encode()).hexdigest()[:length]


def moment(snowflake: str) -> str:
    """When this id was made, as timestamps are written."""
    made_ms = (int(snowflake) >> 22) + DISCORD_EPOCH_MS
    return datetime.fromtimestamp(made_ms / 1000, UTC).isoformat(timespec="microseconds")
