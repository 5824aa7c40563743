"""What a debate may use, and what is kept back from it, so that the close is always paid for."""

from __future__ import annotations

from engine.debate.events import Reason
from engine.debate.limits import CUE_TOKENS, synthesis_tokens, turn_tokens
from engine.debate.state import Debate


def spent_up(debate: Debate) -> Reason | None:
    """The budget that does not allow one more turn and the close after it."""
    budget = debate.budget
    if budget.turns is not None and debate.turn >= budget.turns:
        return Reason.TURN_BUDGET
    if budget.seconds is not None and debate.seconds >= budget.seconds:
        return Reason.TIME_BUDGET
    if budget.tokens is not None and debate.usage.computed + _next_turn(debate) > budget.tokens:
        return Reason.TOKEN_BUDGET
    return None


def least_tokens(head_tokens: int, answer_words: int, question_words: int) -> int:
    """What one turn and the close cost, with `head_tokens` before them and nothing cached."""
    turn = head_tokens + CUE_TOKENS + turn_tokens(answer_words, question_words)
    return turn + turn + CUE_TOKENS + synthesis_tokens()


def _next_turn(debate: Debate) -> int:
    """One more turn and the close, at worst: the server may have forgotten what it had cached."""
    context = debate.head.context_used if debate.head else 0
    return least_tokens(context, debate.started.answer_words, debate.started.question_words)
