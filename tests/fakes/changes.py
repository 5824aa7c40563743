"""How a test waits: for something to be so, looking again whenever anything happened."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Changes:
    """Told of everything that happens."""

    def __init__(self) -> None:
        self._happened = asyncio.Event()

    def tell(self) -> None:
        """Has those who wait look again."""
        self._happened.set()

    async def until(self, met: Callable[[], object], within_s: float = 10.0) -> None:
        """Waits until this is so.

        Raises:
            TimeoutError
        """
        async with asyncio.timeout(within_s):
            while not met():
                self._happened.clear()
                await self._happened.wait()
