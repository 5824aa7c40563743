"""Where and by whom the app may be used, as the settings list it. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Gate:
    """Empty lists of what is allowed allow everything; what is blocked stays out in any case."""

    allowed_channels: frozenset[str] = frozenset()
    blocked_channels: frozenset[str] = frozenset()
    allowed_users: frozenset[str] = frozenset()
    blocked_users: frozenset[str] = frozenset()

    def admits(self, channel: str, user: str) -> bool:
        """Whether this user may use the app in this channel."""
        return self.hears(channel) and _in(user, self.allowed_users, self.blocked_users)

    def hears(self, channel: str) -> bool:
        """Whether the app may be used in this channel at all."""
        return _in(channel, self.allowed_channels, self.blocked_channels)


def _in(name: str, allowed: frozenset[str], blocked: frozenset[str]) -> bool:
    return name not in blocked and (not allowed or name in allowed)
