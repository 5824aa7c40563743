"""What a transcript says of itself, whatever its form: its head line, its marks, its figures."""

from __future__ import annotations

from bots.chat.endings import ending
from bots.chat.i18n import problem, translator
from bots.chat.transcript.values import Close, Summary, Transcript, Turn, Votes
from bots.chat.transcript.words import (
    Words,
    date,
    duration,
    number,
    percent,
    turn_count,
)
from engine.debate.events import Kind, Reason
from engine.debate.panel import Language


def header(transcript: Transcript, words: Words) -> list[str]:
    """When, by whom, with what: one short text each."""
    parts = [
        date(transcript.started_ms, words),
        f"{words.panel} {transcript.panel}",
    ]
    if transcript.started_by:
        parts.insert(1, words.started_by.format(person=transcript.started_by))
    if transcript.model:
        version = words.prompt_version.format(version=transcript.model.prompt_version)
        parts.append(f"{words.model} {transcript.model.model} ({version})")
    parts.append(turn_count(len(transcript.turns), words))
    # What came in mid-debate is told where it came.
    for material in (material for material in transcript.material if material.by is None):
        size = words.characters.format(count=number(material.characters, words))
        parts.append(f"{words.material} «{material.name}» ({size})")
    return parts


def marks(turn: Turn, words: Words) -> list[str]:
    """What is out of the ordinary about a turn; mostly nothing."""
    by, to = turn.person, turn.answers
    noted = {
        words.answers.format(person=to) if to else words.side_turn: turn.kind is Kind.SIDE,
        words.steps_in: turn.kind is Kind.STEP_IN,
        words.in_seat.format(person=by) if by else words.by_person: turn.by == "person",
        words.edited: turn.edited_ms is not None,
        words.repaired: turn.repaired == "repair",
        words.defaulted: turn.repaired == "default" and not turn.erased,
    }
    return [text for text, applies in noted.items() if applies]


def votes(given: Votes) -> str:
    """How a turn was liked; nothing, if nobody voted."""
    return f"👍 {given.up} 👎 {given.down}" if given.up or given.down else ""


def about(synthesis: Summary | Close, transcript: Transcript, words: Words) -> list[str]:
    """What is to be known of a synthesis before reading it."""
    notes = []
    if isinstance(synthesis, Summary) and synthesis.asked_by:
        notes.append(words.asked_for_by.format(person=synthesis.asked_by))
    if isinstance(synthesis, Close) and synthesis is not transcript.close:
        why = _why(synthesis, transcript.language, words)
        notes.append(words.went_on.format(why=why))
    if synthesis.repaired == "default":
        notes.append(words.from_the_log)
    return notes


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
    return f"{_why(close, language, words)}, {date(close.at_ms, words)}"


def _why(close: Close, language: Language, words: Words) -> str:
    translate = translator(language)
    why = ending(close.reason, translate, close.scope)
    if close.reason is Reason.STOPPED and close.by:
        why = words.stopped_by.format(person=close.by)
    return f"{why} ({problem(close.error, translate)})" if close.error else why
