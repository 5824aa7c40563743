"""A failing plan made smaller: whatever can be left out and still have it fail, is."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from tests.simulation.plan import Item, Plan


def shrink(plan: Plan, fails: Callable[[Plan], bool], within_s: float) -> Plan:
    """The smallest plan found in so many seconds; each item of it is needed, if there was time.

    Halves are tried first, then ever smaller pieces (Zeller's delta debugging).
    """
    until = monotonic() + within_s
    items, pieces = list(plan.items), 2
    while len(items) > 1 and monotonic() < until:
        size = max(1, len(items) // pieces)
        rest = _without_one_piece(plan, items, size, fails, until)
        if rest is not None:
            items, pieces = rest, max(2, pieces - 1)
        elif size == 1:
            break
        else:
            pieces = min(len(items), pieces * 2)
    return Plan(plan.seed, tuple(items))


def _without_one_piece(
    plan: Plan, items: list[Item], size: int, fails: Callable[[Plan], bool], until: float
) -> list[Item] | None:
    for at in range(0, len(items), size):
        rest = items[:at] + items[at + size :]
        if rest and monotonic() < until and fails(Plan(plan.seed, tuple(rest))):
            return rest
    return None
