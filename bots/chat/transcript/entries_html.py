"""What was said and done in a debate, as HTML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from bots.chat.transcript.markup import Markup, element, join
from bots.chat.transcript.notes import about, marks, votes
from bots.chat.transcript.prose import line, prose
from bots.chat.transcript.sentences import Sentence, in_rows, told
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
from bots.chat.transcript.words import Words, time_of_day
from engine.debate.events import Kind, Synthesis


def entries(transcript: Transcript, words: Words) -> Iterator[Markup]:
    """Every entry in the order of the log, the small things put together."""
    places = {seat.id: place for place, seat in enumerate(transcript.seats)}
    closed = False
    for row in in_rows(transcript.entries):
        if closed:
            yield element("h2", words.after_close, class_="after")
        closed = isinstance(row, Close)
        match row:
            case list():
                yield _small(row, transcript, words)
            case Summary():
                yield _summary(row, transcript, words)
            case Close():
                yield _close(row, transcript, words)
            case _:
                yield _said(row, places, words)


def _said(entry: Entry, places: dict[str, int], words: Words) -> Markup:
    match entry:
        case Turn():
            return _turn(entry, places, words)
        case Message():
            return _message(entry, words)
        case Head(summary=str(summary)):
            heading = element("summary", words.running_summary)
            return element("details", heading, prose(summary), class_="summary")
    return Markup()


def _turn(turn: Turn, places: dict[str, int], words: Words) -> Markup:
    anchor = f"turn-{turn.number}"
    self_link = element(
        "a",
        str(turn.number),
        href=f"#{anchor}",
        class_="self",
        aria_label=words.turn.format(number=turn.number),
    )
    side = " side" if turn.kind is Kind.SIDE else ""
    tally = votes(turn.votes)
    return element(
        "article",
        element("span", turn.seat.emoji, class_="face", aria_hidden="true"),
        element(
            "h3",
            element("bdi", turn.seat.name),
            *(element("bdi", mark, class_="mark") for mark in marks(turn, words)),
            self_link,
        ),
        _gone(words) if turn.erased else prose(turn.answer),
        *_question(turn, places),
        *([element("p", tally, class_="votes")] if tally else []),
        id=anchor,
        class_=f"turn{side}{_colour(turn.seat.id, places)}",
    )


def _question(turn: Turn, places: dict[str, int]) -> Iterator[Markup]:
    if not turn.question:
        return
    to, colour = Markup(), ""
    if turn.asked:
        colour = _colour(turn.asked.id, places)
        to = element("b", "→ ", turn.asked.emoji, " ", element("bdi", turn.asked.name))
    said = element("p", line(turn.question), dir="auto")
    yield element("blockquote", to, said, class_=f"question{colour}")


def _message(message: Message, words: Words) -> Markup:
    to = [element("span", "→ ", element("bdi", message.to.name))] if message.to else []
    about = f"{words.message}, {time_of_day(message.at_ms)} UTC"
    if message.edited_ms is not None:
        about = f"{about}, {words.edited}"
    return element(
        "article",
        element(
            "h3",
            element("bdi", message.author),
            *to,
            element("span", about, class_="mark"),
        ),
        _gone(words) if message.erased else prose(message.text),
        id=f"message-{message.n}",
        class_="message",
    )


def _gone(words: Words) -> Markup:
    return element("p", words.taken_back, class_="gone")


def _small(row: Sequence[Happening], transcript: Transcript, words: Words) -> Markup:
    sentences = told(row, words, transcript.language)
    return element("p", Markup(" ".join(map(_sentence, sentences))), class_="small")


def _sentence(sentence: Sentence) -> Markup:
    text = Sentence(escape(sentence.text), sentence.values)
    return Markup(text.filled(lambda value: element("bdi", value)))


def _summary(summary: Summary, transcript: Transcript, words: Words) -> Markup:
    return element(
        "section",
        element("h3", words.summary_so_far),
        *_about(summary, transcript, words),
        *_synthesis(summary.synthesis, "h4", words),
        id=f"summary-{summary.n}",
        class_="sofar seat-0",
    )


def _close(close: Close, transcript: Transcript, words: Words) -> Markup:
    stands = close is transcript.close
    return element(
        "section",
        element("h2", words.synthesis),
        *_about(close, transcript, words),
        *_synthesis(close.synthesis, "h3", words),
        id="synthesis" if stands else f"synthesis-{close.n}",
        class_="close seat-0",
    )


def _about(said: Summary | Close, transcript: Transcript, words: Words) -> Iterator[Markup]:
    for note in about(said, transcript, words):
        yield element("p", element("bdi", note), class_="mark")


def _synthesis(said: Synthesis, heading: str, words: Words) -> Iterator[Markup]:
    yield prose(said.summary)
    lists = (
        (words.agreements, said.agreements),
        (words.disagreements, said.disagreements),
        (words.open_questions, said.open_questions),
    )
    for title, items in lists:
        if items:
            rows = (element("li", line(item), dir="auto") for item in items)
            yield join(element(heading, title), element("ul", *rows))


def _colour(persona: str, places: dict[str, int]) -> str:
    return f" seat-{places[persona]}" if persona in places else ""
