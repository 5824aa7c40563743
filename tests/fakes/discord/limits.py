"""Discord's rate limits: buckets told in headers, one that webhooks share, a global; off at first.

How many requests a bucket takes is not documented; these are the figures that people observed.
"""

from __future__ import annotations

import hashlib
import math
from collections import deque
from dataclasses import dataclass, field

from tests.fakes.discord.clock import DiscordClock
from tests.fakes.discord.protocol import Json

Scope = str
"""`user`, `global` or `shared`."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests in so many seconds."""

    most: int
    within_s: float


GLOBAL = Rate(50, 1.0)
POSTS = Rate(5, 5.0)
EDITS = Rate(5, 5.0)
WEBHOOK = Rate(5, 2.0)
WEBHOOKS_OF_A_CHANNEL = Rate(30, 60.0)
REACTIONS = Rate(1, 0.25)
OTHER = Rate(30, 10.0)
INVALID = frozenset({401, 403, 429})
MOST_INVALID = 10_000


@dataclass(slots=True)
class Window:
    """A bucket as it stands."""

    rate: Rate
    calls: deque[float] = field(default_factory=deque)

    def wait_s(self, now: float) -> float:
        """How long until a request may pass; 0: now."""
        while self.calls and self.calls[0] <= now - self.rate.within_s:
            self.calls.popleft()
        return self.calls[0] + self.rate.within_s - now if self.remaining == 0 else 0.0

    @property
    def remaining(self) -> int:
        return self.rate.most - len(self.calls)


@dataclass(frozen=True, slots=True)
class TooMany:
    """A request that was refused with 429."""

    route: str
    major: str
    scope: Scope
    retry_after_s: float


@dataclass(slots=True)
class Limits:
    """Switch `is_on`; `rates` and `webhooks_of_a_channel` may be made tighter."""

    clock: DiscordClock
    is_on: bool = False
    rates: dict[str, Rate] = field(default_factory=dict)
    """By route, instead of what the route has."""
    webhooks_of_a_channel: Rate = WEBHOOKS_OF_A_CHANNEL
    everything: Rate = GLOBAL
    refused: list[TooMany] = field(default_factory=list)
    invalid: int = 0
    """Answers of 401, 403 and 429 but for shared ones: 10,000 in ten minutes get one banned."""
    _windows: dict[tuple[str, str, str], Window] = field(default_factory=dict)

    def meet(self, caller: str, route: str, rate: Rate, major: str) -> tuple[TooMany | None, Json]:
        """Counts a request, or says why not; and the headers of its answer."""
        if not self.is_on:
            return None, {}
        now, rate = self.clock.seconds(), self.rates.get(route, rate)
        over_all = self._window(("global", caller, ""), self.everything)
        wait = over_all.wait_s(now)
        if wait:
            return self._refuse(route, "", "global", wait), {}
        window = self._window((caller, route, major), rate)
        wait = window.wait_s(now)
        if not wait:
            over_all.calls.append(now)
            window.calls.append(now)
        oldest = window.calls[0] if window.calls else now
        headers = {
            "X-RateLimit-Limit": str(rate.most),
            "X-RateLimit-Remaining": str(window.remaining),
            "X-RateLimit-Reset-After": f"{oldest + rate.within_s - now:.3f}",
            "X-RateLimit-Reset": f"{oldest + rate.within_s:.3f}",
            "X-RateLimit-Bucket": hashlib.sha256(route.encode()).hexdigest()[:32],
        }
        return (self._refuse(route, major, "user", wait) if wait else None), headers

    def meet_shared(self, channel_id: str) -> TooMany | None:
        """The bucket that all webhooks of a channel share, of which no header tells."""
        if not self.is_on:
            return None
        window = self._window(("shared", "", channel_id), self.webhooks_of_a_channel)
        now = self.clock.seconds()
        wait = window.wait_s(now)
        if wait:
            return self._refuse("webhooks", channel_id, "shared", wait)
        window.calls.append(now)
        return None

    def count(self, status: int, scope: Scope) -> None:
        """An answer with this status was given."""
        if status in INVALID and scope != "shared":
            self.invalid += 1

    def _window(self, key: tuple[str, str, str], rate: Rate) -> Window:
        return self._windows.setdefault(key, Window(rate))

    def _refuse(self, route: str, major: str, scope: Scope, wait_s: float) -> TooMany:
        refused = TooMany(route, major, scope, math.ceil(wait_s * 1000) / 1000)
        self.refused.append(refused)
        return refused
