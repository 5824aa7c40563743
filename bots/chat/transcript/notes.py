"""What a transcript says of itself, whatever its form: its head line, its marks, its figures."""

from __future__ import annotations

from bots.chat.endings import ending
from bots.chat.i18n import problem, translator
from bots.chat.transcript.reading import Close, Transcript, Turn
from bots.chat.transcript.words import (
    Words,
    date,
    duration,
    number,
    percent,
    turn_count,
)
from engine.debate.events import Kind
from engine.debate.panel import Language


def header(transcript: Transcript, words: Words) -> list[str]:
    """When, by whom, with what: one short text each."""
    parts = [
        date(transcript.started_ms, words),
        f"{words.panel} {transcript.panel}",
    ]
    if transcript.model:
        version = words.prompt_version.format(version=transcript.model.prompt_version)
        parts.append(f"{words.model} {transcript.model.model} ({version})")
    parts.append(turn_count(len(transcript.turns), words))
    for material in transcript.material:
        size = words.characters.format(count=number(material.characters, words))
        parts.append(f"{words.material} «{material.name}» ({size})")
    return parts


def marks(turn: Turn, words: Words) -> list[str]:
    """What is out of the ordinary about a turn; mostly nothing."""
    noted = {
        words.side_turn: turn.kind is Kind.SIDE,
        words.by_person: turn.by == "person",
        words.repaired: turn.repaired == "repair",
        words.defaulted: turn.repaired == "default",
    }
    return [text for text, applies in noted.items() if applies]


def figures(transcript: Transcript, words: Words) -> list[tuple[str, str]]:
    """Why it ended, and what it took: a name and a value each."""
    totals, close = transcript.totals, transcript.close
    tokens = totals.usage.prompt_tokens + totals.usage.completion_tokens
    rows = [(words.ended, _ended(close, transcript.language, words))] if close else []
    rows += [
        (words.turns, number(len(transcript.turns), words)),
        (words.tokens, number(tokens, words)),
        (words.cached, percent(totals.cached_share, words)),
        (words.speaking, duration(totals.seconds, words)),
        (words.calls, number(totals.calls, words)),
    ]
    faults = [(words.repairs, totals.repairs), (words.defaults, totals.defaults)]
    rows += [(name, number(count, words)) for name, count in faults if count]
    return rows


def _ended(close: Close, language: Language, words: Words) -> str:
    translate = translator(language)
    why = ending(close.reason, translate)
    error = f" ({problem(close.error, translate)})" if close.error else ""
    return f"{why}{error}, {date(close.at_ms, words)}"
