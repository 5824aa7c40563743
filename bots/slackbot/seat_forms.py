"""The forms of seats: choosing one, and speaking for it. Pure."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
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


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a form is for: it may be sent long after it was opened."""

    debate: str
    place: Place
    """The thread that it was opened from."""
    turn: int = 0
    """What is written is for this one; 0: for none."""

    @classmethod
    def of(cls, view: Json) -> Purpose:
        """As the form has it."""
        noted = json.loads(view["private_metadata"])
        return cls(noted["debate"], Place(**noted["place"]), noted["turn"])


def take_form(debate: str, state: Debate, place: Place, translate: Translate) -> Json:
    """Which seat to take, or that one's own is given back."""
    seats = [(seat.id, f"{seat.emoji} {seat.name}") for seat in state.started.seats]
    element = inputs.menu([*seats, (LEAVE, translate("Give my seat back"))])
    label = translate("You speak for this persona at its next turn")
    blocks = [inputs.block("seat", label, element)]
    title = translate("Take a seat")
    return _modal(TAKE_FORM, Purpose(debate, place), translate, title, blocks)


def speak_form(debate: str, state: Debate, place: Place, translate: Translate) -> Json:
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
    purpose = Purpose(debate, place, cue.turn if cue else 0)
    return _modal(SPEAK_FORM, purpose, translate, translate("Your turn"), blocks)


def _modal(
    form: str, purpose: Purpose, translate: Translate, title: str, blocks: list[Json]
) -> Json:
    return {
        "type": "modal",
        "callback_id": form,
        "private_metadata": json.dumps(asdict(purpose)),
        "title": inputs.plain(title),
        "submit": inputs.plain("OK"),
        "close": inputs.plain(translate("Cancel")),
        "blocks": blocks,
    }
