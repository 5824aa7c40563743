"""Where a thread is read from to find what a debate posted there."""

from __future__ import annotations

from bots.discordbot.ids import first_id_at
from bots.discordbot.parts import Parts
from engine.debate.events import Place
from engine.ports.store import UnknownDebate

SKEW_MS = 60_000
"""By how much Discord's clock and ours may differ."""


async def since(parts: Parts, place: Place, debate: str, n: int) -> str:
    """A message before anything of the debate's event `n`: others may have been posted before.

    Raises:
        StoreAway
    """
    try:
        (record, *_later) = await parts.debates.records(debate, n - 1)
    except (UnknownDebate, ValueError):  # ValueError: there is no such event
        return place.thread
    return max(place.thread, first_id_at(record.at_ms - SKEW_MS), key=int)
