"""Who may be asked by whom."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.debate.events import Seat
from engine.debate.handoff import may_ask, order_turns
from engine.debate.panel import Handoff


def seats(debaters: int) -> tuple[Seat, ...]:
    return tuple(Seat(f"p{n}", f"Persona {n}", "🎭", "#808080") for n in range(debaters + 1))


def ring(debaters: int, rounds: int) -> list[tuple[str, str | None]]:
    """Speaker and asked of a whole order."""
    cast = seats(debaters)
    spoken: list[tuple[str, str | None]] = []
    speaker: str | None = "p0"
    while speaker is not None:
        ask = may_ask(Handoff.RING, cast, rounds, tuple(s for s, _ in spoken))
        spoken.append((speaker, ask[0] if ask else None))
        speaker = ask[0] if ask else None
    return spoken


def test_seven_debaters_and_a_moderator_speak_eight_fifteen_twenty_two_turns() -> None:
    assert [order_turns(Handoff.RING, seats(7), rounds) for rounds in (1, 2, 3)] == [8, 15, 22]


def test_the_moderator_asks_the_first_and_each_asks_the_one_after() -> None:
    assert ring(3, 1) == [("p0", "p1"), ("p1", "p2"), ("p2", "p3"), ("p3", None)]


def test_the_last_of_a_round_asks_the_first_of_the_next() -> None:
    assert ring(2, 2) == [("p0", "p1"), ("p1", "p2"), ("p2", "p1"), ("p1", "p2"), ("p2", None)]


@given(st.integers(2, 16), st.integers(1, 20))
def test_everybody_speaks_once_a_round_and_nobody_asks_themselves(
    debaters: int, rounds: int
) -> None:
    order = ring(debaters, rounds)
    assert len(order) == order_turns(Handoff.RING, seats(debaters), rounds)
    assert all(speaker != asked for speaker, asked in order)
    speakers = [speaker for speaker, _ in order[1:]]
    assert all(speakers.count(seat.id) == rounds for seat in seats(debaters)[1:])
