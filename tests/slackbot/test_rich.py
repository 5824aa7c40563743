"""What models write, in Slack's rich text."""

from __future__ import annotations

import pytest

from bots.slackbot.rich import markdown


@pytest.mark.parametrize("words", ["## ", "> ## ", "Before.\n\n```\ncode\n```\n## "])
def test_a_heading_without_words_leaves_no_empty_element(words: str) -> None:
    assert all(element["elements"] for element in markdown(words))
