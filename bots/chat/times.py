"""Times as text."""

from __future__ import annotations

from datetime import UTC, datetime


def rfc3339(at_ms: int) -> str:
    """Unix milliseconds as RFC 3339 in UTC, to the millisecond: `2026-11-22T20:56:57.123Z`."""
    at = datetime.fromtimestamp(at_ms / 1000, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
