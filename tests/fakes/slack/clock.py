"""The local Slack's time and its ids: the same in every run, and of the form that Slack's have."""

from __future__ import annotations

import asyncio
import hashlib
import uuid

EPOCH = 1_790_000_000
"""When time starts, Unix seconds; it moves on only by `SlackClock.advance`."""

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_STEP_US = 100


class SlackClock:
    """Tells the time of messages, which stands still, and counts down deadlines, which pass."""

    def __init__(self, epoch: int = EPOCH) -> None:
        self._epoch_us = epoch * 1_000_000
        self._advanced = 0.0
        self._last_us = self._epoch_us

    def now(self) -> int:
        """Unix seconds, as payloads give them."""
        return (self._epoch_us + int(self._advanced * 1_000_000)) // 1_000_000

    def ts(self) -> str:
        """A timestamp later than all before it; it names a message within its channel."""
        self._last_us = max(
            self._last_us + _STEP_US, self._epoch_us + int(self._advanced * 1_000_000)
        )
        return f"{self._last_us // 1_000_000}.{self._last_us % 1_000_000:06d}"

    def seconds(self) -> float:
        """For deadlines: passes as the machine's time does, and jumps with `advance`."""
        return asyncio.get_running_loop().time() + self._advanced

    def advance(self, seconds: float) -> None:
        """Lets so much time have passed."""
        self._advanced += seconds


class Ids:
    """Mints ids and tokens, the same ones in the same order in every run."""

    def __init__(self) -> None:
        self._count = 0

    def mint(self, prefix: str) -> str:
        """An id such as `C0A1B2C3D4E`."""
        return f"{prefix}0{self._letters(9)}"

    def secret(self, length: int = 32) -> str:
        """A secret in lower case."""
        return self._letters(length).lower()

    def token(self, kind: str) -> str:
        """A token, its kind `xoxb`, `xoxp`, `xapp-1` or `xoxe`."""
        number = int(hashlib.sha256(f"{kind}{self._next()}".encode()).hexdigest()[:10], 16)
        return f"{kind}-{number}-{self._letters(24)}"

    def uuid(self) -> str:
        """A UUID, as envelopes and people's messages carry."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"slack:{self._next()}"))

    def trigger(self) -> str:
        """A trigger id such as `132456.7890123.abcdef`."""
        return f"{1_000_000 + self._next()}.{7_890_123}.{self.secret()}"

    def _next(self) -> int:
        self._count += 1
        return self._count

    def _letters(self, length: int) -> str:
        number = int(hashlib.sha512(f"id{self._next()}".encode()).hexdigest(), 16)
        letters = []
        for _ in range(length):
            number, digit = divmod(number, len(_DIGITS))
            letters.append(_DIGITS[digit])
        return "".join(letters)
