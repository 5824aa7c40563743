"""A transcript as one HTML file that asks nothing of anybody: no script, no font, no image."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from hashlib import sha256

from bots.chat.transcript.markup import Markup, element, join
from bots.chat.transcript.notes import figures, header, marks
from bots.chat.transcript.picture import picture
from bots.chat.transcript.prose import line, prose
from bots.chat.transcript.reading import Close, Entry, Head, Message, Transcript, Turn, read
from bots.chat.transcript.style import style
from bots.chat.transcript.words import Words, time_of_day, words
from engine.debate.events import Kind, Record

LONG_TOPIC = 160
TITLE = 80


def as_html(debate: str, records: Sequence[Record]) -> str:
    """The transcript of a log as HTML.

    Raises:
        ValueError: the log does not begin with its start.
    """
    transcript = read(debate, records)
    said = words(transcript.language)
    page = element(
        "html", _head(transcript, said), _body(transcript, said), lang=transcript.language
    )
    return f"<!doctype html>\n{page}\n"


def _head(transcript: Transcript, words: Words) -> Markup:
    sheet = style(transcript.seats)
    # The hash lets this one style in and nothing else, whatever the page were made to say.
    digest = b64encode(sha256(sheet.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    topic = transcript.topic
    title = topic if len(topic) <= TITLE else f"{topic[:TITLE].rstrip()}…"
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", f"{title} · {words.debate}"),
        element("style", Markup(sheet)),
    )


def _body(transcript: Transcript, words: Words) -> Markup:
    places = {seat.id: place for place, seat in enumerate(transcript.seats)}
    close = transcript.close
    ending = _close(close, words) if close else element("p", words.under_way, class_="plain")
    silent = [] if transcript.turns else [element("p", words.nobody_spoke, class_="plain")]
    return element(
        "body",
        element(
            "div",
            _top(transcript, words),
            element("aside", _picture(transcript, words), class_="beside"),
            element(
                "main",
                element("h2", words.debate, class_="unseen"),
                *silent,
                *(_entry(entry, places, words) for entry in transcript.entries),
                ending,
            ),
            _figures(transcript, words),
            class_="page",
        ),
    )


def _top(transcript: Transcript, words: Words) -> Markup:
    facts = (element("li", fact) for fact in header(transcript, words))
    long = "long" if len(transcript.topic) > LONG_TOPIC else None
    return element(
        "header",
        element("h1", transcript.topic, class_=long, dir="auto"),
        element("ul", *facts, class_="facts"),
        class_="top",
    )


def _picture(transcript: Transcript, words: Words) -> Markup:
    return element(
        "figure",
        element("h2", words.who_asked_whom),
        picture(transcript, words),
        element("figcaption", words.picture_hint),
        class_="picture",
    )


def _entry(entry: Entry, places: dict[str, int], words: Words) -> Markup:
    match entry:
        case Turn():
            return _turn(entry, places, words)
        case Message():
            return _message(entry, words)
        case Head(summary=str(summary)):
            heading = element("summary", words.running_summary)
            return element("details", heading, prose(summary), class_="summary")
        case Head():
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
    return element(
        "article",
        element("span", turn.seat.emoji, class_="face", aria_hidden="true"),
        element(
            "h3",
            element("bdi", turn.seat.name),
            *(element("span", mark, class_="mark") for mark in marks(turn, words)),
            self_link,
        ),
        prose(turn.answer),
        *_question(turn, places),
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
    return element(
        "article",
        element(
            "h3",
            element("bdi", message.author),
            *to,
            element("span", about, class_="mark"),
        ),
        prose(message.text),
        id=f"message-{message.n}",
        class_="message",
    )


def _close(close: Close, words: Words) -> Markup:
    default = close.repaired == "default"
    notes = [element("p", words.from_the_log, class_="mark")] if default else []
    synthesis = close.synthesis
    lists = (
        (words.agreements, synthesis.agreements),
        (words.disagreements, synthesis.disagreements),
        (words.open_questions, synthesis.open_questions),
    )
    return element(
        "section",
        element("h2", words.synthesis),
        *notes,
        prose(synthesis.summary),
        *(_list(title, items) for title, items in lists if items),
        id="synthesis",
        class_="close seat-0",
    )


def _list(title: str, items: Sequence[str]) -> Markup:
    rows = (element("li", line(item), dir="auto") for item in items)
    return join(element("h3", title), element("ul", *rows))


def _figures(transcript: Transcript, words: Words) -> Markup:
    rows = (
        element(
            "div",
            element("dt", name),
            element("dd", value),
            class_="wide" if name == words.ended else None,
        )
        for name, value in figures(transcript, words)
    )
    return element(
        "footer",
        element("section", element("h2", words.figures), element("dl", *rows), class_="figures"),
        class_="foot",
    )


def _colour(persona: str, places: dict[str, int]) -> str:
    return f" seat-{places[persona]}" if persona in places else ""
