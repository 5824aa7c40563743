"""How whoever waits is told how far a download is."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int | None], None]
"""Bytes done, bytes in all if known; called while weights are fetched."""


def untold(done: int, whole: int | None) -> None:
    """For those who do not want to know."""
