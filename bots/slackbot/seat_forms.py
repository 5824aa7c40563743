"""The forms of seats: choosing one, and speaking for it. Pure."""

from __future__ import annotations

import json
from typing import Any

from bots.chat.i18n import Translate
from bots.slackbot import inputs
from engine.debate.events import Place
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
    element = inputs.menu([*seats, (LEAVE, translate("Give my seat back"))])
    label = translate("You speak for this persona at its next turn")
    blocks = [inputs.block("seat", label, element)]
    return _modal(TAKE_FORM, place, translate, translate("Take a seat"), blocks)


def speak_form(state: Debate, place: Place, translate: Translate) -> Json:
    """What to say for the seat that is called on, and whom to ask what."""
    cue = state.pending
    asked = [(seat.id, f"{seat.emoji} {seat.name}") for seat in state.started.seats]
    asked = [seat for seat in asked if cue and seat[0] in cue.ask]
    blocks = [inputs.block("answer", translate("Your answer"), inputs.words(MOST_ANSWER))]
    if asked:
        question = inputs.words(MOST_QUESTION)
        blocks.append(inputs.block("question", translate("Your question"), question))
    if len(asked) > 1:
        blocks.append(inputs.block("next", translate("Whom you ask"), inputs.menu(asked)))
    return _modal(SPEAK_FORM, place, translate, translate("Your turn"), blocks)


def place_in(view: Json) -> Place:
    """The thread that the form was opened from."""
    return Place(**json.loads(view["private_metadata"]))


def _modal(form: str, place: Place, translate: Translate, title: str, blocks: list[Json]) -> Json:
    named = {"workspace": place.workspace, "channel": place.channel, "thread": place.thread}
    return {
        "type": "modal",
        "callback_id": form,
        "private_metadata": json.dumps(named),
        "title": inputs.plain(title),
        "submit": inputs.plain("OK"),
        "close": inputs.plain(translate("Cancel")),
        "blocks": blocks,
    }
