"""What starts a debate: the topic, and the options before it or after it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from bots.chat.grammar.asks import Options, Start, Verb
from bots.chat.grammar.known import Known
from bots.chat.grammar.misunderstood import Misunderstood
from bots.chat.grammar.options import Found, read
from bots.chat.grammar.verbs import PHRASES
from bots.chat.grammar.words import CLOSING, Word

_ENDS_PROSE = tuple(".?!…,;»”\"'’)")
_MOST_BEHIND_QUOTES = 24
"""Words; more are no options."""


def as_start(text: str, words: Sequence[Word], known: Known) -> Start:
    """The debate that these words of the text start.

    Raises:
        Misunderstood: an option's name or value will not do.
    """
    before, rest = _before(_without_start(words, known), known)
    quoted = _quoted(text, rest, known)
    if quoted:
        topic, behind = quoted
        return Start(topic.strip(), _joined([*before, *behind]))
    behind, rest = _behind(text, rest, known)
    topic = text[rest[0].start : rest[-1].end] if rest else ""
    return Start(topic, _joined([*before, *behind]))


def only_options(words: Sequence[Word], known: Known) -> Options | None:
    """The options that these words are; `None`: there is something else among them.

    Raises:
        Misunderstood: an option's name or value will not do.
    """
    found, rest = _all_of(words, known)
    return None if rest else _joined(found)


def _without_start(words: Sequence[Word], known: Known) -> Sequence[Word]:
    first, rest = words[0], words[1:]
    if PHRASES.get((first.bare,)) is not Verb.START or _opens(first):
        return words
    marked = not rest or first.text.endswith(":") or _opens(rest[0])
    return rest if marked or first.typed_small or _option_at(rest, known) else words


def _opens(word: Word) -> bool:
    return word.text[0] in CLOSING or word.text[0] == "¿"


def _option_at(words: Sequence[Word], known: Known) -> tuple[Found, int] | None:
    """The option that the words begin with, and how many of them it takes."""
    for n in range(min(3, len(words)), 0, -1):
        found = read(words[:n], known.panels)
        if found:
            return found, n
    return None


def _all_of(words: Sequence[Word], known: Known) -> tuple[list[Found], Sequence[Word]]:
    found = []
    while option := _option_at(words, known):
        found.append(option[0])
        words = words[option[1] :]
    return found, words


def _before(words: Sequence[Word], known: Known) -> tuple[list[Found], Sequence[Word]]:
    found = []
    while option := _option_at(words, known):
        n = option[1]
        if not (option[0].sure or _stands_apart(words[:n], words[n:])):
            break
        found.append(option[0])
        words = words[n:]
    return found, words


def _stands_apart(option: Sequence[Word], rest: Sequence[Word]) -> bool:
    """Whether `language: en` or `2 rounds` before a topic is an option, and not its beginning."""
    if not rest or option[-1].text[-1] in ",;:" or _opens(rest[0]):
        return True
    return option[0].typed_small


def _quoted(text: str, words: Sequence[Word], known: Known) -> tuple[str, list[Found]] | None:
    """What stands in the quotes that the words begin with, if only options follow them."""
    if not words or words[0].text[0] not in CLOSING:
        return None
    first, marks = words[0], CLOSING[words[0].text[0]]
    for place, word in enumerate(words):
        closed = word.start + len(word.text.rstrip(",;.")) - 1
        if closed > first.start and text[closed] in marks:
            behind = words[place + 1 :]
            if len(behind) > _MOST_BEHIND_QUOTES:
                return None
            found, rest = _all_of(behind, known)
            return None if rest else (text[first.start + 1 : closed], found)
    return None


def _behind(text: str, words: Sequence[Word], known: Known) -> tuple[list[Found], Sequence[Word]]:
    end, run = len(words), list[tuple[Found, int]]()
    while option := _option_that_ends(words[:end][-3:], known):
        end -= option[1]
        run.insert(0, (option[0], end))
    while run and not (run[0][0].sure or _ends_prose(text, words, run[0][1])):
        run.pop(0)
    return [found for found, _ in run], words[: run[0][1]] if run else words


def _option_that_ends(words: Sequence[Word], known: Known) -> tuple[Found, int] | None:
    for n in range(len(words), 0, -1):
        found = read(words[-n:], known.panels)
        if found:
            return found, n
    return None


def _ends_prose(text: str, words: Sequence[Word], place: int) -> bool:
    """Whether something ends where this word begins: a sentence, a clause, a line."""
    if place == 0:
        return True
    last = words[place - 1]
    return last.text.endswith(_ENDS_PROSE) or "\n" in text[last.end : words[place].start]


def _joined(found: Iterable[Found]) -> Options:
    values: dict[str, Any] = {}
    for option in found:
        if values.get(option.key, option.value) != option.value:
            raise Misunderstood("{option} is given twice; leave one out.", option=option.key)
        values[option.key] = option.value
    return Options(**values)
