"""The patience to ask a chat platform again that does not answer just now."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from bots.chat.surface import RetryAfter, Unknown
from deploy.cli.failure import PlatformAway
from engine.bootstrap import system_clock

PATIENCE_S = 60.0
USUAL_WAIT_S = 2.0
TRIES_UNHEARD = 2

T = TypeVar("T")


async def patiently(platform: str, call: Callable[[], Awaitable[T]]) -> T:
    """What the call answers, once the platform takes it; waits as long as it asks for.

    Raises:
        PlatformAway: it does not answer, or wants to be left alone for too long.
        Refused
    """
    clock = system_clock()
    until, tries = clock.monotonic() + PATIENCE_S, 0
    while True:
        try:
            return await call()
        except RetryAfter as error:
            tries += 1
            wait_s = error.seconds if error.seconds is not None else USUAL_WAIT_S
            is_unheard = error.seconds is None and tries > TRIES_UNHEARD
            if is_unheard or clock.monotonic() + wait_s > until:
                raise PlatformAway("{platform} cannot be reached", platform=platform) from error
        except Unknown as error:
            raise PlatformAway(
                "{platform} did not answer ({why}); look whether it was done, then try again",
                platform=platform,
                why=error,
            ) from error
        await clock.sleep(wait_s)
