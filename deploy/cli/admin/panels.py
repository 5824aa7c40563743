"""Panels listed, shown, checked, and begun."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path

from bots.chat.i18n import explained, users_language
from deploy.cli.failure import NOT_TO_BE_HAD
from deploy.cli.output import Answer, Facts, Table, translation
from engine.debate.explained import Explained, reason
from engine.debate.explained import marked as _
from engine.debate.panel import Language
from engine.panels.loader import PanelError, bundled, load_panel


class NotWritten(Explained):
    """The panel file cannot be written; the text says why."""


def listed() -> Answer:
    """The panels that come along."""
    panels = [load_panel(name) for name in bundled()]
    translate = translation()
    columns = (_("panel"), _("title"), _("language"), _("seats"), _("handoff"), _("rounds"))
    rows = [(p.id, p.title, p.language, len(p.personas), p.handoff.value, p.rounds) for p in panels]
    data = [
        {
            "panel": p.id,
            "title": p.title,
            "language": p.language,
            "personas": [persona.id for persona in p.personas],
            "handoff": p.handoff,
            "rounds": p.rounds,
        }
        for p in panels
    ]
    return Answer(data, [Table(tuple(map(translate, columns)), rows)])


def shown(name: str) -> Answer:
    """One panel.

    Raises:
        PanelError
    """
    panel = load_panel(name)
    translate = translation()
    facts = Facts(
        [
            (translate("panel"), panel.id),
            (translate("title"), panel.title),
            (translate("language"), panel.language),
            (translate("handoff"), panel.handoff.value),
            (translate("rounds"), panel.rounds),
            (translate("words an answer"), panel.answer_words),
            (translate("words a question"), panel.question_words),
        ]
    )
    columns = (_("id"), _("name"), _("stance"))
    rows = [(p.id, f"{p.emoji} {p.name}", p.stance) for p in panel.personas]
    return Answer(asdict(panel), [facts, Table(tuple(map(translate, columns)), rows)])


def checked(panel_files: Sequence[Path]) -> Answer:
    """Whether they are right; of each that is not, its first mistake."""
    data, lines = [], []
    for file in panel_files:
        try:
            panel = load_panel(f"./{file}" if file.parent == Path() else str(file))
        except PanelError as error:
            wrong: str | None = explained(error, users_language()).removeprefix("./")
            lines.append(str(wrong))
        else:
            wrong = None
            seats = len(panel.personas)
            lines.append(
                translation()(_("{file}: right; {seats} personas")).format(file=file, seats=seats)
            )
        data.append({"file": str(file), "ok": wrong is None, "mistake": wrong})
    bad = any(not found["ok"] for found in data)
    return Answer(data, lines, NOT_TO_BE_HAD if bad else 0)


def written(file: Path, language: Language | None) -> Answer:
    """Writes a panel to start from; it is right as it is.

    Raises:
        NotWritten
    """
    language = language or users_language()
    name = f"panel-{language}.toml"
    template = files("deploy.cli").joinpath("templates", name).read_text(encoding="utf-8")
    try:
        with file.open("x", encoding="utf-8") as out:
            out.write(template)
    except FileExistsError:
        raise NotWritten("{file} is there already; choose another name", file=file) from None
    except OSError as error:
        raise NotWritten("{file} cannot be written: {why}", file=file, why=reason(error)) from error
    line = translation()(_("{file}: change it, then: tertulia panels check {file}"))
    return Answer({"file": str(file)}, [line.format(file=file)])
