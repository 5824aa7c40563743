"""Has something done on the premises that the settings name."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from deploy.cli.output import Answer, give
from engine import logs
from engine.bootstrap import Premises, open_premises
from engine.settings import Settings, read_settings

T = TypeVar("T")


def answered(work: Callable[[Premises], Awaitable[Answer]], *, as_json: bool) -> int:
    """Does it and gives the answer; answers the process's status.

    Raises:
        Explained, OSError
    """
    return give(done(work), as_json=as_json)


def done(work: Callable[[Premises], Awaitable[T]], settings: Settings | None = None) -> T:
    """Does it, and answers what came of it.

    Raises:
        Explained, OSError
    """
    # What it comes to is what is shown; of the log, only what is a bug.
    logs.configure("text", "error")
    return asyncio.run(_done(work, settings or read_settings()))


async def _done(work: Callable[[Premises], Awaitable[T]], settings: Settings) -> T:
    async with open_premises(settings) as premises:
        return await work(premises)
