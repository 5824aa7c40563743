"""How long the bot waits for what, in seconds."""

from __future__ import annotations

from dataclasses import dataclass

from bots.chat import cards, closing, starting
from bots.slackbot import acking, pace, sockets, streaming


@dataclass(frozen=True, slots=True)
class Timing:
    """As Slack wants it; tests are in more of a hurry."""

    lands_within: float
    """A post whose answer was lost has landed by then, or never will."""
    minute: float = pace.MINUTE_S
    """In which Slack takes so many calls."""
    card: float = cards.CARD_S
    edit: float = cards.EDIT_S
    append: float = streaming.EVERY_S
    answer: float = acking.ANSWER_S
    ping: float = sockets.PING_S
    later: float = closing.LATER_S
    """Until what failed at the close is tried again."""
    starting: float = starting.PATIENCE_S
    """Until a debate whose starter died is started by another process."""
