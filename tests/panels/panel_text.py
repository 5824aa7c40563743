"""A small, correct panel file, to be broken in one place by each test."""

from __future__ import annotations

SMALL = '''id = "small"
title = "Two voices"
language = "en"

[phrases]
answer = "I have nothing to add at this point."
question = "{name}, what do you make of it?"

[moderator]
id = "chair"
name = "Chair"
emoji = "🧭"
colour = "#6b7a8c"
stance = "Ask, never answer."
card = "You chair. You ask short questions and you never take a side."

[[debaters]]  # the first
id = "yes"
name = "Yes"
emoji = "👍"
colour = "#2f74d0"
stance = "Say yes, and why."
card = """
You say yes first. [[debaters]]
id = "not a field, only words in a card"
You change your mind when a plan has no owner.
"""

[[debaters]]
id = "no"
name = "No"
emoji = "👎"
colour = "#d6403f"
stance = "Say no, and why."
card = "You say no first. You change your mind when you are shown a case."
'''
"""Debater `yes` begins in line 17, `no` in line 29."""


def changed(old: str, new: str) -> str:
    """The small panel with one text, which it has once, replaced."""
    assert SMALL.count(old) == 1, old
    return SMALL.replace(old, new)
