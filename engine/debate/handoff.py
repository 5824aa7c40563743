"""Who is called on next, and whom they may ask: one function a rule.

A rule sees the seats, the rounds, who had their place in the order so far (spoken or skipped) and
whom the last speaker asked. Whom the next one may ask is said *before* it speaks, so that the
reply's schema can leave no other choice. In every rule each debater has one place a round, and
nobody speaks twice in a row unless nobody else is there.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.debate.events import Seat
from engine.debate.panel import Handoff


@dataclass(frozen=True, slots=True)
class Call:
    """A place in the order, about to be taken."""

    persona: str
    ask: tuple[str, ...]
    """Whom the speaker may ask, by id; empty: nobody."""


def order_turns(rule: Handoff, seats: tuple[Seat, ...], rounds: int) -> int:
    """How many places the order has: the opening, then every debater once a round.

    Under `moderated` the moderator speaks before each of them.
    """
    debaters = (len(seats) - 1) * rounds
    return 2 * debaters if rule is Handoff.MODERATED else 1 + debaters


def next_call(
    rule: Handoff,
    seats: tuple[Seat, ...],
    rounds: int,
    taken: tuple[str, ...],
    asked: str | None,
) -> Call | None:
    """Who comes next; `None`: the order is over.

    `asked` is whom the last speaker asked; `None` where nobody did, because it was skipped.
    """
    if len(taken) >= order_turns(rule, seats, rounds):
        return None
    moderator, debaters = seats[0].id, tuple(seat.id for seat in seats[1:])
    match rule:
        case Handoff.RING:
            return _ring(moderator, debaters, rounds, len(taken))
        case Handoff.ADDRESSED:
            return _addressed(moderator, debaters, rounds, taken, asked)
        case Handoff.MODERATED:
            return _moderated(moderator, debaters, taken, asked)


def _ring(moderator: str, debaters: tuple[str, ...], rounds: int, place: int) -> Call:
    persona = debaters[(place - 1) % len(debaters)] if place else moderator
    last = place == len(debaters) * rounds
    return Call(persona, () if last else (debaters[place % len(debaters)],))


def _addressed(
    moderator: str,
    debaters: tuple[str, ...],
    rounds: int,
    taken: tuple[str, ...],
    asked: str | None,
) -> Call:
    if not taken:
        return Call(moderator, debaters)
    persona = asked or _waiting(debaters, taken[1:], taken[-1])[0]
    spoken = (*taken[1:], persona)
    last = len(spoken) == len(debaters) * rounds
    return Call(persona, () if last else _waiting(debaters, spoken, persona))


def _moderated(
    moderator: str, debaters: tuple[str, ...], taken: tuple[str, ...], asked: str | None
) -> Call:
    spoken = taken[1::2]
    waiting = _waiting(debaters, spoken, spoken[-1] if spoken else None)
    if len(taken) % 2 == 0:
        return Call(moderator, waiting)
    return Call(asked or waiting[0], ())


def _waiting(
    debaters: tuple[str, ...], spoken: tuple[str, ...], last: str | None
) -> tuple[str, ...]:
    """Who has not had their place in the present round; in a new one, all but the last speaker."""
    this_round = spoken[len(spoken) - len(spoken) % len(debaters) :]
    waiting = tuple(d for d in debaters if d not in this_round and (this_round or d != last))
    return waiting or debaters
