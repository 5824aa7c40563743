"""The turns that a synthesis rests on, and where a thread shows them."""

from __future__ import annotations

from dataclasses import dataclass

from bots.chat.surface import Part, Role
from engine.debate.events import Place
from engine.ports.debates import Debates
from engine.ports.readers import Readers
from engine.ports.store import StoreAway, UnknownDebate

MOST = 40


@dataclass(frozen=True, slots=True)
class Reference:
    """A turn that stands in the thread."""

    message: str
    """The first of the platform's messages that show it."""
    name: str
    """Its number and its speaker's."""


async def references(
    debates: Debates, readers: Readers, place: Place, part: Part
) -> list[Reference]:
    """The last turns below the last part of a synthesis; none of any other part.

    None either while they cannot be looked up: a synthesis does not wait for them.
    """
    roles = {segment.role for segment in part.segments}
    is_synthesis = part.speaker.seat is not None and roles & {Role.ITEM, Role.NOTICE}
    if not is_synthesis or part.key.more:
        return []
    try:
        state = await debates.load(part.key.debate)
        messages = await readers.messages(part.key.debate, place)
    except (StoreAway, UnknownDebate):
        return []
    return [
        Reference(messages[turn.n][0], f"{number} {state.seat(turn.persona).name}")
        for number, turn in enumerate(state.turns, 1)
        if turn.n in messages
    ][-MOST:]
