"""The page of one debate: thread, composer, and the panel's side. Its script fills it."""

from __future__ import annotations

from typing import Any

from bots.chat.grammar.verbs import FORMS
from bots.chat.i18n import Translate, translator
from bots.chat.transcript.markup import Markup, element
from bots.webroom.identity import NAME_CHARS
from bots.webroom.pages.faces import face
from bots.webroom.pages.files import chosen_files, file_limits, paperclip
from bots.webroom.pages.shell import brand, document, language_switch, no_script
from bots.webroom.texts import room_texts
from engine.debate.events import DebateStarted, Pace
from engine.debate.explained import marked as _
from engine.debate.panel import Language
from engine.debate.rules.words import MESSAGE_CHARS
from engine.debate.text import clean

TITLE = 80

FILES = {"md": "Markdown", "json": "JSON", "html": "HTML", "svg": "SVG"}
"""The transcript's files, by what their names end in."""

_PACES = {Pace.LIVE: _("Live"), Pace.READING: _("Reading"), Pace.STEP: _("Step")}


def room_page(
    debate: str, started: DebateStarted, at_ms: int, language: Language, panel: str
) -> str:
    """The page, in the visitor's language.

    `at_ms` is when the debate started; `panel` is the title of its panel.
    """
    translate = translator(language)
    topic = clean(started.topic)
    body = element(
        "body",
        element("a", translate("To the thread"), href="#thread", class_="skip-link"),
        _bar(topic, language, translate),
        element(
            "main",
            no_script(translate),
            _thread(topic, panel, started, translate),
            _foot(translate),
            class_="room",
            data_drop=translate("Drop files to hand them in"),
        ),
        _side(debate, language, translate),
        element("div", id="announcer", class_="unseen", aria_live="polite"),
        class_="on-room",
    )
    title = topic if len(topic) <= TITLE else f"{topic[:TITLE].rstrip()}…"
    data = {
        "language": language,
        "texts": room_texts(translate),
        "debate": debate,
        "at_ms": at_ms,
        "spoken": started.language,
        "seats": [face(seat) for seat in started.seats],
        "answer_words": started.answer_words,
        "most_chars": MESSAGE_CHARS,
        "commands": _commands(language, translate),
        **file_limits(),
    }
    return document(f"{title} · Tertulia", language, body, "room", data)


def _bar(topic: str, language: Language, translate: Translate) -> Markup:
    return element(
        "header",
        brand(),
        element("p", topic, class_="topic-line", dir="auto"),
        element("span", class_="line-state", id="line", role="status"),
        language_switch(language, translate),
        element(
            "button",
            translate("Panel"),
            type="button",
            class_="quiet open-side",
            id="open-side",
            aria_expanded="false",
            aria_controls="side",
        ),
        class_="bar",
    )


def _thread(topic: str, panel: str, started: DebateStarted, translate: Translate) -> Markup:
    rounds = translate("{n} round") if started.rounds == 1 else translate("{n} rounds")
    facts = [panel, rounds.format(n=started.rounds)]
    if started.started_by:
        facts.insert(0, translate("asked by {name}").format(name=clean(started.started_by.name)))
    return element(
        "div",
        element(
            "div",
            element("div", class_="faces", id="cast", aria_hidden="true"),
            element("h1", topic, dir="auto", lang=started.language),
            element("p", " · ".join(facts), class_="facts", dir="auto"),
            class_="opening-card",
        ),
        element("h2", translate("Debate"), class_="unseen"),
        element("ol", id="thread", aria_label=translate("Debate")),
        element("div", id="end"),
        id="scroller",
        class_="scroller",
        tabindex="0",
        role="region",
        aria_label=translate("Thread"),
    )


def _foot(translate: Translate) -> Markup:
    return element(
        "div",
        element("button", type="button", class_="pill", id="new-below", hidden="hidden"),
        element(
            "div",
            element("div", id="whisper", role="alert"),
            element("div", id="floor"),
            class_="aside",
        ),
        element(
            "div",
            element("span", class_="pulse", aria_hidden="true"),
            element("p", element("span", id="status", role="status"), element("span", id="left")),
            element("button", type="button", class_="quiet", id="quick", hidden="hidden"),
            class_="now",
        ),
        _composer(translate),
        class_="foot",
    )


def _composer(translate: Translate) -> Markup:
    return element(
        "form",
        element("ul", id="completion", role="listbox", hidden="hidden"),
        element(
            "div",
            element("label", translate("What should the others call you?"), for_="name"),
            element(
                "input", id="name", name="name", maxlength=str(NAME_CHARS), autocomplete="nickname"
            ),
            class_="naming",
            id="naming",
            hidden="hidden",
        ),
        chosen_files(translate),
        element(
            "div",
            paperclip(element("span", translate("Attach files"), class_="unseen")),
            element("label", translate("Message"), for_="words", class_="unseen"),
            element(
                "textarea",
                id="words",
                rows="1",
                placeholder=translate("Message, @persona or /debate"),
                aria_autocomplete="list",
                aria_controls="completion",
            ),
            element("button", translate("Send"), type="submit", class_="primary send", id="send"),
            class_="writing",
        ),
        id="composer",
        class_="composer",
    )


def _side(debate: str, language: Language, translate: Translate) -> Markup:
    return element(
        "aside",
        element(
            "div",
            element("h2", translate("Panel")),
            language_switch(language, translate),
            element(
                "button",
                translate("Close"),
                type="button",
                class_="quiet close-side",
                id="close-side",
            ),
            class_="side-head",
        ),
        element("div", class_="table", id="table"),
        element(
            "div",
            id="controls",
            class_="controls",
            role="group",
            aria_label=translate("Steer the debate"),
        ),
        _pace(translate),
        element("h3", translate("Seats, in their order")),
        element("ol", id="seats", class_="seats"),
        element("dl", id="budget", class_="budget", aria_label=translate("Used so far")),
        _downloads(debate, translate),
        id="side",
        class_="side",
        aria_label=translate("Panel"),
    )


def _pace(translate: Translate) -> Markup:
    buttons = (
        element("button", translate(title), type="button", data_pace=pace, aria_pressed="false")
        for pace, title in _PACES.items()
    )
    return element(
        "div",
        *buttons,
        class_="switch wide",
        id="pace",
        role="group",
        aria_label=translate("Pace"),
    )


def _downloads(debate: str, translate: Translate) -> Markup:
    links = (
        element("a", name, href=f"/d/{debate}/transcript.{form}", download="download")
        for form, name in FILES.items()
    )
    return element(
        "nav",
        element("a", translate("Transcript"), href=f"/d/{debate}/transcript", class_="read"),
        *links,
        class_="downloads",
        aria_label=translate("Transcript and downloads"),
    )


def _commands(language: Language, translate: Translate) -> list[dict[str, Any]]:
    return [
        {
            "usage": form.usage(language),
            "writes": (form.spanish if language == "es" else form.english)[0],
            "takes_more": any(form.arguments),
            "does": translate(form.does),
        }
        for form in FORMS
    ]
