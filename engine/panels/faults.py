"""What is wrong with a panel file: which field, and in words what to do about it."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from engine.debate.explained import Explained
from engine.panels.form import PanelForm, PersonaForm, PhrasesForm
from engine.panels.places import Path

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

_SHOWN_CHARS = 40
_TABLES: dict[str | int, type[BaseModel]] = {
    "moderator": PersonaForm,
    "debaters": PersonaForm,
    "phrases": PhrasesForm,
}


class Fault(NamedTuple):
    """One thing that is wrong."""

    path: Path
    text: Explained


def fault(error: ErrorDetails) -> Fault:
    """One of pydantic's findings in this project's words."""
    path = error["loc"]
    if error["type"] == "extra_forbidden":
        return Fault(path, _unknown_field(path))
    if error["type"] == "value_error":
        return Fault(path, error["ctx"]["error"])
    what, how = _wording(path)
    match error["type"]:
        case "missing":
            wrong = Explained("is missing")
        case "string_too_short":
            wrong = Explained("is too short")
        case "string_too_long":
            wrong = Explained("is too long")
        case "too_short" | "too_long":
            wrong = Explained("has {count}", count=error["ctx"]["actual_length"])
        case _:
            wrong = Explained("{value} is not {what}", value=_shown(error["input"]), what=what)
    return Fault(path, Explained("{wrong}; {how}", wrong=wrong, how=how))


def clash(form: PanelForm) -> Fault | None:
    """The first id or name that two personas share, if any do."""
    places: list[Path] = [("moderator",), *(("debaters", i) for i in range(len(form.debaters)))]
    ids: dict[str, Path] = {}
    names: dict[str, Path] = {}
    for place, persona in zip(places, (form.moderator, *form.debaters), strict=True):
        if (other := ids.setdefault(persona.id, place)) != place:
            return Fault(
                (*place, "id"),
                Explained(
                    "'{id}' is the id of {other} too; give each its own",
                    id=persona.id,
                    other=dotted(other),
                ),
            )
        if (other := names.setdefault(_folded(persona.name), place)) != place:
            return Fault(
                (*place, "name"),
                Explained(
                    "'{name}' is the name of {other} too; give each its own",
                    name=persona.name,
                    other=dotted(other),
                ),
            )
    return None


def _folded(name: str) -> str:
    """Equal for names that a reader could not tell apart by their letters."""
    return unicodedata.normalize("NFKC", name).casefold()


def dotted(path: Path) -> str:
    """`debaters[2].colour`, as a person writes it."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            key = step if re.fullmatch(r"[A-Za-z0-9_-]+", step) else repr(step)
            text += f".{key}" if text else key
    return text


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The one that `word` was probably meant to be."""
    return next(iter(difflib.get_close_matches(word, list(words), 1)), None)


def _table(path: Path) -> type[BaseModel]:
    """The form of the table in which the path's last key stands."""
    return _TABLES[path[0]] if len(path) > 1 else PanelForm


def _unknown_field(path: Path) -> Explained:
    fields = _table(path).model_fields
    if meant := nearest(str(path[-1]), fields):
        return Explained("is no field here; did you mean '{meant}'?", meant=meant)
    return Explained("is no field here; there are {fields}", fields=", ".join(fields))


def _wording(path: Path) -> tuple[Explained, Explained]:
    """What the field is, and how to write it."""
    if isinstance(path[-1], int):
        return Explained("a persona"), Explained("write a [[debaters]] table")
    field = _table(path).model_fields[path[-1]]
    assert field.title and field.description  # noqa: S101 - the form gives each both
    return Explained(field.title), Explained(field.description)


def _shown(value: Any) -> str | Explained:
    """The value as the file has it, in short; its kind where it would be long."""
    match value:
        case str():
            text = repr(value[:_SHOWN_CHARS])
            return text if len(value) <= _SHOWN_CHARS else f"{text[:-1]}…{text[-1]}"
        case bool():
            return str(value).lower()
        case int() | float():
            return str(value) if abs(value) < 10**9 else Explained("a number of that size")
        case dict():
            return Explained("a table")
        case list():
            return Explained("an array")
        case _:
            return Explained("a date or time")
