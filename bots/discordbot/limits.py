"""Discord's rate limits as its answers tell them: who has to wait, and how long. Pure.

Routes that share a bucket say so by its name, which is learned from their answers; a bucket counts
for each channel, server or webhook apart. Nobody waits in here: whoever has to is told how long.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

REMEMBERED = 10_000
UNTOLD_S = 0.25
"""For a bucket that is used up by requests whose answers have not come yet."""


@dataclass(slots=True)
class _Bucket:
    limit: int | None = None
    """`None`: no answer has told it yet."""
    remaining: int = 0
    flying: int = 0
    resets_at: float | None = None
    """On the monotonic clock; `None`: no answer of this window has told it yet."""


@dataclass(frozen=True, slots=True)
class Pass:
    """A request that may be sent; it is to be given back once that is over."""

    route: str
    major: str
    bucket: _Bucket


class Limits:
    """The limits of one token."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._buckets: OrderedDict[tuple[str, str], _Bucket] = OrderedDict()
        self._closed_until = 0.0

    def ask(self, route: str, major: str, now: float) -> Pass | float:
        """Leave to send a request, which is counted; or how many seconds to wait.

        `major`: the channel, server or webhook that it is about.
        """
        if now < self._closed_until:
            return self._closed_until - now
        bucket = self._bucket(route, major)
        if bucket.limit is not None:
            if bucket.resets_at is not None and now >= bucket.resets_at:
                bucket.remaining, bucket.resets_at = bucket.limit - bucket.flying, None
            if bucket.remaining <= 0 and bucket.resets_at is not None:
                return bucket.resets_at - now
            if bucket.remaining <= 0 and bucket.flying:
                return UNTOLD_S
            bucket.remaining -= 1
        bucket.flying += 1
        return Pass(route, major, bucket)

    def answered(self, leave: Pass, headers: Mapping[str, str], now: float) -> None:
        """What the answer tells of the bucket."""
        name = headers.get("X-RateLimit-Bucket")
        if name and self._names.get(leave.route) != name:
            self._names[leave.route] = name
            self._buckets[name, leave.major] = leave.bucket
        left, after = headers.get("X-RateLimit-Remaining"), headers.get("X-RateLimit-Reset-After")
        if left is None or after is None:
            return
        bucket = leave.bucket
        bucket.limit = int(headers.get("X-RateLimit-Limit", "1"))
        bucket.remaining = int(left) - (bucket.flying - 1)
        bucket.resets_at = now + float(after)

    def refused(self, leave: Pass, retry_after_s: float, now: float, *, everywhere: bool) -> None:
        """429: this bucket, or everything, is closed for so long."""
        if everywhere:
            self._closed_until = now + retry_after_s
        else:
            bucket = leave.bucket
            bucket.limit = bucket.limit or 1
            bucket.remaining, bucket.resets_at = 0, now + retry_after_s

    def over(self, leave: Pass) -> None:
        """The request is over, answered or not."""
        leave.bucket.flying -= 1

    def _bucket(self, route: str, major: str) -> _Bucket:
        key = (self._names.get(route, route), major)
        bucket = self._buckets.setdefault(key, _Bucket())
        self._buckets.move_to_end(key)
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        return bucket
