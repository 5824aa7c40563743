"""The clock: time, from outside."""

from __future__ import annotations

from typing import Protocol


class Clock(Protocol):
    """Time, from outside."""

    def now_ms(self) -> int:
        """Unix time, milliseconds."""
        ...

    def monotonic(self) -> float:
        """Seconds that only go forward."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Waits."""
        ...
