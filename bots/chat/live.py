"""A turn while it is spoken, put together from what is heard of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.ports.live import LivePart, LiveText


@dataclass(slots=True)
class Live:
    """What was said so far; a later attempt at it starts over."""

    turn: int
    """0: a synthesis."""
    persona: str
    text: dict[LivePart, str] = field(default_factory=dict)
    _attempt: tuple[int, int] = (0, 0)

    def hear(self, piece: LiveText) -> bool:
        """Takes a piece in, if it belongs here and nothing before it is missing."""
        attempt = (piece.epoch, piece.attempt)
        # A turn that is called anew may be another persona's under the same number.
        if (piece.turn, piece.persona) != (self.turn, self.persona) or attempt < self._attempt:
            return False
        if attempt > self._attempt:
            self._attempt, self.text = attempt, {}
        told = self.text.get(piece.part, "")
        if piece.offset > len(told):
            return False
        self.text[piece.part] = told[: piece.offset] + piece.text
        return True
