"""How a debate is to be held: what was asked for, else what the channel is used to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bots.chat.fold import fold
from bots.chat.grammar import Misunderstood, Options
from bots.chat.grammar.options import as_dict, merged, value_of
from engine.debate.commands import Actor, Rejected, StartDebate
from engine.debate.events import Pace, Steering
from engine.debate.panel import Language, Panel, Persona

USUAL = Options(pace=Pace.READING, steering=Steering.STARTER)
"""Where neither the asker nor the channel says anything; the panel is the first that fits."""

LEAST_SEATS = 2
"""Debaters; one alone debates with nobody."""


class Unfit(Rejected):
    """An option will not do; `option` says which, so that a form can show it there."""

    def __init__(self, text: str, option: str, **values: object) -> None:
        self.option = option
        super().__init__(text, **values)


def start_command(topic: str, options: Options, panel: Panel, by: Actor) -> StartDebate:
    """The command that puts the topic to this panel."""
    chosen = merged(options, USUAL)
    return StartDebate(
        topic=topic,
        panel=replace(panel, handoff=chosen.rule) if chosen.rule else panel,
        rounds=chosen.rounds,
        by=by,
        pace=chosen.pace or Pace.READING,
        steering=chosen.steering or Steering.STARTER,
    )


def choose_panel(
    panels: Mapping[str, Panel], said: Options, defaults: Options, reader: Language
) -> Panel:
    """The panel that was named, else the channel's, in the language that was asked for.

    Where no language was, a panel that was named in full keeps its own, and the rest speak the
    channel's, else the reader's.

    Raises:
        Unfit: there is none such.
    """
    language = said.language or (None if said.panel in panels else defaults.language)
    name = said.panel or defaults.panel or _first(panels, language or reader)
    if name in panels and language in (None, panels[name].language):
        return panels[name]
    stem, speaks = name.removesuffix("-en").removesuffix("-es"), language or reader
    ids = (name, f"{stem}-{speaks}", f"{stem}-en", f"{stem}-es")
    kin = [panels[id_] for id_ in ids if id_ in panels]
    fitting = [panel for panel in kin if panel.language == speaks]
    if fitting or (kin and language is None):
        return (fitting or kin)[0]
    known = ", ".join(panels)
    if kin:
        raise Unfit(
            "The panel {panel} does not speak that language. "
            "Leave the language out, or choose another panel: {known}.",
            "language",
            panel=name,
            known=known,
        )
    raise Unfit(
        "There is no panel '{panel}'; there are: {known}.", "panel", panel=name, known=known
    )


def seated(panel: Panel, seats: Sequence[str]) -> Panel:
    """The panel with these of its debaters, in their order; without any said, all of them.

    Raises:
        Unfit: they are too few, or sit on another panel.
    """
    if not seats:
        return panel
    debaters = debaters_named(panel, seats)
    if len(debaters) < len(set(seats)):
        raise Unfit("These personas sit on another panel; choose them again.", "seats")
    if len(debaters) < LEAST_SEATS:
        raise Unfit("Choose {least} personas or more.", "seats", least=LEAST_SEATS)
    return replace(panel, debaters=debaters)


def debaters_named(panel: Panel, names: Sequence[str]) -> tuple[Persona, ...]:
    """Those of the panel's debaters whose ids or names these are, in their order."""
    wanted = set(map(fold, names))
    return tuple(p for p in panel.debaters if wanted & {p.id, fold(p.name)})


def usual(kept: Options, panels: Mapping[str, Panel], reader: Language) -> Options:
    """How a channel's debates start: what was kept for it, and what is usual besides."""
    panel = kept.panel or _first(panels, kept.language or reader) or None
    return merged(replace(kept, panel=panel), USUAL)


def _first(panels: Mapping[str, Panel], speaks: Language) -> str:
    """The first panel that speaks the language, else the first of all; empty: there is none."""
    fitting = (name for name, panel in panels.items() if panel.language == speaks)
    return next(fitting, next(iter(panels), ""))


def defaults_of(kept: Mapping[str, str], panels: Sequence[str]) -> Options:
    """The options that were kept for a channel; what is no option any more is passed over."""
    known = as_dict(Options())
    values = {}
    for key in known.keys() & kept.keys():
        try:
            values[key] = value_of(key, kept[key], panels)
        except Misunderstood:
            continue
    return Options(**values)


def as_kept(options: Options) -> dict[str, str]:
    """The options as they are kept for a channel."""
    return {key: str(value) for key, value in as_dict(options).items() if value is not None}
