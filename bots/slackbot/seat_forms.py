"""The forms of seats: choosing one, and speaking for it. Pure."""

from __future__ import annotations

import json
from typing import Any

from bots.chat.i18n import Translate
from engine.debate.events import Place
from engine.debate.explained import one_line
from engine.debate.state import Debate

TAKE_FORM = "take_form"
SPEAK_FORM = "speak_form"
LEAVE = "leave"
"""The choice that gives a seat back."""
MOST_ANSWER = 3_000
MOST_QUESTION = 1_000

Json = dict[str, Any]


def take_form(state: Debate, place: Place, translate: Translate) -> Json:
    """Which seat to take, or that one's own is given back."""
    seats = [(seat.id, f"{seat.emoji} {seat.name}") for seat in state.started.seats]
    options = [*seats, (LEAVE, translate("Give my seat back"))]
    element = {"type": "static_select", "action_id": "seat", "options": _options(options)}
    return _modal(
        TAKE_FORM,
        place,
        translate,
        translate("Take a seat"),
        [_input("seat", translate("You speak for this persona at its next turn"), element)],
    )


def speak_form(state: Debate, place: Place, translate: Translate) -> Json:
    """What to say for the seat that is called on, and whom to ask what."""
    cue = state.pending
    asked = [(seat.id, f"{seat.emoji} {seat.name}") for seat in state.started.seats]
    asked = [seat for seat in asked if cue and seat[0] in cue.ask]
    blocks = [_input("answer", translate("Your answer"), _words("answer", MOST_ANSWER))]
    if asked:
        question = _words("question", MOST_QUESTION)
        blocks.append(_input("question", translate("Your question"), question))
    if len(asked) > 1:
        select = {"type": "static_select", "action_id": "next", "options": _options(asked)}
        blocks.append(_input("next", translate("Whom you ask"), select))
    return _modal(SPEAK_FORM, place, translate, translate("Your turn"), blocks)


def place_in(view: Json) -> Place:
    """The thread that the form was opened from."""
    return Place(**json.loads(view["private_metadata"]))


def filled(view: Json, name: str) -> str | None:
    """What was filled in or chosen; `None`: nothing."""
    value = view["state"]["values"].get(name, {}).get(name, {})
    option = value.get("selected_option")
    found = option["value"] if option else value.get("value")
    return str(found).strip() or None if found else None


def _modal(form: str, place: Place, translate: Translate, title: str, blocks: list[Json]) -> Json:
    named = {"workspace": place.workspace, "channel": place.channel, "thread": place.thread}
    return {
        "type": "modal",
        "callback_id": form,
        "private_metadata": json.dumps(named),
        "title": _plain(title),
        "submit": _plain("OK"),
        "close": _plain(translate("Cancel")),
        "blocks": blocks,
    }


def _words(name: str, most: int) -> Json:
    return {
        "type": "plain_text_input",
        "action_id": name,
        "multiline": True,
        "max_length": most,
    }


def _options(options: list[tuple[str, str]]) -> list[Json]:
    return [{"text": _plain(one_line(text)[:75]), "value": value} for value, text in options]


def _input(name: str, label: str, element: Json) -> Json:
    return {"type": "input", "block_id": name, "label": _plain(label), "element": element}


def _plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": True}
