"""How long a reply may get, in words and in tokens, and what must be kept back for the close."""

from __future__ import annotations

TOKENS_PER_WORD = 3
"""Generous: Spanish on a small English vocabulary needs 2.5, most models need 1.4."""

CHARS_PER_WORD = 8
"""Generous too: Spanish prose has six, the space counted. A schema can only count characters."""

CHARS_PER_TOKEN = 3
"""Few: an estimate of a prompt is to err on the long side."""

JSON_TOKENS = 48
"""Braces, quotes and field names of a reply."""

SYNTHESIS_SUMMARY_WORDS = 160
SYNTHESIS_ITEMS = 5
"""The most agreements, disagreements or open questions."""
SYNTHESIS_ITEM_WORDS = 40
SYNTHESIS_WORDS = 360
"""Summary, agreements, disagreements and open questions together; more is cut off."""

SUMMARY_WORDS = 220
"""The running summary that starts a new head."""

MESSAGE_WORDS = 500
"""What a prompt repeats of one person's message, and the most a person may say in a seat's turn."""

ATTACHED_WORDS = 1_500
"""What a prompt repeats of material that was handed in in mid-debate."""

ASIDES = 3
"""The most people who may wait for an answer at once."""

HEARD_SHARE = 0.2
"""How much of the model's context the words may take that people say between two turns."""

CUE_TOKENS = 400
"""Room for the next cue and the chat template around it."""


def most_chars(words: int) -> int:
    """The `maxLength` of a field that may have so many words."""
    return words * CHARS_PER_WORD


def turn_tokens(answer_words: int, question_words: int) -> int:
    """The most tokens that one turn's reply may take."""
    return (answer_words + question_words) * TOKENS_PER_WORD + JSON_TOKENS


def synthesis_tokens() -> int:
    """The most tokens that the close may take."""
    return SYNTHESIS_WORDS * TOKENS_PER_WORD + JSON_TOKENS


def summary_tokens() -> int:
    """The most tokens that a running summary may take."""
    return SUMMARY_WORDS * TOKENS_PER_WORD + JSON_TOKENS


def reply_chars(max_tokens: int) -> int:
    """More text than this is no reply but a runaway stream."""
    return max_tokens * 12
