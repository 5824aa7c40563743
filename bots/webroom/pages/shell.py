"""What every page of the room has: head, brand, language switch, and data for its script."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from bots.chat.i18n import Translate, translator
from bots.chat.transcript.markup import Markup, element
from engine.debate.panel import Language

_LANGUAGES: tuple[tuple[Language, str], ...] = (("en", "English"), ("es", "Español"))


def document(
    title: str, language: Language, body: Markup, script: str, data: Mapping[str, Any]
) -> str:
    """A whole page; `data` is what its script, a file in static/, reads."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", title),
        element("link", rel="icon", type="image/svg+xml", href="/static/favicon.svg"),
        *(
            element("link", rel="stylesheet", href=f"/static/{sheet}.css")
            for sheet in _SHEETS[script]
        ),
        element("script", type="module", src=f"/static/{script}.js"),
        # Not run, whatever it says: a browser only runs scripts of a type that it knows.
        element("script", _inert_json(data), type="application/json", id="data"),
    )
    return f"<!doctype html>\n{element('html', head, body, lang=language)}\n"


def brand() -> Markup:
    """The room's name, which leads to its first page."""
    return element(
        "a",
        element("img", src="/static/favicon.svg", alt="", width=26, height=26),
        element("span", "Tertulia"),
        href="/",
        class_="brand",
    )


def language_switch(language: Language, translate: Translate) -> Markup:
    """One button for each language."""
    buttons = (
        element(
            "button",
            element("span", code.upper(), aria_hidden="true"),
            element("span", name, class_="unseen", lang=code),
            type="button",
            data_language=code,
            aria_pressed=str(code == language).lower(),
        )
        for code, name in _LANGUAGES
    )
    return element("div", *buttons, class_="switch", role="group", aria_label=translate("Language"))


def plain_page(line: str, language: Language) -> str:
    """A page that says one thing, and leads back."""
    translate = translator(language)
    body = element(
        "body",
        element("header", brand(), class_="bar"),
        element(
            "main",
            element("h1", line, dir="auto"),
            element("p", element("a", translate("To the first page"), href="/")),
            class_="plain",
        ),
    )
    return document(line, language, body, "plain", {})


def no_script(translate: Translate) -> Markup:
    """What stands there where scripts do not run."""
    return element(
        "noscript", element("p", translate("This room needs JavaScript."), class_="notice")
    )


def _inert_json(data: Mapping[str, Any]) -> Markup:
    """JSON that cannot end the element it stands in, nor begin a comment there."""
    return Markup(orjson.dumps(data).decode().replace("<", "\\u003c"))


_SHEETS = {
    "plain": ("base",),
    "start": ("base", "faces", "start", "beside", "files"),
    "room": (
        *("base", "faces", "room", "thread", "live", "tools", "synthesis"),
        *("side", "foot", "floor", "files"),
    ),
}
"""The style sheets in static/ that each page's script goes with."""
