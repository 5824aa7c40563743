"""A transcript as Markdown, to read, to paste and to keep in a repository."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bots.chat.transcript.inert_markdown import inert_block, inert_line, inert_name
from bots.chat.transcript.notes import about, figures, header, marks, votes
from bots.chat.transcript.reading import read
from bots.chat.transcript.sentences import in_rows, told
from bots.chat.transcript.values import (
    Close,
    Entry,
    Happening,
    Head,
    Message,
    Summary,
    Transcript,
    Turn,
)
from bots.chat.transcript.words import Words, time_of_day, words
from engine.debate.events import Record, Seat, Synthesis


def as_markdown(debate: str, records: Sequence[Record]) -> str:
    """The transcript of a log as Markdown.

    Raises:
        ValueError: the log does not begin with its start.
    """
    transcript = read(debate, records)
    return "\n\n".join(_blocks(transcript, words(transcript.language))) + "\n"


def _blocks(transcript: Transcript, words: Words) -> Iterator[str]:
    yield f"# {inert_name(transcript.topic)}"
    yield " · ".join(inert_name(part) for part in header(transcript, words))
    if not transcript.turns:
        yield f"*{words.nobody_spoke}*"
    closed = False
    for row in in_rows(transcript.entries):
        if closed:
            yield f"## {words.after_close}"
        closed = isinstance(row, Close)
        if isinstance(row, list):
            yield _small(row, transcript, words)
        else:
            yield from _entry(row, transcript, words)
    if not transcript.close:
        yield f"*{words.under_way}*"
    yield "---"
    yield "\n".join(f"- {name}: {inert_name(value)}" for name, value in figures(transcript, words))


def _entry(entry: Entry, transcript: Transcript, words: Words) -> Iterator[str]:
    match entry:
        case Turn():
            yield from _turn(entry, words)
        case Message():
            yield _message(entry, words)
        case Head(summary=str(summary)):
            yield _quoted(f"*{words.running_summary}*\n\n{inert_block(summary)}")
        case Summary():
            yield f"## {words.summary_so_far}"
            yield from _about(entry, transcript, words)
            yield from _synthesis(entry.synthesis, words)
        case Close():
            yield f"## {words.synthesis}"
            yield from _about(entry, transcript, words)
            yield from _synthesis(entry.synthesis, words)


def _turn(turn: Turn, words: Words) -> Iterator[str]:
    seat = f"{inert_name(turn.seat.emoji)} {inert_name(turn.seat.name)}"
    yield f'## <a id="turn-{turn.number}"></a>{turn.number}. {seat}'
    if noted := marks(turn, words):
        yield f"*{inert_name(', '.join(noted))}*"
    yield f"*{words.taken_back}*" if turn.erased else inert_block(turn.answer)
    if turn.question:
        to = f"→ {_bold(turn.asked)}: " if turn.asked else ""
        yield f"> {to}{inert_line(turn.question)}"
    if tally := votes(turn.votes):
        yield tally


def _message(message: Message, words: Words) -> str:
    to = f" → {_bold(message.to)}" if message.to else ""
    about = f"{words.message}, {time_of_day(message.at_ms)} UTC"
    if message.edited_ms is not None:
        about = f"{about}, {words.edited}"
    said = f"*{words.taken_back}*" if message.erased else inert_block(message.text)
    return _quoted(f"💬 **{inert_name(message.author)}**{to} · {about}\n\n{said}")


def _small(row: Sequence[Happening], transcript: Transcript, words: Words) -> str:
    sentences = told(row, words, transcript.language)
    return f"*{' '.join(sentence.filled(inert_name) for sentence in sentences)}*"


def _about(said: Summary | Close, transcript: Transcript, words: Words) -> Iterator[str]:
    if notes := about(said, transcript, words):
        yield f"*{inert_name(' · '.join(notes))}*"


def _synthesis(said: Synthesis, words: Words) -> Iterator[str]:
    yield inert_block(said.summary)
    lists = (
        (words.agreements, said.agreements),
        (words.disagreements, said.disagreements),
        (words.open_questions, said.open_questions),
    )
    for title, items in lists:
        if items:
            yield f"### {title}"
            yield "\n".join(f"- {inert_block(item)}" for item in items)


def _bold(seat: Seat) -> str:
    return f"**{inert_name(seat.name)}**"


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))
