"""Slack's rate limits: per method, workspace and app, in windows of a minute; off until asked."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from dataclasses import dataclass, field
from enum import Enum

from tests.fakes.slack.clock import SlackClock


class Tier(Enum):
    """Calls a minute."""

    ONE = 1
    TWO = 20
    THREE = 50
    FOUR = 100
    SPECIAL = 600
    """Several hundred, by the method's own page."""
    POSTING = 300
    """Several hundred in a workspace, and one a second in a channel, bursts allowed."""


WINDOW_S = 60.0
POSTS_A_SECOND = 1.0
BURST = 5
"""Posts that a channel takes at once after a silence; Slack says only that bursts are fine."""
READS_OF_DISTRIBUTED = 1
MOST_READ_BY_DISTRIBUTED = 15


@dataclass(frozen=True, slots=True)
class TooMany:
    """A call that was refused with 429."""

    method: str
    team: str
    channel: str
    at: float
    retry_after_s: int


@dataclass(slots=True)
class Limits:
    """Switch `is_on`; `refused` tells of every 429 given for them."""

    clock: SlackClock
    is_on: bool = False
    refused: list[TooMany] = field(default_factory=list)
    _calls: defaultdict[tuple[str, str, str], deque[float]] = field(
        default_factory=lambda: defaultdict(deque)
    )
    _posts: dict[tuple[str, str], float] = field(default_factory=dict)
    """When the channel's bucket would be full again, by app and channel."""

    def wait_s(
        self, app: str, team: str, method: str, *, tier: Tier, most: int = 0, channel: str = ""
    ) -> int:
        """Seconds to wait, 0: the call may pass and counts; `most` stands in for the tier's."""
        if not self.is_on:
            return 0
        now = self.clock.seconds()
        calls = self._calls[app, team, method]
        while calls and calls[0] <= now - WINDOW_S:
            calls.popleft()
        wait = 0.0
        if len(calls) >= (most or tier.value):
            wait = calls[0] + WINDOW_S - now
        elif tier is Tier.POSTING:
            wait = self._wait_for_channel(app, channel, now)
        if wait > 0:
            told = max(1, math.ceil(wait))
            self.refused.append(TooMany(method, team, channel, now, told))
            return told
        calls.append(now)
        return 0

    def _wait_for_channel(self, app: str, channel: str, now: float) -> float:
        full_at = max(now, self._posts.get((app, channel), now)) + 1 / POSTS_A_SECOND
        too_much = full_at - now - BURST / POSTS_A_SECOND
        if too_much > 0:
            return too_much
        self._posts[app, channel] = full_at
        return 0.0
