"""A transcript as Markdown, to read, to paste and to keep in a repository."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bots.chat.transcript.inert_markdown import inert_block, inert_line, inert_name
from bots.chat.transcript.notes import figures, header, marks
from bots.chat.transcript.reading import Close, Entry, Head, Message, Transcript, Turn, read
from bots.chat.transcript.words import Words, time_of_day, words
from engine.debate.events import Record, Seat


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
    for entry in transcript.entries:
        yield from _entry(entry, words)
    if transcript.close:
        yield from _close(transcript.close, words)
    else:
        yield f"*{words.under_way}*"
    yield "---"
    yield "\n".join(f"- {name}: {inert_name(value)}" for name, value in figures(transcript, words))


def _entry(entry: Entry, words: Words) -> Iterator[str]:
    match entry:
        case Turn():
            yield from _turn(entry, words)
        case Message():
            to = f" → {_bold(entry.to)}" if entry.to else ""
            about = f"{words.message}, {time_of_day(entry.at_ms)} UTC"
            yield _quoted(f"💬 **{inert_name(entry.author)}**{to} · {about}\n\n", entry.text)
        case Head(summary=str(summary)):
            yield _quoted(f"*{words.running_summary}*\n\n", summary)


def _turn(turn: Turn, words: Words) -> Iterator[str]:
    seat = f"{inert_name(turn.seat.emoji)} {inert_name(turn.seat.name)}"
    yield f'## <a id="turn-{turn.number}"></a>{turn.number}. {seat}'
    if noted := marks(turn, words):
        yield f"*{', '.join(noted)}*"
    yield inert_block(turn.answer)
    if turn.question:
        to = f"→ {_bold(turn.asked)}: " if turn.asked else ""
        yield f"> {to}{inert_line(turn.question)}"


def _close(close: Close, words: Words) -> Iterator[str]:
    yield f"## {words.synthesis}"
    if close.repaired == "default":
        yield f"*{words.from_the_log}*"
    yield inert_block(close.synthesis.summary)
    lists = (
        (words.agreements, close.synthesis.agreements),
        (words.disagreements, close.synthesis.disagreements),
        (words.open_questions, close.synthesis.open_questions),
    )
    for title, items in lists:
        if items:
            yield f"### {title}"
            yield "\n".join(f"- {inert_block(item)}" for item in items)


def _bold(seat: Seat) -> str:
    return f"**{inert_name(seat.name)}**"


def _quoted(first: str, text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in f"{first}{inert_block(text)}".split("\n"))
