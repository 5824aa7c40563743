"""The personas that have apps, bots or roles: those of one panel."""

from __future__ import annotations

from engine.debate.explained import Explained
from engine.debate.panel import Language, Panel, Persona
from engine.panels.loader import load_panel


class NoSuchPersona(Explained):
    """The panel has nobody of this id."""


def panel_for(named: str | None, language: Language) -> Panel:
    """The panel that was named; else the one that debates begin with in this language.

    Raises:
        PanelError
    """
    return load_panel(named or f"ai-{language}")


def persona_of(panel: Panel, id_: str) -> Persona:
    """The panel's persona of this id.

    Raises:
        NoSuchPersona
    """
    known = {persona.id: persona for persona in panel.personas}
    if id_ not in known:
        raise NoSuchPersona(
            "{panel} has no persona {persona}; it has {known}",
            panel=panel.id,
            persona=id_,
            known=", ".join(known),
        )
    return known[id_]
