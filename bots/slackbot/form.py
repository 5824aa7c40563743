"""The form that starts a debate: a modal, and what is read from it. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bots.chat.choices import PACES, RULES, STEERING
from bots.chat.grammar import Options, Start
from bots.chat.i18n import Translate
from bots.slackbot import inputs
from engine.debate.events import Pace, Steering
from engine.debate.panel import Handoff, Language, Panel
from engine.debate.rules.start import MOST_ROUNDS

FORM = "start_form"
TOPIC = "topic"
CHANNEL = "channel"
PANEL, LANGUAGE, SEATS = "panel", "language", "seats"
CHANGES_SEATS = (PANEL, LANGUAGE)
"""What the seats to choose from depend on."""
MOST_TOPIC = 2_000
LANGUAGES: dict[str, Language] = {"en": "en", "es": "es"}
NAMES_OF_LANGUAGES = (("en", "English"), ("es", "Español"))

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the form was asked for; `message`: to be debated, with its thread and files."""

    channel: str
    """Empty: the form asks for it."""
    thread: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """What there is to choose from, and what is chosen beforehand."""

    panels: Mapping[str, Panel]
    panel: Panel
    usual: Options
    """How debates start there for whoever asks."""
    topic: str = ""


def form(origin: Origin, offer: Offer, translate: Translate) -> Json:
    """The modal."""
    return {
        "type": "modal",
        "callback_id": FORM,
        "private_metadata": json.dumps(asdict(origin)),
        "title": inputs.plain(translate("New debate")),
        "submit": inputs.plain(translate("Start")),
        "close": inputs.plain(translate("Cancel")),
        "blocks": [
            *([] if origin.channel else [_where(translate)]),
            _topic(offer.topic, translate),
            *_who(offer, translate),
            *_how(offer.usual, translate),
        ],
    }


def with_panel(view: Json, panel: Panel, translate: Translate) -> Json:
    """The form that is open, with the seats of this panel to choose from."""
    kept = ("type", "callback_id", "private_metadata", "title", "submit", "close")
    blocks = [
        _seats(panel, translate) if _name(block) == SEATS else block for block in view["blocks"]
    ]
    return {name: view[name] for name in kept} | {"blocks": blocks}


def asked(view: Json) -> tuple[Start, Origin]:
    """What was filled in, and where."""
    rounds, rule = inputs.filled(view, "rounds"), inputs.filled(view, "rule")
    pace, steering = inputs.filled(view, "pace"), inputs.filled(view, "steering")
    options = Options(
        panel=inputs.filled(view, PANEL),
        rounds=int(rounds) if rounds else None,
        rule=Handoff(rule) if rule else None,
        language=LANGUAGES.get(inputs.filled(view, LANGUAGE) or ""),
        pace=Pace(pace) if pace else None,
        steering=Steering(steering) if steering else None,
    )
    given = json.loads(view["private_metadata"])
    channel = given["channel"] or inputs.filled(view, CHANNEL) or ""
    origin = Origin(**(given | {"channel": channel}))
    return Start(inputs.filled(view, TOPIC) or "", options, inputs.chosen(view, SEATS)), origin


def is_asked_where(view: Json) -> bool:
    """Whether the form asks for a channel."""
    return not json.loads(view["private_metadata"])["channel"]


def _where(translate: Translate) -> Json:
    element = inputs.conversation(translate("Choose a channel"))
    return inputs.block(CHANNEL, translate("Where is it held?"), element)


def _topic(topic: str, translate: Translate) -> Json:
    label = translate("What is to be debated?")
    return inputs.block(TOPIC, label, inputs.words(MOST_TOPIC, topic))


def _who(offer: Offer, translate: Translate) -> list[Json]:
    panels = [(panel.id, panel.title) for panel in offer.panels.values()]
    panel = inputs.menu(panels, offer.panel.id)
    language = inputs.menu(NAMES_OF_LANGUAGES, hint=translate("The panel's own"))
    tells = {"dispatch_action": True}
    return [
        inputs.block(PANEL, translate("Panel"), panel, needed=False) | tells,
        inputs.block(LANGUAGE, translate("Language"), language, needed=False) | tells,
        _seats(offer.panel, translate),
    ]


def _seats(panel: Panel, translate: Translate) -> Json:
    """Under another name for each panel: what was chosen of one is no choice of another."""
    seats = [(member.id, f"{member.emoji} {member.name}") for member in panel.debaters]
    element = inputs.several(seats, translate("All of them"))
    return inputs.block(f"{SEATS}:{panel.id}", translate("Who debates"), element, needed=False)


def _how(usual: Options, translate: Translate) -> list[Json]:
    of_panel = translate("As the panel has it")
    numbers = [(str(n), str(n)) for n in range(1, MOST_ROUNDS + 1)]
    menus = [
        ("rounds", translate("Rounds"), inputs.menu(numbers, usual.rounds, of_panel)),
        (
            "rule",
            translate("Who speaks next"),
            inputs.menu(told(RULES, translate), usual.rule, of_panel),
        ),
        ("pace", translate("Pace"), inputs.menu(told(PACES, translate), usual.pace)),
        (
            "steering",
            translate("Who may steer"),
            inputs.menu(told(STEERING, translate), usual.steering),
        ),
    ]
    return [inputs.block(name, label, element, needed=False) for name, label, element in menus]


def told(names: Mapping[Any, str], translate: Translate) -> list[inputs.Choice]:
    """Values of an option, to choose from."""
    return [(value.value, translate(name)) for value, name in names.items()]


def _name(block: Json) -> str:
    return str(block.get("block_id", "")).partition(":")[0]
