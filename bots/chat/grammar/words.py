"""A text as words, each with its place, so that what is not a command stays as it was written."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bots.chat.fold import fold

OPENING = "\"'“”„«»‘’"
CLOSING = {
    '"': '"',
    "'": "'",
    "“": "”",
    "”": "”",
    "„": "“”",
    "«": "»",
    "»": "«",
    "‘": "’",
    "’": "’",
}

_EDGES = "¡!¿?.,;:…()*_`" + OPENING
_LONGEST = 64
"""A longer word is none of the grammar's."""

_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Word:
    """What stands between two blanks."""

    text: str
    start: int
    end: int

    @property
    def folded(self) -> str:
        """As it is compared, with its punctuation."""
        return fold(self.text) if len(self.text) <= _LONGEST else ""

    @property
    def bare(self) -> str:
        """As it is compared, without punctuation around it, unless it is nothing else."""
        folded = self.folded
        return folded.strip(_EDGES) or folded

    @property
    def typed_small(self) -> bool:
        """Whether it begins as commands are typed: with a small letter, or a dash before one."""
        return self.text.lstrip("-—–")[:1].islower()


def words_of(text: str) -> list[Word]:
    """The words of a text, in order."""
    return [Word(found[0], found.start(), found.end()) for found in _WORD.finditer(text)]


def bare_phrase(phrase: str) -> tuple[str, ...]:
    """A phrase of the grammar as it is compared."""
    return tuple(fold(phrase).split())
