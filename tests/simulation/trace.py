"""What happened in a run, line by line: its hash tells two runs apart, its end is printed."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable

KEPT = 400
"""So many of the last lines are kept, unless all are."""


class Trace:
    """The lines of one run."""

    def __init__(self, now: Callable[[], float], *, whole: bool = False) -> None:
        self._now = now
        self._hash = hashlib.blake2b(digest_size=16)
        self.lines: deque[str] = deque(maxlen=None if whole else KEPT)

    def __call__(self, who: str, what: str) -> None:
        line = f"{self._now():.5f} {who} {what}"
        self._hash.update(line.encode("utf-8", "replace") + b"\n")
        self.lines.append(line)

    @property
    def digest(self) -> str:
        """The same for two runs only if every line was."""
        return self._hash.hexdigest()
