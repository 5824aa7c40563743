"""What the stub model noted, and the figures that follow from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

NS_A_MS = 1_000_000
NS_A_S = 1_000_000_000


class Call(NamedTuple):
    """One request and its reply; times in nanoseconds of one clock."""

    debate: int
    came: int
    ended: int
    chars: int
    """The prompt's length."""
    cpu: int
    """The CPU time, in nanoseconds, of whoever was watched when the request came."""


def by_debate(calls: Iterable[Call]) -> list[list[Call]]:
    """Each debate's calls, in their order."""
    ordered = sorted(calls, key=lambda call: (call.debate, call.came))
    return [list(group) for _, group in groupby(ordered, key=lambda call: call.debate)]


def gaps_ms(calls: Iterable[Call]) -> list[float]:
    """From the end of a debate's reply to its next request."""
    return [
        (after.came - before.ended) / NS_A_MS
        for debate in by_debate(calls)
        for before, after in pairwise(debate)
    ]


def busy_s(calls: Iterable[Call]) -> float:
    """How long at least one debate went on."""
    spans = sorted((debate[0].came, debate[-1].ended) for debate in by_debate(calls))
    busy, until = 0, 0
    for begun, ended in spans:
        busy += max(0, ended - max(begun, until))
        until = max(until, ended)
    return busy / NS_A_S


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share (0 to 1) of them does not exceed."""
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
