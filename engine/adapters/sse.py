"""Reads server-sent events out of bytes as they come, by the rules of the WHATWG.

https://html.spec.whatwg.org/multipage/server-sent-events.html, for what a model server uses of it:
the `data` of each event. Other fields and comments are skipped; an event without its blank line
at the end of the stream does not count.
"""

from __future__ import annotations

MAX_EVENT_BYTES = 1 << 20

_BOM = b"\xef\xbb\xbf"


class EventTooLong(ValueError):
    """The server sends more than `MAX_EVENT_BYTES` without ending an event."""


class EventReader:
    """One stream's reader. Give it bytes cut anywhere, also within a character."""

    __slots__ = ("_after_cr", "_begun", "_tail")

    def __init__(self) -> None:
        self._tail = b""
        self._begun = False
        self._after_cr = False

    def feed(self, data: bytes) -> list[bytes]:
        """The `data` of each event that is complete now, in order.

        Raises:
            EventTooLong
        """
        if self._after_cr or b"\r" in data:
            data = self._with_newlines_only(data)
        buffer = self._tail + data if self._tail else data
        if not self._begun:
            if len(buffer) < len(_BOM):
                self._tail = buffer
                return []
            buffer = buffer.removeprefix(_BOM)
            self._begun = True
        events = buffer.split(b"\n\n")
        self._tail = events.pop()
        if len(self._tail) > MAX_EVENT_BYTES:
            raise EventTooLong
        payloads = []
        for event in events:
            # Nearly every event is one line, `data: …`: it is spared the walk through its fields.
            if event.startswith(b"data: ") and b"\n" not in event:
                payloads.append(event[6:])
            elif (payload := _payload(event)) is not None:
                payloads.append(payload)
        return payloads

    def _with_newlines_only(self, data: bytes) -> bytes:
        """Line ends are CRLF, LF or CR; a CRLF may be cut in two."""
        if self._after_cr and data.startswith(b"\n"):
            data = data[1:]
            self._after_cr = False
        if data:
            self._after_cr = data.endswith(b"\r")
        return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _payload(event: bytes) -> bytes | None:
    """An event's `data` lines as one; `None` if it has none."""
    values = []
    for line in event.split(b"\n"):
        field, _, value = line.partition(b":")
        if field == b"data":
            values.append(value.removeprefix(b" "))
    return b"\n".join(values) if values else None
