"""Who is called on next, and whom they may ask."""

from __future__ import annotations

import itertools
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from engine.debate.events import Seat
from engine.debate.handoff import Call, next_call, order_turns
from engine.debate.panel import Handoff

DEBATERS = st.integers(2, 9)
ROUNDS = st.integers(1, 5)


def seats(debaters: int) -> tuple[Seat, ...]:
    return tuple(Seat(f"p{n}", f"Persona {n}", "🎭", "#808080") for n in range(debaters + 1))


def ring(debaters: int, rounds: int) -> list[tuple[str, str | None]]:
    """Speaker and asked of a whole order."""
    order: list[tuple[str, str | None]] = []
    taken: tuple[str, ...] = ()
    while call := next_call(Handoff.RING, seats(debaters), rounds, taken, None):
        order.append((call.persona, call.ask[0] if call.ask else None))
        taken = (*taken, call.persona)
    return order


def whole_order(
    rule: Handoff, debaters: int, rounds: int, data: st.DataObject, *, skips: bool = False
) -> list[Call]:
    """An order in which everybody chooses as they like; with `skips`, some are passed over."""
    calls: list[Call] = []
    asked: str | None = None
    while call := next_call(rule, seats(debaters), rounds, tuple(c.persona for c in calls), asked):
        if asked is not None:
            assert call.persona == asked, "whoever is asked speaks next"
        calls.append(call)
        skipped = skips and data.draw(st.booleans())
        asked = data.draw(st.sampled_from(call.ask)) if call.ask and not skipped else None
    return calls


def test_seven_debaters_and_a_moderator_speak_eight_fifteen_twenty_two_turns() -> None:
    assert [order_turns(Handoff.RING, seats(7), rounds) for rounds in (1, 2, 3)] == [8, 15, 22]


def test_the_moderator_asks_the_first_and_each_asks_the_one_after() -> None:
    assert ring(3, 1) == [("p0", "p1"), ("p1", "p2"), ("p2", "p3"), ("p3", None)]


def test_the_last_of_a_round_asks_the_first_of_the_next() -> None:
    assert ring(2, 2) == [("p0", "p1"), ("p1", "p2"), ("p2", "p1"), ("p1", "p2"), ("p2", None)]


@given(st.sampled_from(Handoff), DEBATERS, ROUNDS, st.booleans(), st.data())
def test_every_debater_has_one_place_a_round_in_every_rule(
    rule: Handoff, debaters: int, rounds: int, skips: bool, data: st.DataObject
) -> None:
    calls = whole_order(rule, debaters, rounds, data, skips=skips)
    assert len(calls) == order_turns(rule, seats(debaters), rounds)
    order = [call.persona for call in calls if call.persona != "p0"]
    for first in range(0, len(order), debaters):
        assert Counter(order[first : first + debaters]) == Counter(
            seat.id for seat in seats(debaters)[1:]
        )


@given(st.sampled_from(Handoff), DEBATERS, ROUNDS, st.booleans(), st.data())
def test_nobody_speaks_twice_in_a_row_and_nobody_may_ask_themselves(
    rule: Handoff, debaters: int, rounds: int, skips: bool, data: st.DataObject
) -> None:
    calls = whole_order(rule, debaters, rounds, data, skips=skips)
    assert all(call.persona not in call.ask for call in calls)
    order = [call.persona for call in calls if call.persona != "p0"]
    assert all(one != other for one, other in itertools.pairwise(order))


@given(DEBATERS, ROUNDS, st.data())
def test_under_addressed_every_turn_but_the_last_may_ask_whoever_has_not_spoken(
    debaters: int, rounds: int, data: st.DataObject
) -> None:
    calls = whole_order(Handoff.ADDRESSED, debaters, rounds, data)
    assert [bool(call.ask) for call in calls] == [True] * (len(calls) - 1) + [False]
    assert calls[0].ask == tuple(seat.id for seat in seats(debaters)[1:])


@given(DEBATERS, ROUNDS, st.data())
def test_under_moderated_the_moderator_speaks_before_each_debater_and_only_it_asks(
    debaters: int, rounds: int, data: st.DataObject
) -> None:
    calls = whole_order(Handoff.MODERATED, debaters, rounds, data)
    assert {call.persona for call in calls[::2]} == {"p0"}
    assert all(call.persona != "p0" and call.ask == () for call in calls[1::2])
    assert all(call.ask for call in calls[::2])
