"""A post in messages of a surface's length, each from where the one before ended. Pure.

Where a part ends is told in the log's words alone, so that a later version, which may word its own
headings otherwise or take other limits, goes on at the same word.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bots.chat.posts import Post
from bots.chat.split import LEAST, cut
from bots.chat.surface import Key, Part, Role, Segment

CUT_SHORT = "…"
GAP = 2
"""What a blank line between two segments takes."""


class Measure(Protocol):
    """How a surface measures."""

    @property
    def limit(self) -> int:
        """See `Surface.limit`."""
        ...

    def length(self, text: str) -> int:
        """See `Surface.length`."""
        ...


@dataclass(frozen=True, slots=True)
class _Rest:
    """What of a segment is still to be shown."""

    segment: Segment
    start: int


def part_of(post: Post, debate: str, part: int, offset: int, measure: Measure) -> Part:
    """The part with this number, of the post's words from `offset` on."""
    rest = list(_rest(post.segments, offset))
    shown: list[Segment] = []
    end, used = offset, 0
    while rest and (piece := _next(rest[0], measure, used, shown)):
        said, upto = piece
        if said.text:
            shown.append(said)
            used += measure.length(said.text) + GAP
        if rest[0].segment.role.from_log:
            end += upto - rest[0].start
        if upto < len(rest[0].segment.text):
            rest[0] = replace(rest[0], start=upto)
            break
        rest.pop(0)
    while rest and shown and shown[-1].role is Role.HEADING:
        shown.pop()  # it comes again, over what it stands for
    key = Key(debate, post.n, part, end, bool(rest), _digest(shown))
    return Part(key, post.speaker, tuple(shown), post.language)


def _rest(segments: Sequence[Segment], offset: int) -> Iterator[_Rest]:
    """What stands after so many characters of the log's words, headings before it included."""
    waiting: list[_Rest] = []
    passed = 0
    for segment in segments:
        if not segment.role.from_log:
            waiting.append(_Rest(segment, 0))
            continue
        start = max(0, offset - passed)
        passed += len(segment.text)
        if start < len(segment.text):
            yield from waiting
            yield _Rest(segment, start)
        waiting = []
    yield from waiting


def _next(
    rest: _Rest, measure: Measure, used: int, shown: Sequence[Segment]
) -> tuple[Segment, int] | None:
    """What of this segment still goes into the part, and where in it that ends; `None`: nothing."""
    segment, start = rest.segment, rest.start
    room = measure.limit - used
    full = any(said.role is not Role.HEADING for said in shown)
    if full and room < LEAST:
        return None
    piece = cut(segment.text, max(room, LEAST), measure.length, start)
    if full and piece.end < len(segment.text) and measure.length(segment.text) <= measure.limit:
        return None  # it stays whole in the next part
    tag = segment.tag if start == 0 else None
    if segment.role.from_log or piece.end == len(segment.text):
        return Segment(segment.role, piece.text, tag), piece.end
    # What the app adds is never gone on with in the next part: it is cut short.
    most = room - measure.length(CUT_SHORT)
    piece = cut(segment.text, max(most, LEAST), measure.length)
    return Segment(segment.role, piece.text + CUT_SHORT, tag), len(segment.text)


def _digest(segments: Sequence[Segment]) -> str:
    text = "\n\n".join(segment.text for segment in segments)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]
