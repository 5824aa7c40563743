"""The table of options, and how one option is read from the words that it may be written in."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import Any

from bots.chat.fold import fold
from bots.chat.grammar.asks import Options
from bots.chat.grammar.misunderstood import Misunderstood
from bots.chat.grammar.words import OPENING, Word
from engine.debate.events import Pace, Steering
from engine.debate.panel import Handoff, Language
from engine.debate.rules.start import MOST_ROUNDS

ALIKE = 0.8
"""From 0 to 1: words this much alike can be one misspelt."""

PACES: dict[str, Pace] = {
    "live": Pace.LIVE,
    "vivo": Pace.LIVE,
    "en-vivo": Pace.LIVE,
    "reading": Pace.READING,
    "lectura": Pace.READING,
    "step": Pace.STEP,
    "paso": Pace.STEP,
    "step-by-step": Pace.STEP,
    "paso-a-paso": Pace.STEP,
}
RULES: dict[str, Handoff] = {
    "ring": Handoff.RING,
    "anillo": Handoff.RING,
    "addressed": Handoff.ADDRESSED,
    "dirigida": Handoff.ADDRESSED,
    "moderated": Handoff.MODERATED,
    "moderada": Handoff.MODERATED,
}
LANGUAGES: dict[str, Language] = {
    "en": "en",
    "english": "en",
    "ingles": "en",
    "es": "es",
    "espanol": "es",
    "castellano": "es",
    "spanish": "es",
}
STEERINGS: dict[str, Steering] = {
    "starter": Steering.STARTER,
    "autor": Steering.STARTER,
    "everyone": Steering.EVERYONE,
    "all": Steering.EVERYONE,
    "todos": Steering.EVERYONE,
}


@dataclass(frozen=True, slots=True)
class Option:
    """One option: the field of `Options` that it sets, and how it is written."""

    key: str
    english: tuple[str, ...]
    spanish: tuple[str, ...]
    values: Mapping[str, Any]
    """As typed, folded, to what is meant; empty: a panel or a number."""
    shown: tuple[str, str] = ("", "")
    """The values that help shows, in English and in Spanish."""

    def name(self, language: Language) -> str:
        """As help calls it."""
        return (self.spanish if language == "es" else self.english)[0]

    def usage(self, language: Language) -> str:
        """As help shows it, values and all."""
        return f"{self.name(language)}={self.shown[language == 'es']}"

    def written(self, value: object, language: Language) -> str:
        """The option with this value, as one writes it; empty: there is no value."""
        if value is None:
            return ""
        words = self.shown[language == "es"].split("|") if self.values else []
        word = next((word for word in words if self.values[word] == value), value)
        return f"{self.name(language)}={word}"


OPTIONS = (
    Option("panel", ("panel",), ("panel",), {}, ("NAME", "NOMBRE")),
    Option("rounds", ("rounds", "round"), ("rondas", "ronda"), {}, (f"1-{MOST_ROUNDS}",) * 2),
    Option(
        "rule",
        ("rule", "handoff"),
        ("regla",),
        RULES,
        ("ring|addressed|moderated", "anillo|dirigida|moderada"),
    ),
    Option("language", ("language", "lang"), ("idioma", "lengua"), LANGUAGES, ("en|es", "en|es")),
    Option(
        "pace", ("pace", "speed"), ("ritmo",), PACES, ("live|reading|step", "vivo|lectura|paso")
    ),
    Option("steering", ("steering",), ("conduce",), STEERINGS, ("starter|everyone", "autor|todos")),
)

_BY_NAME = {name: option for option in OPTIONS for name in (*option.english, *option.spanish)}
_KEYS = tuple(_BY_NAME)
_LONGEST = 64

_WRITTEN = re.compile(
    r"(?P<dash>--|—|–)?(?P<key>[a-z][a-z_-]{0,31})(?:\s*(?P<sep>[=:])\s*|(?(dash) |(?!)))"
    r"(?P<value>[^\s=]*)"
)
_FLAG = re.compile(r"(?P<dash>--|—|–)(?P<key>[a-z][a-z_-]{0,31})")
_COUNTED = re.compile(r"(?P<value>[0-9]{1,3}) (?:rounds?|rondas?)[.,;:]?")


@dataclass(frozen=True, slots=True)
class Found:
    """An option, read."""

    key: str
    value: Any
    sure: bool
    """Its form leaves no doubt; else it counts only where prose would not stand."""


def read(words: Sequence[Word], panels: Collection[str]) -> Found | None:
    """The option that exactly these words are; `None`: they are none.

    Raises:
        Misunderstood: they are one, but of an unknown name or with a value that will not do.
    """
    if any(len(word.text) > _LONGEST for word in words):
        return None
    text = fold(" ".join(word.text for word in words))
    if counted := _COUNTED.fullmatch(text):
        return _found(_BY_NAME["rounds"], counted["value"], panels, sure=False)
    if flag := _FLAG.fullmatch(text):
        _check_flag(flag)
        return None
    written = _WRITTEN.fullmatch(text)
    if written is None:
        return None
    sure = written["sep"] != ":" or written["dash"] is not None
    option = _BY_NAME.get(written["key"])
    if option is None:
        _check_unknown(written, sure=sure)
        return None
    return _found(option, written["value"].strip(OPENING + ",;"), panels, sure=sure)


def value_of(key: str, typed: str, panels: Collection[str]) -> Any:
    """The value that is typed for an option.

    Raises:
        Misunderstood: it will not do; the text says what would.
    """
    option, folded = _BY_NAME[key], fold(typed)
    known = _values(option, panels)
    if folded in known:
        return known[folded]
    raise _unfit(option, typed, known)


def merged(options: Options, under: Options) -> Options:
    """These options, and `under` them those where they say nothing."""
    said = {name: value for name, value in as_dict(options).items() if value is not None}
    return Options(**{**as_dict(under), **said})


def as_dict(options: Options) -> dict[str, Any]:
    """The fields by their names."""
    return {field.name: getattr(options, field.name) for field in fields(options)}


def _values(option: Option, panels: Collection[str]) -> Mapping[str, Any]:
    if option.key == "panel":
        stems = {panel.rpartition("-")[0] for panel in panels if panel.endswith(("-en", "-es"))}
        return {name: name for name in sorted({*panels, *stems})}
    if option.key == "rounds":
        return {str(n): n for n in range(1, MOST_ROUNDS + 1)}
    return option.values


def _found(option: Option, typed: str, panels: Collection[str], *, sure: bool) -> Found | None:
    known = _values(option, panels)
    if typed in known:
        return Found(option.key, known[typed], sure)
    # `language: a tool of power` is prose, `panel: ai-em` is a slip, `rule=fast` can only be one.
    if sure or (option.key == "panel" and _meant(typed, known)):
        raise _unfit(option, typed, known)
    return None


def _unfit(option: Option, typed: str, known: Mapping[str, Any]) -> Misunderstood:
    values = ", ".join(known) if option.key == "panel" else option.shown[0].replace("|", ", ")
    name = option.english[0]
    if not typed:
        return Misunderstood("{option} needs a value: {values}.", option=name, values=values)
    meant = _meant(typed, known)
    if meant and option.key != "rounds":
        return Misunderstood(
            "'{value}' is no value of {option}; did you mean '{meant}'?",
            value=typed,
            option=name,
            meant=meant,
        )
    return Misunderstood(
        "'{value}' is no value of {option}; choose one of: {values}.",
        value=typed,
        option=name,
        values=values,
    )


def _meant(typed: str, known: Collection[str]) -> str | None:
    return next(iter(get_close_matches(typed, list(known), 1, ALIKE)), None)


def _check_flag(flag: re.Match[str]) -> None:
    option = _BY_NAME.get(flag["key"])
    if option:
        raise Misunderstood(
            "{option} needs a value: {values}.",
            option=option.english[0],
            values=option.shown[0],
        )
    if flag["dash"] == "--":
        raise _unknown(flag["key"])


def _check_unknown(written: re.Match[str], *, sure: bool) -> None:
    """`--foo=1` is an option that there is not; `E=mc2` is part of a topic."""
    key = written["key"]
    if written["dash"] == "--" or (sure and _meant(key, _KEYS)):
        raise _unknown(key)


def _unknown(key: str) -> Misunderstood:
    if meant := _meant(key, _KEYS):
        return Misunderstood(
            "There is no option '{option}'; did you mean '{meant}'?", option=key, meant=meant
        )
    return Misunderstood(
        "There is no option '{option}'; there are: {known}. "
        "If it belongs to the topic, put the topic in quotes.",
        option=key,
        known=", ".join(option.english[0] for option in OPTIONS),
    )
