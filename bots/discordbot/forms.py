"""The forms: starting a debate, taking a seat, speaking for it; and what was filled in. Pure.

A form's custom id says what it is for, so that whichever process gets it can go on from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bots.chat.choices import PACES, RULES
from bots.chat.desk.starting import debaters_named
from bots.chat.grammar import Options, Start
from bots.chat.grammar.options import LANGUAGES
from bots.chat.i18n import Translate
from engine.debate.events import Pace, Seat, Steering
from engine.debate.explained import one_line
from engine.debate.panel import Handoff, Panel
from engine.debate.rules.start import MOST_ROUNDS
from engine.debate.state import Debate

START, TAKE, SPEAK = "start", "take", "speak"
LEAVE = "leave"
"""The choice that gives a seat back."""
TOPIC, PANEL, ROUNDS, RULE, PACE = "topic", "panel", "rounds", "rule", "pace"
SEATS = "seats"
SEAT, ANSWER, QUESTION, NEXT = "seat", "answer", "question", "next"
MOST_TOPIC = 2_000
MOST_ANSWER = 3_000
MOST_QUESTION = 1_000
_TITLE_CHARS = 45
_KEPT_S = 900.0
"""discord.py keeps a form for so long; it comes back to us by its custom id all the same."""
_OPTION_CHARS = 100
_MOST_OPTIONS = 25

Values = Mapping[str, tuple[str, ...]]
Choices = Iterable[tuple[str, str]]
"""What is sent, and what it is called."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The message that is to be debated, with its files; empty: none is."""

    channel: str = ""
    message: str = ""


def start_form(
    origin: Origin, panels: Mapping[str, Panel], translate: Translate, start: Start
) -> ui.Modal:
    """Asks for all that a debate starts with; only the topic is needed.

    A form has five fields: where the panel is chosen already, who of it debates is asked instead.
    """
    options = start.options
    panel = panels.get(options.panel or "")
    said = (panel.id if panel else "", options.language or "", options.steering or "")
    opened_for = ":".join((START, origin.channel, origin.message, *said))
    form = _modal(opened_for, translate("New debate"))
    topic = start.topic[:MOST_TOPIC]
    _ask(form, translate("What is to be debated?"), _text(TOPIC, MOST_TOPIC, topic))
    if panel is None:
        offered = ((panel.id, panel.title) for panel in panels.values())
        _ask(form, translate("Panel"), _menu(PANEL, offered))
    else:
        debaters = [(p.id, f"{p.emoji} {p.name}") for p in panel.debaters]
        named = {p.id for p in debaters_named(panel, start.seats)}
        _ask(form, translate("Who debates"), _several(SEATS, debaters, named))
    numbers = ((str(n), str(n)) for n in range(1, MOST_ROUNDS + 1))
    _ask(form, translate("Rounds"), _menu(ROUNDS, numbers, str(options.rounds or "")))
    rules = _menu(RULE, _named(RULES, translate), options.rule or "")
    _ask(form, translate("Who speaks next"), rules)
    _ask(form, translate("Pace"), _menu(PACE, _named(PACES, translate), options.pace or ""))
    return form


def take_form(debate: str, state: Debate, translate: Translate) -> ui.Modal:
    """Which seat to take, or that one's own is given back."""
    form = _modal(f"{TAKE}:{debate}", translate("Take a seat"))
    seats = [*map(_seat, state.started.seats)][: _MOST_OPTIONS - 1]
    menu = _menu(SEAT, [*seats, (LEAVE, translate("Give my seat back"))], is_needed=True)
    _ask(form, translate("You speak for it at its next turn"), menu)
    return form


def speak_form(debate: str, state: Debate, translate: Translate) -> ui.Modal:
    """What to say for the seat that is called on, and whom to ask what."""
    cue = state.pending
    form = _modal(f"{SPEAK}:{debate}:{cue.turn if cue else 0}", translate("Your turn"))
    asked = [_seat(seat) for seat in state.started.seats if cue and seat.id in cue.ask]
    _ask(form, translate("Your answer"), _text(ANSWER, MOST_ANSWER))
    if asked:
        _ask(form, translate("Your question"), _text(QUESTION, MOST_QUESTION))
    if len(asked) > 1:
        _ask(form, translate("Whom you ask"), _menu(NEXT, asked, is_needed=True))
    return form


def opened_for(custom_id: str) -> tuple[str, str]:
    """Which form it is, and for what: a debate, or the origin of a new one."""
    kind, _, what = custom_id.partition(":")
    return kind, what


def asked(what: str, values: Values) -> tuple[Start, Origin]:
    """The debate that the form of `start_form` asks for, and where it came from."""
    channel, message, panel, language, steering, *_newer = [*what.split(":"), *[""] * 5]
    rounds, rule, pace = one(values, ROUNDS), one(values, RULE), one(values, PACE)
    options = Options(
        panel=panel or one(values, PANEL),
        rounds=int(rounds) if rounds else None,
        rule=Handoff(rule) if rule else None,
        pace=Pace(pace) if pace else None,
        language=LANGUAGES.get(language),
        steering=Steering(steering) if steering else None,
    )
    seats = tuple(filter(None, values.get(SEATS, ())))
    return Start(one(values, TOPIC) or "", options, seats), Origin(channel, message)


def filled(components: object) -> Values:
    """What was written and chosen, by the fields' names; `components`: as Discord sends them."""
    return {
        str(field["custom_id"]): tuple(map(str, field.get("values") or [field.get("value") or ""]))
        for field in _fields(components)
    }


def one(values: Values, name: str) -> str | None:
    """What was written or chosen in this field; `None`: nothing."""
    return next((value.strip() for value in values.get(name, ()) if value.strip()), None)


def _fields(components: object) -> Iterator[dict[str, Any]]:
    for component in components if isinstance(components, list) else ():
        if "custom_id" in component:
            yield component
        inner = component.get("component")
        yield from _fields(component.get("components"))
        yield from _fields([inner] if inner else None)


def _modal(custom_id: str, title: str) -> ui.Modal:
    return ui.Modal(title=title[:_TITLE_CHARS], custom_id=custom_id, timeout=_KEPT_S)


def _ask(form: ui.Modal, label: str, field: ui.Item[ui.Modal]) -> None:
    form.add_item(ui.Label(text=label[:_TITLE_CHARS], component=field))


def _text(name: str, most: int, given: str = "") -> ui.Item[ui.Modal]:
    style = discord.TextStyle.paragraph
    return ui.TextInput(custom_id=name, style=style, max_length=most, default=given or None)


def _menu(
    name: str, choices: Choices, given: str = "", *, is_needed: bool = False
) -> ui.Item[ui.Modal]:
    return ui.Select(custom_id=name, options=_options(choices, {given}), required=is_needed)


def _several(name: str, choices: Choices, given: set[str]) -> ui.Item[ui.Modal]:
    """Any of them; none: all."""
    options = _options(choices, given)
    return ui.Select(
        custom_id=name, options=options, required=False, min_values=0, max_values=len(options)
    )


def _options(choices: Choices, given: set[str]) -> list[discord.SelectOption]:
    return [
        discord.SelectOption(
            value=value, label=one_line(label)[:_OPTION_CHARS], default=value in given
        )
        for value, label in choices
    ][:_MOST_OPTIONS]


def _seat(seat: Seat) -> tuple[str, str]:
    return seat.id, f"{seat.emoji} {seat.name}"


def _named(names: Mapping[Any, str], translate: Translate) -> Choices:
    return [(value.value, translate(name)) for value, name in names.items()]
