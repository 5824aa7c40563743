"""The form that starts a debate: a modal, and what is read from it. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bots.chat.grammar import Options, Start
from bots.chat.i18n import Translate
from engine.debate.events import Pace, Steering
from engine.debate.explained import marked as _
from engine.debate.explained import one_line
from engine.debate.panel import Handoff, Language, Panel
from engine.debate.rules.start import MOST_ROUNDS

FORM = "start_form"
TOPIC = "topic"
MOST_TOPIC = 2_000
_LANGUAGES: dict[str, Language] = {"en": "en", "es": "es"}

_RULES = {
    Handoff.RING: _("In a ring"),
    Handoff.ADDRESSED: _("Whom the speaker chooses"),
    Handoff.MODERATED: _("Whom the moderator calls"),
}
_PACES = {
    Pace.READING: _("At reading speed"),
    Pace.LIVE: _("Live"),
    Pace.STEP: _("Step by step"),
}
_STEERING = {
    Steering.STARTER: _("Whoever starts it"),
    Steering.EVERYONE: _("Everyone"),
}

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the form was asked for; `message`: to be debated, with its thread and files."""

    channel: str
    thread: str = ""
    message: str = ""


def form(
    origin: Origin, panels: Mapping[str, Panel], translate: Translate, topic: str = ""
) -> Json:
    """The modal."""
    shown = [(panel.id, one_line(panel.title)) for panel in panels.values()]
    languages = [("en", "English"), ("es", "Español")]
    words = {
        "type": "plain_text_input",
        "action_id": TOPIC,
        "multiline": True,
        "max_length": MOST_TOPIC,
    }
    if topic:
        words["initial_value"] = topic[:MOST_TOPIC]
    return {
        "type": "modal",
        "callback_id": FORM,
        "private_metadata": json.dumps(asdict(origin)),
        "title": _plain(translate("New debate")),
        "submit": _plain(translate("Start")),
        "close": _plain(translate("Cancel")),
        "blocks": [
            _input(TOPIC, translate("What is to be debated?"), words, is_needed=True),
            _choice("panel", translate("Panel"), shown),
            _choice("rounds", translate("Rounds"), _numbers()),
            _choice("rule", translate("Who speaks next"), _told(_RULES, translate)),
            _choice("language", translate("Language"), languages),
            _choice("pace", translate("Pace"), _told(_PACES, translate)),
            _choice("steering", translate("Who may steer"), _told(_STEERING, translate)),
        ],
    }


def asked(view: Json) -> tuple[Start, Origin]:
    """What was filled in, and where."""
    values: Json = view["state"]["values"]
    chosen = {name: _chosen(values, name) for name in ("panel", "rounds", "rule")}
    language, pace = _chosen(values, "language"), _chosen(values, "pace")
    steering = _chosen(values, "steering")
    options = Options(
        panel=chosen["panel"],
        rounds=int(chosen["rounds"]) if chosen["rounds"] else None,
        rule=Handoff(chosen["rule"]) if chosen["rule"] else None,
        language=_LANGUAGES.get(language or ""),
        pace=Pace(pace) if pace else None,
        steering=Steering(steering) if steering else None,
    )
    topic = str(values[TOPIC][TOPIC].get("value") or "").strip()
    return Start(topic, options), Origin(**json.loads(view["private_metadata"]))


def _told(names: Mapping[Any, str], translate: Translate) -> list[tuple[str, str]]:
    return [(value.value, translate(name)) for value, name in names.items()]


def _numbers() -> list[tuple[str, str]]:
    return [(str(n), str(n)) for n in range(1, MOST_ROUNDS + 1)]


def _choice(name: str, label: str, options: Iterable[tuple[str, str]]) -> Json:
    offered = [{"text": _plain(text[:75]), "value": value} for value, text in options]
    return _input(name, label, {"type": "static_select", "action_id": name, "options": offered})


def _input(name: str, label: str, element: Json, *, is_needed: bool = False) -> Json:
    return {
        "type": "input",
        "block_id": name,
        "label": _plain(label),
        "element": element,
        "optional": not is_needed,
    }


def _chosen(values: Json, name: str) -> str | None:
    option = values.get(name, {}).get(name, {}).get("selected_option")
    return str(option["value"]) if option else None


def _plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": False}
