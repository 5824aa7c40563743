"""What is wrong with a panel file: which field, and in words what to do about it."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

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
    text: str


def fault(error: ErrorDetails) -> Fault:
    """One of pydantic's findings in this project's words."""
    path = error["loc"]
    if error["type"] == "extra_forbidden":
        return Fault(path, _unknown_field(path))
    if error["type"] == "value_error":
        return Fault(path, str(error["ctx"]["error"]))
    what, how = _wording(path)
    match error["type"]:
        case "missing":
            wrong = "is missing"
        case "string_too_short":
            wrong = "is too short"
        case "string_too_long":
            wrong = "is too long"
        case "too_short" | "too_long":
            wrong = f"has {error['ctx']['actual_length']}"
        case _:
            wrong = f"{_shown(error['input'])} is not {what}"
    return Fault(path, f"{wrong}; {how}")


def clash(form: PanelForm) -> Fault | None:
    """The first id or name that two personas share, if any do."""
    places: list[Path] = [("moderator",), *(("debaters", i) for i in range(len(form.debaters)))]
    ids: dict[str, Path] = {}
    names: dict[str, Path] = {}
    for place, persona in zip(places, (form.moderator, *form.debaters), strict=True):
        if (other := ids.setdefault(persona.id, place)) != place:
            text = f"'{persona.id}' is the id of {dotted(other)} too; give each its own"
            return Fault((*place, "id"), text)
        if (other := names.setdefault(_folded(persona.name), place)) != place:
            text = f"'{persona.name}' is the name of {dotted(other)} too; give each its own"
            return Fault((*place, "name"), text)
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


def _unknown_field(path: Path) -> str:
    fields = _table(path).model_fields
    if meant := nearest(str(path[-1]), fields):
        return f"is no field here; did you mean '{meant}'?"
    return f"is no field here; there are {', '.join(fields)}"


def _wording(path: Path) -> tuple[str | None, str | None]:
    """What the field is, and how to write it."""
    if isinstance(path[-1], int):
        return "a persona", "write a [[debaters]] table"
    field = _table(path).model_fields[path[-1]]
    return field.title, field.description


def _shown(value: Any) -> str:
    """The value as the file has it, in short; its kind where it would be long."""
    match value:
        case str():
            text = repr(value[:_SHOWN_CHARS])
            return text if len(value) <= _SHOWN_CHARS else f"{text[:-1]}…{text[-1]}"
        case bool():
            return str(value).lower()
        case int() | float():
            return str(value) if abs(value) < 10**9 else "a number of that size"
        case dict():
            return "a table"
        case list():
            return "an array"
        case _:
            return "a date or time"
