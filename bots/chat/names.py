"""Who is meant by a typed `@name`.

A persona's id decides, else its name, with accents, case and blanks forgiven: `@AI Newcomer`,
`@ai-newcomer`, `@AINewcomer`. Part of a name will do where it is nobody else's: a word of it
(`@newcomer`), its beginning (`@pens`), or the beginning of one of its words. What comes first of
these and fits decides; where it fits several, they are given as choices, and none is guessed.
`@moderator`, in either language, is whoever has the moderator's seat.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bots.chat.fold import fold
from engine.debate.events import Seat

_MODERATOR = frozenset({"moderator", "moderador", "moderadora"})
_SHORTEST = 3
"""Letters of a beginning; a shorter one is most likely somebody else's name."""

_LONGEST_NAME = 80
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
# No letter, digit or mark of an address may stand right before the @.
_AT = re.compile(r"(?<![\w@./+-])@(?=\w)")
_JOINS = frozenset(" \u00a0_-.'’·")
_INNER_JOINS = frozenset("_-'’·")


@dataclass(frozen=True, slots=True)
class Address:
    """Whom an `@name` means."""

    persona: str | None
    """The id; `None`: it could be any of the `choices`."""
    choices: tuple[str, ...]
    """Ids, in the order of the seats; the persona's alone where that is clear."""
    typed: str
    """The name as it was typed, without the @."""
    start: int = 0
    """Where the @ stands in the text."""
    end: int = 0
    """Where the name is over."""


def addressed(text: str, seats: Sequence[Seat]) -> Address | None:
    """Whom a message is addressed to: the first `@name` in it that means somebody.

    Not in code, not within a word or an e-mail address. The moderator's seat stands first.
    """
    cast = _Cast(seats)
    code = [(found.start(), found.end()) for found in _CODE.finditer(text)]
    for at in _outside(code, (found.start() for found in _AT.finditer(text))):
        address = _at(cast, text, at)
        if address:
            return address
    return None


def named(name: str, seats: Sequence[Seat]) -> Address | None:
    """Whom this name means; the whole of it is the name, with or without an @."""
    typed = name.strip().removeprefix("@")
    if len(typed) > _LONGEST_NAME:
        return None
    return _address(_Cast(seats).meant(_letters(typed)), typed, 0, len(name))


class _Cast:
    """The names of those who sit in a debate, as they are compared."""

    def __init__(self, seats: Sequence[Seat]) -> None:
        self.whole: list[tuple[str, str]] = []
        self._words: list[tuple[str, str]] = []
        for seat in seats:
            words = [_letters(word) for word in re.split(r"[\s_-]+", seat.name)]
            self.whole += [(_letters(seat.name), seat.id), (_letters(seat.id), seat.id)]
            self._words += [(word, seat.id) for word in words if word]
        taken = {name for name, _ in self.whole}
        self.whole += [(name, seats[0].id) for name in _MODERATOR - taken if seats]
        self._order = [seat.id for seat in seats]

    def exactly(self, letters: str) -> tuple[str, ...]:
        """Those whose whole name or id this is."""
        return self._in_order(id_ for name, id_ in self.whole if name == letters)

    def meant(self, letters: str) -> tuple[str, ...]:
        """Those whom this name, or part of one, can mean."""
        if not letters:
            return ()
        by_word = (id_ for word, id_ in self._words if word == letters)
        found = self.exactly(letters) or self._in_order(by_word)
        if found or len(letters) < _SHORTEST:
            return found
        beginnings = (id_ for name, id_ in self.whole if name.startswith(letters))
        by_beginning = (id_ for word, id_ in self._words if word.startswith(letters))
        return self._in_order(beginnings) or self._in_order(by_beginning)

    def _in_order(self, ids: Iterator[str]) -> tuple[str, ...]:
        found = set(ids)
        return tuple(id_ for id_ in self._order if id_ in found)


def _at(cast: _Cast, text: str, at: int) -> Address | None:
    """Whom the @ at this place means: the longest whole name, else by the first word."""
    spellings = list(_spellings(text, at + 1))
    for letters, end, _first in reversed(spellings):
        if found := cast.exactly(letters):
            return _address(found, text[at + 1 : end], at, end)
    for letters, end, first in reversed(spellings):
        if first and (found := cast.meant(letters)):
            return _address(found, text[at + 1 : end], at, end)
    return None


def _spellings(text: str, start: int) -> Iterator[tuple[str, int, bool]]:
    """What may be a name from here: its letters, where it ends, and whether it is one word."""
    letters, joins, first = "", 0, True
    window = text[start : start + _LONGEST_NAME + 1]
    for place, char in enumerate(window):
        folded = _letters(char)
        if folded:
            letters, joins = letters + folded, 0
            following = window[place + 1 : place + 2]
            if not _letters(following) and not _is_mark(following):
                yield letters, start + place + 1, first
        elif not _is_mark(char):
            joins += 1
            if char not in _JOINS or joins > 2:
                return
            first = first and char in _INNER_JOINS


def _letters(text: str) -> str:
    return "".join(char for char in fold(text) if char.isalnum())


def _is_mark(char: str) -> bool:
    """An accent that stands by itself, or a mark that is not seen."""
    return bool(char) and not fold(char)


def _address(ids: tuple[str, ...], typed: str, start: int, end: int) -> Address | None:
    if not ids:
        return None
    return Address(ids[0] if len(ids) == 1 else None, ids, typed, start, end)


def _outside(spans: Sequence[tuple[int, int]], places: Iterator[int]) -> Iterator[int]:
    """The places that are in none of the spans; both in rising order."""
    rest = iter(spans)
    span = next(rest, None)
    for place in places:
        while span and span[1] <= place:
            span = next(rest, None)
        if not (span and span[0] <= place):
            yield place
