"""Cuts a long text at the borders that a reader minds least; fenced code stays fenced code.

A piece is a range of the text, so that pieces put together give the text again, and so that whoever
knows where the last piece ended can cut the rest, whatever has changed since.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Length = Callable[[str], int]
"""How long a surface takes a text to be; a text's beginning is never longer than the whole."""

LEAST = 80
"""Below this many units there is no room for a fence and a word."""

# Short ones only: a piece has to have room for the fence that it opens again.
_OPENING = re.compile(r" {0,3}(?P<marks>`{3,8}|~{3,8})(?P<info>[ -_a-}]{0,40})")
_BLANK_LINES = re.compile(r"\A(?: *\n)+")
_PARAGRAPH = re.compile(r"\n[ ]*\n\s*")
_SENTENCE = re.compile(r"(?<=[.!?…。！？])[»”\"')\]]*\s+|\n\s*")
_WORD = re.compile(r"\s+")
# What reads as one thing, or stops working when it is cut: links, and code within a line.
_WHOLE = re.compile(
    r"\[[^\[\]\n]{1,500}\]\([^()\s]{1,2000}\)|<[^<>\n]{1,2000}>|https?://\S{1,2000}"
    r"|(?<!`)(?P<ticks>`{1,2})(?!`)[^\n]{1,500}?(?<!`)(?P=ticks)(?!`)"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A range of a text, and how it is shown."""

    start: int
    end: int
    text: str
    """Without blanks around it; fences that the cut parted are closed and opened again."""


@dataclass(frozen=True, slots=True)
class _Fence:
    start: int
    code: int
    """Where the line after the opening one begins."""
    end: int
    """Where the closing line ends."""
    marks: str
    info: str
    closed: bool


def characters(text: str) -> int:
    """The length in Unicode code points."""
    return len(text)


def utf16_units(text: str) -> int:
    """The length as JavaScript counts it; never less than the code points."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(text: str, limit: int, length: Length = characters, start: int = 0) -> Iterator[Piece]:
    """The pieces of the text from `start` on, each at most `limit` long.

    Raises:
        ValueError: the limit is below `LEAST`.
    """
    while start < len(text):
        piece = cut(text, limit, length, start)
        yield piece
        start = piece.end


def cut(text: str, limit: int, length: Length = characters, start: int = 0) -> Piece:
    """The next piece of the text from `start` on.

    Raises:
        ValueError: the limit is below `LEAST`.
    """
    if limit < LEAST:
        raise ValueError(f"a limit of {limit} is too low to cut text: at least {LEAST}")
    fences = list(_fences(text))
    piece = _piece(text, fences, start, len(text))
    if length(piece.text) <= limit:
        return piece
    fits = _longest(text, fences, start, limit, length)
    end = _border(text, fences, start, fits)
    return _piece(text, fences, start, end if text[end:].strip() else len(text))


def _longest(text: str, fences: list[_Fence], start: int, limit: int, length: Length) -> int:
    """The furthest end up to which a piece is within the limit; at least one character on."""

    def fits(end: int) -> bool:
        return length(_piece(text, fences, start, end).text) <= limit

    step = limit
    low, high = start + 1, min(start + step, len(text))
    while high < len(text) and fits(high):
        low, step = high, step * 2
        high = min(start + step, len(text))
    end = low + bisect_right(range(low + 1, high + 1), False, key=lambda end: not fits(end))
    inside = _within(fences, end)
    return inside.end if inside is not None and fits(inside.end) else end


def _border(text: str, fences: list[_Fence], start: int, fits: int) -> int:
    """Where to end a piece that may reach up to `fits`."""
    half = start + (fits - start) // 2
    inside = _within(fences, fits)
    if inside is not None:
        if inside.start > start and text[start : inside.start].strip():
            return inside.start
        line = text.rfind("\n", max(start, inside.code), fits)
        return line + 1 if line >= max(start + 1, inside.code) else _grapheme(text, start, fits)
    whole = [m.span() for m in _WHOLE.finditer(text, _line(text, start), _line_end(text, fits))]
    for border, least in ((_PARAGRAPH, half), (_SENTENCE, half), (_PARAGRAPH, start)):
        if end := _last(text, fences, whole, (border, max(start, least), fits)):
            return end
    for border in (_SENTENCE, _WORD):
        if end := _last(text, fences, whole, (border, start, fits)):
            return end
    parted = next((a for a, b in whole if start < a < fits < b), None)
    return parted or _grapheme(text, start, fits)


def _last(
    text: str,
    fences: list[_Fence],
    whole: list[tuple[int, int]],
    where: tuple[re.Pattern[str], int, int],
) -> int | None:
    """The last such border that parts nothing that is to stay whole."""
    border, least, most = where
    ends = [match.end() for match in border.finditer(text, least, most)]
    for end in reversed(ends):
        parts = any(a < end < b for a, b in whole) or _within(fences, end) is not None
        makes_fence = text.startswith(("```", "~~~"), end) and text[end - 1] != "\n"
        if not parts and not makes_fence and text[least:end].strip():
            return end
    return None


def _within(fences: list[_Fence], at: int) -> _Fence | None:
    return next((fence for fence in fences if fence.start < at < fence.end), None)


def _line(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _piece(text: str, fences: list[_Fence], start: int, end: int) -> Piece:
    opened = _within(fences, start)
    shown = text[start:end]
    if opened is None:
        shown = _BLANK_LINES.sub("", shown)
    elif start >= opened.code:
        if set(text[start : opened.end].strip()) <= {opened.marks[0]}:
            shown = text[opened.end : end]  # nothing but the closing line is left of it
        elif shown.strip():
            shown = f"{opened.marks}{opened.info}\n{shown}"
    shown = shown.rstrip()
    left_open = next((fence for fence in _fences(shown) if not fence.closed), None)
    return Piece(start, end, f"{shown}\n{left_open.marks}" if left_open else shown)


def _fences(text: str) -> Iterator[_Fence]:
    """Blocks of code; one that is never closed goes on to the end."""
    open_at: tuple[int, int, str, str] | None = None
    for match in re.finditer(r"[^\n]*(?:\n|$)", text):
        line, (start, end) = match[0].rstrip("\n"), match.span()
        if open_at is None:
            if fence := _OPENING.fullmatch(line.rstrip()):
                open_at = (start, end, fence["marks"], fence["info"].strip())
        elif _closes(line, open_at[2]):
            yield _Fence(open_at[0], open_at[1], end, open_at[2], open_at[3], closed=True)
            open_at = None
    if open_at is not None:
        yield _Fence(open_at[0], open_at[1], len(text), open_at[2], open_at[3], closed=False)


def _closes(line: str, marks: str) -> bool:
    found = line.strip()
    indent = len(line) - len(line.lstrip(" "))
    return indent <= 3 and len(found) >= len(marks) and set(found) == {marks[0]}


def _grapheme(text: str, start: int, at: int) -> int:
    """The last place up to `at` where no character that people see as one is parted."""
    for place in range(at, max(start, at - 64), -1):
        if not _joined(text, place):
            return place
    return at


def _joined(text: str, at: int) -> bool:
    """Whether what stands before and after this place is seen as one character."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if _extends(after) or before == "\u200d" or (before, after) == ("\r", "\n"):
        return True
    if "\ud800" <= before <= "\udbff" and "\udc00" <= after <= "\udfff":
        return True
    if _is_flag(before) and _is_flag(after):
        run = at
        while run > 0 and _is_flag(text[run - 1]):
            run -= 1
        return (at - run) % 2 == 1
    return _is_jamo(before) and _is_jamo(after)


def _extends(char: str) -> bool:
    return (
        unicodedata.category(char) in ("Mn", "Me", "Mc")
        or char in "\u200c\u200d"
        or "\U0001f3fb" <= char <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= char <= "\U000e007f"  # tags, in flags of regions
    )


def _is_flag(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _is_jamo(char: str) -> bool:
    return "\u1100" <= char <= "\u11ff"
