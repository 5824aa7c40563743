"""A plan that shows a failure made smaller, as far as time allows.

Real processes do not repeat themselves to the microsecond. So a plan counts as failing if it fails
once in a few tries, and what is printed is the smallest plan that has.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from time import monotonic

from tests.chaos.plan import Fault

BEFORE_S = 10.0
"""What went wrong so long before a debate may have to do with it."""

Fails = Callable[[Sequence[Fault]], bool]


def around(plan: Sequence[Fault], from_s: float, to_s: float) -> list[Fault]:
    """The faults that fell into a debate's life, told from their own beginning."""
    begins = max(0.0, from_s - BEFORE_S)
    near = [fault for fault in plan if begins <= fault.at_s <= to_s]
    return [replace(fault, at_s=round(fault.at_s - begins, 2)) for fault in near]


def smallest(plan: Sequence[Fault], fails: Fails, within_s: float) -> list[Fault]:
    """Leaves out halves first, then ever smaller pieces, as long as it still fails."""
    until = monotonic() + within_s
    kept, pieces = list(plan), 2
    while len(kept) > 1 and monotonic() < until:
        size = max(1, len(kept) // pieces)
        starts = range(0, len(kept), size)
        rests = (kept[:at] + kept[at + size :] for at in starts)
        smaller = next((r for r in rests if r and monotonic() < until and fails(r)), None)
        if smaller is not None:
            kept, pieces = smaller, max(2, pieces - 1)
        elif size == 1:
            break
        else:
            pieces = min(len(kept), pieces * 2)
    return kept
