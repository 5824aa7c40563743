"""A turn while it is spoken, put together from what is heard of it."""

from __future__ import annotations

from bots.chat.live import Live
from engine.ports.live import LiveText


def piece(text: str, offset: int = 0, *, attempt: int = 1, epoch: int = 1) -> LiveText:
    return LiveText(3, "doomer", epoch, attempt, "answer", offset, text)


def heard(*pieces: LiveText) -> str:
    live = Live(3, "doomer")
    for one in pieces:
        live.hear(one)
    return live.text.get("answer", "")


def test_pieces_are_put_together_in_their_order_and_once() -> None:
    assert heard(piece("We "), piece("can", 3), piece("can not", 3)) == "We can not"


def test_what_comes_after_a_gap_is_left_out() -> None:
    assert heard(piece("We "), piece("not", 9)) == "We "


def test_a_later_attempt_starts_over_and_an_earlier_one_is_not_heard_any_more() -> None:
    assert heard(piece("We "), piece("You ", attempt=2), piece("can", 3)) == "You "
    assert heard(piece("We ", attempt=2), piece("You ", epoch=2)) == "You "


def test_only_this_turn_is_heard() -> None:
    before = LiveText(2, "doomer", 1, 1, "answer", 0, "Before.")
    another = LiveText(3, "coordinator", 1, 1, "answer", 0, "Another.")
    assert heard(before, another) == ""
