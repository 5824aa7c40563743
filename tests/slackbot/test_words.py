"""What of a turn can be shown while it is spoken."""

from __future__ import annotations

import pytest

from bots.chat.mentions import BREAK
from bots.slackbot.words import added, showable


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("", ""),
        ("Half", ""),
        ("Half a wor", "Half a"),
        ("Ask @here no", f"Ask @{BREAK}here"),
        ("Ask @her", "Ask"),
        ("One.\n\nTw", "One."),
    ],
)
def test_only_whole_words_are_shown(said: str, shown: str) -> None:
    assert showable(said) == shown


def test_what_is_shown_is_how_the_whole_begins_or_it_is_not_gone_on_with() -> None:
    assert added("One", "One two") == " two"
    assert added("One", "One") == ""
    assert added("One", "Two") is None
