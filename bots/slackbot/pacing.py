"""One post a second to a channel, and a few at once after a silence: what Slack asks of apps."""

from __future__ import annotations

from collections import OrderedDict

INTERVAL_S = 1.0
BURST = 3
_REMEMBERED = 10_000


class Pacing:
    """Says who may post to a channel when; whoever has to wait keeps their place in the queue."""

    def __init__(self, interval_s: float = INTERVAL_S) -> None:
        self._interval_s = interval_s
        self._free_at: OrderedDict[str, float] = OrderedDict()
        self._turns: OrderedDict[tuple[str, str], float] = OrderedDict()

    def wait_s(self, channel: str, thread: str, now: float) -> float:
        """How long this thread has to wait before it posts; 0: it may, and is counted."""
        at = self._turns.get((channel, thread))
        if at is None:
            earliest = now - (BURST - 1) * self._interval_s
            at = max(self._free_at.get(channel, earliest), earliest)
            self._keep(channel, at + self._interval_s)
            self._turns[channel, thread] = at
        if at > now:
            return at - now
        del self._turns[channel, thread]
        return 0.0

    def _keep(self, channel: str, free_at: float) -> None:
        self._free_at[channel] = free_at
        self._free_at.move_to_end(channel)
        for remembered in (self._free_at, self._turns):
            if len(remembered) > _REMEMBERED:
                remembered.popitem(last=False)
