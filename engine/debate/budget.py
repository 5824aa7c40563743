"""What a debate may use, and what is kept back from it, so that the close is always paid for."""

from __future__ import annotations

from collections.abc import Iterable

from engine.debate.events import Reason
from engine.debate.limits import CHARS_PER_TOKEN, CUE_TOKENS, synthesis_tokens, turn_tokens
from engine.debate.state import Debate


def spent_up(debate: Debate) -> Reason | None:
    """The budget that does not allow one more turn and the close after it."""
    budget = debate.budget
    if budget.turns is not None and debate.turn >= budget.turns:
        return Reason.TURN_BUDGET
    if budget.seconds is not None and debate.seconds >= budget.seconds:
        return Reason.TIME_BUDGET
    if budget.tokens is None or debate.usage.computed + next_turn_tokens(debate) <= budget.tokens:
        return None
    return Reason.TOKEN_BUDGET


def least_tokens(head_tokens: int, answer_words: int, question_words: int) -> int:
    """What one turn and the close cost, with `head_tokens` before each and nothing cached."""
    turn = head_tokens + CUE_TOKENS + turn_tokens(answer_words, question_words)
    return turn + turn + CUE_TOKENS + synthesis_tokens()


def head_tokens(topic: str, panel_chars: int, material: Iterable[str]) -> int:
    """What a head takes before anybody has spoken, estimated."""
    return (len(topic) + panel_chars + sum(map(len, material))) // CHARS_PER_TOKEN


def next_turn_tokens(debate: Debate) -> int:
    """One more turn and the close, at worst: the server may have forgotten what it had cached."""
    material = (handed_in.text for handed_in in debate.material)
    head = debate.head.context_used or head_tokens(debate.started.topic, 0, material)
    return least_tokens(head, debate.started.answer_words, debate.started.question_words)
