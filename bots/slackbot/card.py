"""The control card of a debate: topic, seats, how far it is, and buttons. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bots.chat.controls import LABELS, TAKE_A_SEAT, has_seats, verbs
from bots.chat.desk.telling import status_text
from bots.chat.grammar import Verb
from bots.chat.i18n import Translate, translator
from bots.chat.mentions import inert
from bots.slackbot.rich import Element, rich_text, section, text
from bots.slackbot.web import Json
from bots.slackbot.wording import escaped
from engine.debate.events import Seat
from engine.debate.explained import one_line
from engine.debate.state import Debate

CARD = "tertulia_card"
"""The metadata's event type; its payload has the debate's id."""
DO = "do"
"""A button's action id is `do:` and the verb."""
SEAT = "seat"

_TITLE_CHARS = 150
_CONTEXT_CHARS = 2_000
_SEATS_SHOWN = 30


def card(debate: str, state: Debate, unheard_s: float = 0.0) -> Json:
    """Its text, blocks and metadata, in the debate's language; `unheard_s`: see `Board.card`."""
    translate = translator(state.started.language)
    topic = one_line(state.started.topic)
    status = status_text(state, translate, unheard_s=unheard_s).split("\n", 1)[1]
    return {
        "text": f"{escaped(topic)}\n{escaped(status)}",
        "blocks": [
            {"type": "header", "text": _plain(inert(topic), _TITLE_CHARS)},
            rich_text(section(*_seats(state))),
            {"type": "context", "elements": [_plain(inert(status), _CONTEXT_CHARS)]},
            {"type": "actions", "elements": list(_buttons(debate, state, translate))},
        ],
        "metadata": {"event_type": CARD, "event_payload": {"debate": debate}},
    }


def _seats(state: Debate) -> Iterator[Element]:
    speaking = state.pending.persona if state.pending and not state.paused else None
    for number, seat in enumerate(state.started.seats[:_SEATS_SHOWN]):
        if number:
            yield text("\n")
        yield from _seat(seat, state, is_speaking=seat.id == speaking)


def _seat(seat: Seat, state: Debate, *, is_speaking: bool) -> Iterator[Element]:
    person = state.seats.get(seat.id)
    name = f"{seat.emoji} {seat.name}" + (f" ({one_line(person.name)})" if person else "")
    yield text("▶ " if is_speaking else "     ")
    yield text(inert(name), *(["bold"] if is_speaking else []))


def _buttons(debate: str, state: Debate, translate: Translate) -> Iterator[Element]:
    """Each with its debate's id as its value: another may be held in the thread by now."""
    for verb in verbs(state):
        button: Element = {
            "type": "button",
            "action_id": f"{DO}:{verb.value}",
            "text": _plain(translate(LABELS[verb]), 75),
            "value": debate,
        }
        if verb is Verb.STOP:
            button["style"] = "danger"
        yield button
    if has_seats(state):
        yield {
            "type": "button",
            "action_id": SEAT,
            "text": _plain(translate(TAKE_A_SEAT), 75),
            "value": debate,
        }


def _plain(words: str, most: int) -> Json:
    cut = words if len(words) <= most else f"{words[: most - 1]}…"
    return {"type": "plain_text", "text": cut, "emoji": False}
