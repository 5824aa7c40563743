"""The control card of a debate: topic, seats, how far it is, and buttons. Pure.

It is made of components, which need no permission and are shown by every client; nothing in it
pings anybody.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bots.chat.cards import Card
from bots.chat.controls import LABELS, TAKE_A_SEAT, has_seats, verbs
from bots.chat.desk.telling import status_text
from bots.chat.grammar import Verb
from bots.chat.i18n import Translate, translator
from bots.discordbot.markdown import plain, quoted
from bots.discordbot.marks import BUTTON, GREY, RED, ROW, Json, do_id, seat_id
from engine.debate.events import Seat
from engine.debate.explained import one_line
from engine.debate.state import Debate, Phase

TEXT, SEPARATOR, CONTAINER = 10, 14, 17
COMPONENTS = 1 << 15
"""The flag of a message that is made of components alone."""
RUNNING, PAUSED, CLOSED = 0x3BA55C, 0xFAA61A, 0x757E8A
_ROW_BUTTONS = 5
_SEATS_SHOWN = 24
_STATUS_CHARS = 1_000


def card(debate: str, state: Debate, unheard_s: float = 0.0) -> Card:
    """The message, in the debate's language; the same to post and to edit.

    `unheard_s`: see `Board.card`.
    """
    translate = translator(state.started.language)
    topic = one_line(state.started.topic)
    status = status_text(state, translate, unheard_s=unheard_s).split("\n", 1)[1][:_STATUS_CHARS]
    shown = [
        _text(f"### {plain(topic)}"),
        _text("\n".join(_seats(state))),
        {"type": SEPARATOR},
        _text(quoted(plain(status), "-# ")),
        *_rows(list(_buttons(debate, state, translate))),
    ]
    container = {"type": CONTAINER, "accent_color": _colour(state), "components": shown}
    return {
        "flags": COMPONENTS,
        "components": [container],
        "allowed_mentions": {"parse": []},
    }


def _seats(state: Debate) -> Iterator[str]:
    speaking = state.pending.persona if state.pending and not state.paused else None
    for seat in state.started.seats[:_SEATS_SHOWN]:
        yield _seat(seat, state, is_speaking=seat.id == speaking)


def _seat(seat: Seat, state: Debate, *, is_speaking: bool) -> str:
    person = state.seats.get(seat.id)
    name = plain(seat.name) + (f" ({plain(one_line(person.name))})" if person else "")
    return f"{seat.emoji} **{name}** ◀" if is_speaking else f"{seat.emoji} {name}"


def _buttons(debate: str, state: Debate, translate: Translate) -> Iterator[Json]:
    for verb in verbs(state):
        style = RED if verb is Verb.STOP else GREY
        yield _button(translate(LABELS[verb]), do_id(verb, debate), style)
    if has_seats(state):
        yield _button(translate(TAKE_A_SEAT), seat_id(debate), GREY)


def _button(label: str, custom_id: str, style: int) -> Json:
    return {"type": BUTTON, "style": style, "label": label, "custom_id": custom_id}


def _rows(buttons: Sequence[Json]) -> Iterator[Json]:
    for start in range(0, len(buttons), _ROW_BUTTONS):
        yield {"type": ROW, "components": list(buttons[start : start + _ROW_BUTTONS])}


def _colour(state: Debate) -> int:
    if state.phase is Phase.CLOSED:
        return CLOSED
    return PAUSED if state.paused else RUNNING


def _text(content: str) -> Json:
    return {"type": TEXT, "content": content}
