"""Reads a cast from its TOML file, and keeps it as bytes that name themselves by their hash."""

from __future__ import annotations

import hashlib
import json
import pathlib
import re
import tomllib
from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING, NoReturn

from pydantic import TypeAdapter, ValidationError

from engine.debate.explained import Explained, reason
from engine.debate.panel import Panel, Persona, Phrases
from engine.panels.faults import Fault, clash, dotted, fault, nearest
from engine.panels.form import PanelForm
from engine.panels.places import line_of, lines_of, unfinished_line

if TYPE_CHECKING:
    from engine.debate.panel import Language
    from engine.panels.form import PersonaForm
    from engine.panels.places import Path

MAX_BYTES = 256 * 1024
_BUNDLED = pathlib.Path(__file__).parent
_PHRASES: dict[Language, Phrases] = {
    "en": Phrases(
        answer="I have no usable answer to give this turn, so I pass the floor.",
        question="In your view, what decides this matter, and why?",
    ),
    "es": Phrases(
        answer="En este turno no tengo una respuesta útil que dar, así que cedo la palabra.",
        question="A su juicio, ¿qué decide esta cuestión, y por qué?",
    ),
}


class PanelError(Explained):
    """There is no such panel, or its file is wrong. The text says what to do."""


def bundled() -> list[str]:
    """The names of the casts that come along, sorted."""
    return sorted(file.stem for file in _BUNDLED.glob("*.toml"))


def load_panel(name_or_path: str) -> Panel:
    """The panel of this name (`ai-es`), or in this file (`./ours.toml`).

    What has a `/` or ends in `.toml` is a path, so a name that somebody sent over a network must be
    checked against `bundled()` first.

    Raises:
        PanelError
    """
    if "/" in name_or_path or name_or_path.endswith(".toml"):
        return _read(name_or_path, pathlib.Path(name_or_path))
    names = bundled()
    if name_or_path in names:
        return _read(f"{name_or_path}.toml", _BUNDLED / f"{name_or_path}.toml")
    values = {"name": name_or_path, "known": ", ".join(names)}
    if meant := nearest(name_or_path, names):
        raise PanelError(
            "no panel is called '{name}'; did you mean '{meant}'? "
            "choose one of {known}, or give the path of a .toml file",
            meant=meant,
            **values,
        )
    raise PanelError(
        "no panel is called '{name}'; choose one of {known}, or give the path of a .toml file",
        **values,
    )


def dump(panel: Panel) -> bytes:
    """The panel as canonical JSON: the same panel is always the same bytes."""
    text = json.dumps(asdict(panel), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def parse(content: bytes) -> Panel:
    """The panel that `dump` wrote. A rule made since then does not unmake it.

    Raises:
        ValueError: these are not a panel's bytes.
    """
    return _content().validate_json(content)


def content_hash(content: bytes) -> str:
    """16 hex digits that name these bytes."""
    return hashlib.sha256(content).hexdigest()[:16]


@cache
def _content() -> TypeAdapter[Panel]:
    return TypeAdapter(Panel)


def _read(shown: str, file: pathlib.Path) -> Panel:
    source = _text(shown, file)
    try:
        table = tomllib.loads(source)
    except (ValueError, RecursionError) as error:
        _raise_syntax(shown, source, error)
    try:
        form = PanelForm.model_validate(table)
    except ValidationError as error:
        _raise_fault(shown, source, _first(lines_of(source), error))
    if wrong := clash(form):
        _raise_fault(shown, source, wrong)
    return _panel(form)


def _text(shown: str, file: pathlib.Path) -> str:
    try:
        with file.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise PanelError(
            "{file}: there is no such file; check the path, or choose one of {known}",
            file=shown,
            known=", ".join(bundled()),
        ) from None
    except OSError as error:
        raise PanelError(
            "{file}: cannot be read ({why}); check the file", file=shown, why=reason(error)
        ) from None
    if len(raw) > MAX_BYTES:
        raise PanelError(
            "{file}: is over {most} KiB; shorten the cards", file=shown, most=MAX_BYTES // 1024
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise PanelError(
            "{file}:{line}: text: is not UTF-8; save the file as UTF-8", file=shown, line=line
        ) from None


def _raise_syntax(shown: str, source: str, error: Exception) -> NoReturn:
    """tomllib names a line, except where it ran into the end or into Python's own limits."""
    message = str(error)
    where = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", message)
    line = int(where[1]) if where and where[1] else unfinished_line(source)
    what = message[: where.start()] if where else Explained("A value is too large or too deep")
    raise PanelError(
        "{file}:{line}: syntax: {what}; write valid TOML", file=shown, line=line, what=what
    ) from None


def _first(lines: dict[Path, int], error: ValidationError) -> Fault:
    """The finding to tell: the topmost, but what is missing last, for it is often misspelt."""
    found = error.errors(include_url=False)
    first = min(found, key=lambda e: (e["type"] == "missing", line_of(lines, e["loc"])))
    return fault(first)


def _raise_fault(shown: str, source: str, wrong: Fault) -> NoReturn:
    line = line_of(lines_of(source), wrong.path)
    raise PanelError(
        "{file}:{line}: {field}: {wrong}",
        file=shown,
        line=line,
        field=dotted(wrong.path),
        wrong=wrong.text,
    ) from None


def _panel(form: PanelForm) -> Panel:
    usual = _PHRASES[form.language]
    return Panel(
        id=form.id,
        title=form.title,
        language=form.language,
        handoff=form.handoff,
        rounds=form.rounds,
        answer_words=form.answer_words,
        question_words=form.question_words,
        repeats_at=form.repeats_at,
        moderator=_persona(form.moderator),
        debaters=tuple(_persona(debater) for debater in form.debaters),
        phrases=Phrases(
            answer=form.phrases.answer or usual.answer,
            question=form.phrases.question or usual.question,
        ),
    )


def _persona(form: PersonaForm) -> Persona:
    return Persona(
        id=form.id,
        name=form.name,
        card=form.card,
        stance=form.stance,
        emoji=form.emoji,
        colour=form.colour,
    )
