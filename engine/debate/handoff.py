"""Who may be asked by the next speaker of the order: one function a rule.

A rule sees the seats, the rounds and who spoke in the order so far. What it gives is asked for
*before* the speaker speaks, so that the reply's schema can leave no other choice. Nobody to ask
means that the order ends with that turn.
"""

from __future__ import annotations

from engine.debate.events import Seat
from engine.debate.panel import Handoff


def order_turns(rule: Handoff, seats: tuple[Seat, ...], rounds: int) -> int:
    """How many turns the order has: the opening, then every debater once a round."""
    match rule:
        case Handoff.RING:
            return 1 + (len(seats) - 1) * rounds


def may_ask(
    rule: Handoff, seats: tuple[Seat, ...], rounds: int, spoken: tuple[str, ...]
) -> tuple[str, ...]:
    """The ids of those whom the coming speaker may ask, given who spoke before it."""
    match rule:
        case Handoff.RING:
            return _ring(seats, rounds, len(spoken))


def _ring(seats: tuple[Seat, ...], rounds: int, spoken: int) -> tuple[str, ...]:
    if spoken + 1 >= order_turns(Handoff.RING, seats, rounds):
        return ()
    debaters = seats[1:]
    return (debaters[spoken % len(debaters)].id,)
