"""When a prompt head is full, and how much of the material a new one takes."""

from __future__ import annotations

from collections.abc import Iterable

from engine.debate.events import HeadReason
from engine.debate.limits import (
    CHARS_PER_TOKEN,
    CUE_TOKENS,
    summary_tokens,
    synthesis_tokens,
    turn_tokens,
)
from engine.debate.prompt import PROMPT_VERSION, Message
from engine.debate.state import Debate

MATERIAL_SHARE = 0.25
"""How much of the model's context the material may take."""


def new_head_for(
    debate: Debate, messages: Iterable[Message], model: str, context_tokens: int
) -> HeadReason | None:
    """Why the pending cue cannot be asked under the present head; `None`: it can.

    `messages` is the rendered prompt. Room for the reply and for a running summary is kept, so that
    a full head can always be summed up.
    """
    head = debate.head
    if head.started is None:
        return HeadReason.START
    if head.erased:
        return HeadReason.ERASURE
    if (head.started.model, head.started.prompt_version) != (model, PROMPT_VERSION):
        return HeadReason.UPGRADE
    fresh = not head.exchanges
    needed = estimated_tokens(debate, messages) + reserved(debate)
    return HeadReason.OVERFLOW if needed > context_tokens and not fresh else None


def estimated_tokens(debate: Debate, messages: Iterable[Message]) -> int:
    """The prompt's length: as counted by the server up to the last reply, estimated after it."""
    contents = [message["content"] for message in messages]
    counted = debate.head.context_used
    uncounted = contents[-1:] if counted else contents
    return counted + sum(len(text) for text in uncounted) // CHARS_PER_TOKEN


def reserved(debate: Debate) -> int:
    """Tokens that must stay free after a prompt: for its reply, then for a summary or the close."""
    started = debate.started
    turn = turn_tokens(started.answer_words, started.question_words)
    return turn + CUE_TOKENS + max(summary_tokens(), synthesis_tokens())


def material_chars(debate: Debate, context_tokens: int) -> int:
    """How many characters of the material a head on this model takes."""
    whole = sum(len(material.text) for material in debate.material)
    return min(whole, int(context_tokens * MATERIAL_SHARE) * CHARS_PER_TOKEN)
