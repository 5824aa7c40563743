"""A model's text, decoded: whole, cut off, or while it still comes."""

from __future__ import annotations

from typing import Literal

import jiter

_THOUGHT_ENDS = ("</think>", "</thinking>", "</thought>", "[/THINK]")
_THOUGHT_BEGINS = ("<think>", "<thinking>", "<thought>", "[THINK]")


def spoken(text: str) -> str:
    """The text without the thinking before it, from its first brace on."""
    for end in _THOUGHT_ENDS:
        _, found, after = text.rpartition(end)
        text = after if found else text
    if text.lstrip().startswith(_THOUGHT_BEGINS):
        return ""
    brace = text.find("{")
    return text[brace:].rstrip() if brace >= 0 else text.strip()


def decoded(text: str) -> object:
    """The value of a whole JSON text; `None` if it is none. A code fence's end is passed over."""
    return _decode(text.rstrip("` \n"), "off")


def decoded_so_far(text: str) -> object:
    """The value of a JSON text that is not complete, strings as far as they go."""
    return _decode(text, "trailing-strings")


def _decode(text: str, partial: Literal["off", "trailing-strings"]) -> object:
    try:
        # Deep nesting is refused by the parser itself; a surrogate half is not valid UTF-8.
        value: object = jiter.from_json(
            text.encode("utf-8", "replace"), partial_mode=partial, allow_inf_nan=False
        )
    except ValueError:
        return None
    return value
