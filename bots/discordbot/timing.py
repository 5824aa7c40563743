"""How long the bot waits for what, in seconds."""

from __future__ import annotations

from dataclasses import dataclass

from bots.chat import cards, closing, starting
from bots.discordbot import answering, client, thinking


@dataclass(frozen=True, slots=True)
class Timing:
    """As Discord wants it; tests are in more of a hurry."""

    lands_within: float
    """A post whose answer was lost has landed by then, or never will."""
    card: float = cards.CARD_S
    edit: float = cards.EDIT_S
    later: float = closing.LATER_S
    """Until what failed at the close is tried again."""
    starting: float = starting.PATIENCE_S
    """Until a debate whose starter died is started by another process."""
    answer: float = answering.PATIENCE_S
    thinking: float = thinking.AGAIN_S
    """Until it is shown again that somebody is about to speak."""
    identify: float = client.IDENTIFY_S
    server: float = client.SERVER_S
    again: float = client.AGAIN_S
