"""The machine's clock."""

from __future__ import annotations

import asyncio
import time


class SystemClock:
    """`Clock` of the machine that the process runs on."""

    def now_ms(self) -> int:
        """Unix time, milliseconds."""
        return time.time_ns() // 1_000_000

    def monotonic(self) -> float:
        """Seconds that only go forward."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Waits."""
        await asyncio.sleep(seconds)
