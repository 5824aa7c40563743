"""How fast Slack takes what a bot calls often: calls wait for it here, and are not refused there.

Slack counts by method and workspace, each app by itself; of posts, a channel takes one a second.
What else a person waits for, as a form or an answer, is called at once: there is little of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.ports.limits import Rate

MINUTE_S = 62.0
"""Slack's, and a little more: calls are not all equally long on their way."""
POSTS = 300
"""A minute, in a workspace; Slack says «several hundred»."""
BURST = 4
"""So many posts at once that a channel takes after a silence."""
TIER_2, TIER_3, TIER_4 = 20, 50, 100
"""A minute, in a workspace."""
_TIERS = {
    "chat.appendStream": TIER_4,
    "chat.startStream": TIER_2,
    "chat.stopStream": TIER_2,
    "chat.update": TIER_3,
    "conversations.history": TIER_3,
    "conversations.replies": TIER_3,
    "files.getUploadURLExternal": TIER_4,
}
_EVENLY = frozenset({"chat.appendStream", "chat.startStream", "chat.update"})
"""A fifth of them in a fifth of a minute, so that nothing stands still for the rest of it."""
NO_PLACE = frozenset({"chat.appendStream", "chat.startStream", "files.getUploadURLExternal"})
"""Nobody keeps a place for these: who comes again may have another call to make, or none."""


@dataclass(frozen=True, slots=True)
class Pace:
    """What calls go by, where Slack's minute is so long; tests are in more of a hurry."""

    minute_s: float

    def of(self, app: str, method: str) -> tuple[Rate, ...]:
        """The rates of a call; none: it is called at once. `app`: in which workspace, too."""
        if method not in _TIERS:
            return ()
        share = 5 if method in _EVENLY else 1
        name, most = f"slack/{app}/{method}", _TIERS[method] // share
        return (Rate(name, most, self.minute_s / share),)

    def of_posts(self, app: str, channel: str) -> tuple[Rate, ...]:
        """The rates of a post to the channel."""
        return (
            Rate(f"slack/{app}/{channel}", BURST, BURST * self.minute_s / 60),
            Rate(f"slack/{app}/chat.postMessage", POSTS, self.minute_s),
        )
