"""A debate as lines of JSON."""

from __future__ import annotations

import json

from bots.terminal.jsonl import line
from engine.debate.codec import decode
from tests.chat.logs import lively


def test_every_line_gives_its_event_back() -> None:
    for record in lively():
        fields = json.loads(line("d", record))
        assert (fields["n"], fields["debate"]) == (record.n, "d")
        assert decode(fields["event"], fields) == record.event


def test_a_message_says_by_name_whom_it_is_from() -> None:
    heard = [json.loads(line("d", record)) for record in lively()][5]
    assert (heard["event"], heard["from"]) == ("message.heard", "Bea Ruiz")
    assert heard["author"] == {"id": "web:bea", "name": "Bea Ruiz"}
