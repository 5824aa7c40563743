"""What a message reads like, and when it was posted."""

from __future__ import annotations

import pytest

from bots.discordbot.heard import at_ms
from bots.discordbot.readable import readable, roles_in, users_in, without

NAMES = {"1": "Ana", "2": "staff", "3": "general"}


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("<@1> and <@!1>", "@Ana and @Ana"),
        ("<@&2> in <#3>", "@staff in #general"),
        ("<@9>", "@9"),
        ("<:ok:77> <a:spin:78>", ":ok: :spin:"),
        ("</debate start:5>", "/debate start"),
        ("a < b & c <3 <not a mark>", "a < b & c <3 <not a mark>"),
    ],
)
def test_mentions_read_as_names_and_all_else_as_it_was_written(text: str, reads: str) -> None:
    assert readable(text, NAMES) == reads


def test_whom_it_mentions_is_told_by_id_in_order() -> None:
    text = "<@&2> <@1> <#3> <@!4>"
    assert (users_in(text), roles_in(text)) == (["1", "4"], ["2"])


def test_only_the_first_mention_of_the_bot_is_taken_off() -> None:
    assert without("<@7> debate <@7>", "7") == "debate <@7>"
    assert without("hello <@&8>", "7", "8") == "hello"
    assert without("<#7> debate", "7") == "<#7> debate"


def test_a_snowflake_tells_the_time() -> None:
    assert at_ms("175928847299117063") == 1_462_015_105_796
