"""The reader of server-sent events, against the standard's own rules."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.adapters.sse import MAX_EVENT_BYTES, EventReader, EventTooLong


def read(*parts: bytes) -> list[bytes]:
    reader = EventReader()
    return [payload for part in parts for payload in reader.feed(part)]


@pytest.mark.parametrize(
    ("stream", "payloads"),
    [
        pytest.param(b"data: a\n\ndata: b\n\n", [b"a", b"b"], id="line feeds"),
        pytest.param(b"data: a\r\n\r\ndata: b\r\n\r\n", [b"a", b"b"], id="crlf"),
        pytest.param(b"data: a\r\rdata: b\r\r", [b"a", b"b"], id="carriage returns"),
        pytest.param(b"data: a\r\n\ndata: b\n\r\n", [b"a", b"b"], id="mixed line ends"),
        pytest.param(b"data:a\n\n", [b"a"], id="no space"),
        pytest.param(b"data:  a\n\n", [b" a"], id="only one space is dropped"),
        pytest.param(b"data: a\ndata: b\n\n", [b"a\nb"], id="several data lines are one event"),
        pytest.param(b"data: a\r\ndata: b\r\n\r\n", [b"a\nb"], id="the same with crlf"),
        pytest.param(b"data\n\n", [b""], id="a field without a colon is empty"),
        pytest.param(b": ping\n\ndata: a\n\n", [b"a"], id="a comment"),
        pytest.param(b": ping\ndata: a\n\n", [b"a"], id="a comment within an event"),
        pytest.param(b"event: x\nid: 1\nretry: 9\ndata: a\n\n", [b"a"], id="other fields"),
        pytest.param(b"event: x\n\n", [], id="an event without data"),
        pytest.param(b"dataset: a\n\n", [], id="a field whose name only begins with data"),
        pytest.param(b" data: a\n\n", [], id="a field name with a space before it"),
        pytest.param(b"\n\n\ndata: a\n\n\n\n", [b"a"], id="blank lines more than needed"),
        pytest.param(b"\xef\xbb\xbfdata: a\n\n", [b"a"], id="a byte order mark"),
        pytest.param(b"data: a\n\ndata: b\n", [b"a"], id="an event that does not end"),
        pytest.param("data: ñ🧠\n\n".encode(), ["ñ🧠".encode()], id="characters of many bytes"),
        pytest.param(b"data: \xff\xfe\n\n", [b"\xff\xfe"], id="bytes that are no text are kept"),
    ],
)
def test_a_stream_is_read_by_the_standard_wherever_it_is_cut(
    stream: bytes, payloads: list[bytes]
) -> None:
    assert read(stream) == payloads
    assert read(*(stream[i : i + 1] for i in range(len(stream)))) == payloads
    for cut in range(len(stream)):
        assert read(stream[:cut], stream[cut:]) == payloads


LINES = st.sampled_from([b"data: a", b"data:b", b"data", b": c", b"event: d", b"\xc3\xb1", b""])
ENDS = st.sampled_from([b"\n", b"\r\n", b"\r"])


@given(
    lines=st.lists(st.tuples(LINES, ENDS), max_size=12),
    cuts=st.lists(st.integers(0, 80), max_size=6),
)
@example(lines=[(b"data: a", b"\r"), (b"", b"\r\n"), (b"data:b", b"\n")], cuts=[8, 9])
def test_cuts_never_change_what_is_read(lines: list[tuple[bytes, bytes]], cuts: list[int]) -> None:
    stream = b"".join(line + end for line, end in lines)
    places = [0, *sorted(cuts), len(stream)]
    parts = [stream[a:b] for a, b in pairwise(places)]
    assert read(*parts) == read(stream) == by_the_letter(lines)


def by_the_letter(lines: list[tuple[bytes, bytes]]) -> list[bytes]:
    """The standard's algorithm, line after line."""
    payloads: list[bytes] = []
    data: list[bytes] = []
    ends = [end for _, end in lines]
    for i, (line, _) in enumerate(lines):
        if not line and i and ends[i - 1] == b"\r" and ends[i] == b"\n":
            continue  # the two make one CRLF
        if not line:
            if data:
                payloads.append(b"\n".join(data))
            data = []
        elif line.split(b":")[0] == b"data":
            data.append(line.removeprefix(b"data").removeprefix(b":").removeprefix(b" "))
    return payloads


def test_an_event_without_an_end_is_not_kept_for_ever() -> None:
    reader = EventReader()
    with pytest.raises(EventTooLong):
        for _ in range(3):
            reader.feed(b"x" * (MAX_EVENT_BYTES // 2))
