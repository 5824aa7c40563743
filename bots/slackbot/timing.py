"""How long the bot waits for what, in seconds."""

from __future__ import annotations

from dataclasses import dataclass

from bots.chat import cards, closing, starting
from bots.slackbot import acking, shelf, sockets, wires


@dataclass(frozen=True, slots=True)
class Timing:
    """As Slack wants it; tests are in more of a hurry."""

    lands_within: float
    """A post whose answer was lost has landed by then, or never will."""
    post_interval: float = wires.POST_S
    card: float = cards.CARD_S
    edit: float = cards.EDIT_S
    answer: float = acking.ANSWER_S
    ping: float = sockets.PING_S
    later: float = closing.LATER_S
    """Until what failed at the close is tried again."""
    claim: float = shelf.CLAIM_S
    """Until files that another process set out to post are this one's to post."""
    starting: float = starting.PATIENCE_S
    """Until a debate whose starter died is started by another process."""
