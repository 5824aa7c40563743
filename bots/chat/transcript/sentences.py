"""The small things between the turns, in a sentence each; several of a kind become one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from bots.chat.i18n import Translate, problem, translator
from bots.chat.paces import PACES
from bots.chat.sentences import CLEARED, OBSTRUCTED, PASSED_OVER, STEERED
from bots.chat.transcript.values import Entry, Happening, Head
from bots.chat.transcript.words import Words
from engine.debate.events import (
    Event,
    MirrorEnded,
    MirrorOpened,
    QuestionPassed,
    SeatLapsed,
    SeatLeft,
    SeatTaken,
    TurnSkipped,
)
from engine.debate.explained import marked as _
from engine.debate.panel import Language

_SENTENCES: dict[type[Event], str] = {
    **STEERED,
    QuestionPassed: _("{asker}'s question went on to {name}."),
    SeatTaken: _("{who} took {name}'s seat."),
    SeatLeft: _("{who} left {name}'s seat."),
    SeatLapsed: _("{who} did not speak in time, so {name} spoke."),
    MirrorOpened: _("From here on another thread showed the debate too."),
    MirrorEnded: _("The other thread stopped showing it."),
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with names in it that are not ours."""

    text: str
    """In the reader's language; values stand in its braces."""
    values: tuple[tuple[str, str], ...]
    """Names and what they stand for: cleaned, not escaped."""

    def filled(self, escape: Callable[[str], str]) -> str:
        """The sentence, each value as `escape` makes it."""
        return self.text.format(**{name: escape(value) for name, value in self.values})


def told(happenings: Iterable[Happening], words: Words, language: Language) -> list[Sentence]:
    """What happened in a row; what happened several times is told once, with its count."""
    translate = translator(language)
    counted = Counter(_sentence(happening, translate) for happening in happenings)
    return [_counted(sentence, times, words) for sentence, times in counted.items()]


def in_rows(entries: Iterable[Entry]) -> Iterator[Entry | list[Happening]]:
    """What there is to see, the small things between two entries put together."""
    seen = (e for e in entries if not (isinstance(e, Head) and e.summary is None))
    for small, row in groupby(seen, key=lambda entry: isinstance(entry, Happening)):
        if small:
            yield [entry for entry in row if isinstance(entry, Happening)]
        else:
            yield from row


def _counted(sentence: Sentence, times: int, words: Words) -> Sentence:
    if times == 1:
        return sentence
    count = words.times.format(count=times)
    return replace(sentence, text=f"{sentence.text.removesuffix('.')} {count}.")


def _sentence(happening: Happening, translate: Translate) -> Sentence:
    text = _text(happening)
    seat, material, pace = happening.seat, happening.material, happening.pace
    obstacle = happening.obstacle
    values = {
        "who": happening.by or translate("The admin"),
        "name": seat.name if seat else material.name if material else "",
        "asker": happening.asked_by.name if happening.asked_by else "",
        "pace": translate(PACES[pace]) if pace else "",
        "why": problem(obstacle, translate) if obstacle else "",
    }
    used = {name: value for name, value in values.items() if f"{{{name}}}" in text}
    return Sentence(translate(text), tuple(used.items()))


def _text(happening: Happening) -> str:
    if happening.what is TurnSkipped and happening.by is None:
        return PASSED_OVER
    if happening.obstacle:
        return OBSTRUCTED
    return CLEARED if happening.cleared else _SENTENCES[happening.what]
