"""The first page: what to debate, with whom and how; and the debates that were held here."""

from __future__ import annotations

from typing import Any

from bots.chat.i18n import Translate, translator
from bots.chat.transcript.markup import Markup, element
from bots.webroom.identity import NAME_CHARS
from bots.webroom.pages.faces import face
from bots.webroom.pages.files import chosen_files, file_limits, paperclip
from bots.webroom.pages.shell import brand, document, language_switch, no_script
from bots.webroom.site import Offer
from bots.webroom.texts import start_texts
from engine.debate.events import Pace
from engine.debate.explained import marked as _
from engine.debate.panel import Handoff, Language, Panel
from engine.debate.rules.start import MOST_ROUNDS, TOPIC_CHARS

_PACES = {
    Pace.READING: (_("Reading"), _("waits until a turn can be read")),
    Pace.LIVE: (_("Live"), _("as fast as the model speaks")),
    Pace.STEP: (_("Step by step"), _("each turn waits for you")),
}
_RULES = {
    Handoff.RING: (_("Ring"), _("each asks the one beside")),
    Handoff.ADDRESSED: (_("Addressed"), _("whoever speaks chooses the next")),
    Handoff.MODERATED: (_("Moderated"), _("the moderator asks between them")),
}
_EXAMPLES = (
    _("Should a small team run its own language models?"),
    _("Should our four-person team rewrite its oldest service or repair it?"),
    _("What should a school do about homework that a machine can write?"),
)


def start_page(offer: Offer, language: Language) -> str:
    """The page, in the visitor's language."""
    translate = translator(language)
    body = element(
        "body",
        element(
            "header",
            brand(),
            element("span", class_="room-for"),
            language_switch(language, translate),
            class_="bar",
        ),
        element(
            "main",
            no_script(translate),
            element("div", _hero(offer, translate), _form(offer, translate), class_="opening"),
            element("div", _table(translate), _history(translate), class_="beside"),
            class_="start",
        ),
        class_="on-start",
    )
    data = {
        "language": language,
        # The tiny model has hardly any Spanish.
        "speaks": "en" if offer.tiny_model else language,
        "texts": start_texts(translate),
        "panels": [_panel(panel) for panel in offer.panels.values()],
        **file_limits(),
    }
    return document("Tertulia", language, body, "start", data)


def _hero(offer: Offer, translate: Translate) -> Markup:
    small = translate(
        "The model that comes along is tiny and speaks English: it shows how things work. For a "
        "debate worth reading, start with --model http://HOST:PORT/v1 or --model FILE.gguf"
    )
    return element(
        "div",
        element("h1", translate("Put a question to the panel")),
        element(
            "p",
            translate(
                "Personas who see it differently debate it in a thread, each answering and then "
                "asking the next. Join in whenever you like."
            ),
            class_="lead",
        ),
        *([element("p", small, class_="notice")] if offer.tiny_model else []),
        class_="hero",
    )


def _form(offer: Offer, translate: Translate) -> Markup:
    return element(
        "form",
        _topic(translate),
        element(
            "fieldset",
            element("legend", translate("Panel")),
            element(
                "div",
                class_="switch",
                id="spoken",
                role="group",
                aria_label=translate("Language of the debate"),
            ),
            element("div", class_="cards", id="panels"),
            class_="panels",
        ),
        element(
            "details",
            element("summary", translate("How it is held: "), element("b", id="held-how")),
            _choices("pace", translate("Pace"), _PACES, offer.pace, translate),
            _choices("handoff", translate("Who is next"), _RULES, None, translate),
            _rounds(translate),
            class_="how",
        ),
        element(
            "div",
            _labelled(
                translate("What should the others call you?"),
                element(
                    "input",
                    id="name",
                    name="name",
                    maxlength=str(NAME_CHARS),
                    autocomplete="nickname",
                    required="required",
                ),
                "name",
            ),
            element("button", translate("Start the debate"), type="submit", class_="primary big"),
            class_="last",
        ),
        element("p", class_="error", role="alert", id="error"),
        id="start",
        class_="sheet",
        data_drop=translate("Drop files to hand them in"),
        novalidate="novalidate",
    )


def _topic(translate: Translate) -> Markup:
    examples = (
        element("button", translate(text), type="button", class_="example") for text in _EXAMPLES
    )
    return element(
        "div",
        element("label", translate("Topic"), for_="topic", class_="unseen"),
        element(
            "textarea",
            id="topic",
            name="topic",
            rows="3",
            maxlength=str(TOPIC_CHARS),
            required="required",
            placeholder=translate("What should be debated?"),
        ),
        element(
            "div", *examples, class_="examples", role="group", aria_label=translate("Examples")
        ),
        paperclip(element("span", translate("Add a file"))),
        chosen_files(translate),
        class_="topic",
    )


def _choices(
    name: str,
    label: str,
    values: dict[Any, tuple[str, str]],
    chosen: object,
    translate: Translate,
) -> Markup:
    """One of a few, each with what it means."""
    options = (
        element(
            "label",
            element(
                "input",
                type="radio",
                name=name,
                value=value,
                checked="checked" if value == chosen else None,
            ),
            element("span", translate(title)),
            element("small", translate(meaning)),
        )
        for value, (title, meaning) in values.items()
    )
    return element("fieldset", element("legend", label), *options, class_="choices")


def _rounds(translate: Translate) -> Markup:
    return _labelled(
        translate("Rounds"),
        element(
            "input",
            type="number",
            id="rounds",
            name="rounds",
            min="1",
            max=str(MOST_ROUNDS),
            inputmode="numeric",
        ),
        "rounds",
    )


def _labelled(label: str, field: Markup, id_: str) -> Markup:
    return element("div", element("label", label, for_=id_), field, class_="field")


def _table(translate: Translate) -> Markup:
    return element(
        "aside",
        element("div", class_="table", id="table"),
        element("p", class_="caption", id="caption", aria_live="polite"),
        class_="around",
        aria_label=translate("Who sits at the table"),
    )


def _history(translate: Translate) -> Markup:
    return element(
        "section",
        element("h2", translate("Debates held here"), id="held"),
        element("ol", id="history"),
        class_="history",
        aria_labelledby="held",
    )


def _panel(panel: Panel) -> dict[str, Any]:
    return {
        "id": panel.id,
        "title": panel.title,
        "language": panel.language,
        "handoff": panel.handoff,
        "rounds": panel.rounds,
        "seats": [face(persona) | {"stance": persona.stance} for persona in panel.personas],
    }
