"""A transcript as one HTML file that asks nothing of anybody: no script, no font, no image."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256

from bots.chat.transcript.entries_html import entries
from bots.chat.transcript.markup import Markup, element
from bots.chat.transcript.notes import figures, header
from bots.chat.transcript.picture import picture
from bots.chat.transcript.reading import read
from bots.chat.transcript.style import style
from bots.chat.transcript.values import Transcript
from bots.chat.transcript.words import Words, words
from engine.debate.events import Record

LONG_TOPIC = 160
TITLE = 80


def as_html(debate: str, records: Sequence[Record], above: Markup | None = None) -> str:
    """The transcript of a log as HTML; `above` is put first, in a `nav` of the page's style.

    Raises:
        ValueError: the log does not begin with its start.
    """
    transcript = read(debate, records)
    said = words(transcript.language)
    page = element(
        "html", _head(transcript, said), _body(transcript, said, above), lang=transcript.language
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


def _body(transcript: Transcript, words: Words, above: Markup | None) -> Markup:
    open_ = [] if transcript.close else [element("p", words.under_way, class_="plain")]
    silent = [] if transcript.turns else [element("p", words.nobody_spoke, class_="plain")]
    return element(
        "body",
        *([element("nav", above, class_="above")] if above else []),
        element(
            "div",
            _top(transcript, words),
            element("aside", _picture(transcript, words), class_="beside"),
            element(
                "main",
                element("h2", words.debate, class_="unseen"),
                *silent,
                *entries(transcript, words),
                *open_,
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
