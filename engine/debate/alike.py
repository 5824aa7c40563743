"""How much alike two turns are: a cheap measure on their words."""

from __future__ import annotations

import math
import re
from collections import Counter

_WORD = re.compile(r"\w{4,}")
"""Shorter words are mostly grammar."""


def alike(one: str, other: str) -> float:
    """The cosine of the two texts' word counts: 0, no word in common; 1, the same words."""
    a, b = (Counter(_WORD.findall(text.casefold())) for text in (one, other))
    common = sum(count * b[word] for word, count in a.items())
    norms = math.sqrt(_squares(a) * _squares(b))
    return common / norms if norms else 0.0


def _squares(counts: Counter[str]) -> int:
    return sum(count * count for count in counts.values())
