"""What an append changes about who has what to do."""

from __future__ import annotations

from engine.debate.pace import due_in_s
from engine.debate.state import Debate
from engine.ports.work import Work


def next_work(before: Debate, after: Debate, *, claimed: bool, hold: bool) -> tuple[Work, int]:
    """The work, and in how many milliseconds it is due.

    Whoever is called on anew is called on under a new epoch: what is being said for another cue is
    said in vain. A cue that may begin sooner than thought only nudges: it may have begun.
    """
    due_s = due_in_s(after)
    delay_ms = round(due_s * 1000) if due_s else 0
    called = after.pending != before.pending
    waits_otherwise = claimed and after.waiting != before.waiting
    if called or waits_otherwise:
        if due_s is None:
            return Work.REST, 0
        if hold and delay_ms == 0:
            return Work.HOLD, 0
        return Work.WAKE, delay_ms
    if due_s is not None and due_s != due_in_s(before):
        return Work.NUDGE, delay_ms
    return Work.KEEP, 0
