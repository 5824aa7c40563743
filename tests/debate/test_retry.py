"""How long a debate waits for a model that is away."""

from __future__ import annotations

from engine.debate.retry import GiveUp, SayAway, TryAgain, after_failure


def test_the_first_tries_come_quickly_and_then_ever_slower() -> None:
    waits = [
        after_failure(0.0, failures, said=True, patience_s=600) for failures in (1, 2, 3, 4, 9)
    ]
    assert waits == [TryAgain(1), TryAgain(2), TryAgain(4), TryAgain(8), TryAgain(15)]


def test_half_a_minute_away_is_said() -> None:
    assert after_failure(29.5, 5, said=False, patience_s=600) == TryAgain(0.5)
    assert after_failure(30, 6, said=False, patience_s=600) == SayAway()
    assert after_failure(30, 6, said=True, patience_s=600) == TryAgain(15)


def test_the_server_is_left_alone_as_long_as_it_asks() -> None:
    assert after_failure(0, 1, said=True, patience_s=600, asked_for_s=40) == TryAgain(40)


def test_patience_ends() -> None:
    assert after_failure(600, 40, said=True, patience_s=600) == GiveUp()
    assert after_failure(595, 40, said=True, patience_s=600) == TryAgain(5)
