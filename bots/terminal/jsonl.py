"""A debate as lines of JSON, one an event, for other tools to read.

Every line has `n` (the event's number, from 1), `event` (its name), `at` (RFC 3339, UTC), `debate`
(its id) and the event's own fields, as `engine.debate.events` names them; a `message.heard` has its
author's name as `from`, too.
"""

from __future__ import annotations

from typing import TextIO

import orjson

from bots.chat.times import rfc3339
from engine.debate.codec import NAMES, encode
from engine.debate.events import MessageHeard, Record
from engine.ports.live import LiveText


def line(debate: str, record: Record) -> str:
    """One record as one line."""
    fields = encode(record.event)
    if isinstance(record.event, MessageHeard):
        fields = {"from": record.event.author.name, **fields}
    head = {
        "n": record.n,
        "event": NAMES[type(record.event)],
        "at": rfc3339(record.at_ms),
        "debate": debate,
    }
    return orjson.dumps(head | fields).decode()


class JsonLines:
    """Writes each record as it comes; live text is not for machines."""

    def __init__(self, debate: str, out: TextIO) -> None:
        self._debate = debate
        self._out = out

    def show(self, item: Record | LiveText) -> None:
        """Writes one line, at once."""
        if isinstance(item, Record):
            self._out.write(line(self._debate, item) + "\n")
            self._out.flush()

    def close(self) -> None:
        """Nothing is left open."""
