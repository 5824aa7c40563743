"""Debates listed, shown, written out and deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bots.chat.endings import ending
from bots.chat.times import rfc3339
from bots.chat.transcript.files import write
from deploy.cli.failure import BAD_NEWS
from deploy.cli.output import Answer, Facts, Table, translation
from engine.bootstrap import Premises
from engine.debate.ahead import planned_turns
from engine.debate.events import Place
from engine.debate.explained import Explained, reason
from engine.debate.explained import marked as _
from engine.debate.state import Debate, Phase
from engine.ports.debates import Listed
from engine.ports.upkeep import Woken

ALL = 1_000
"""As many as are listed at all."""

PHASES = {
    Phase.DEBATING: _("open"),
    Phase.CLOSING: _("closing"),
    Phase.CLOSED: _("closed"),
}
WOKEN = {
    Woken.QUEUED: _("{debate}: the next worker that is free goes on with it"),
    Woken.WAITS: _("{debate}: it waits for a time, and goes on then"),
    Woken.IDLE: _(
        "{debate}: nobody is to speak now; it is closed, or paused, or waits for a person:"
        " tertulia debates show {debate}"
    ),
}


async def listed(at: Premises, most: int, only_open: bool) -> Answer:
    """The debates that were started last."""
    translate = translation()
    found = [
        entry
        for entry in await at.debates.recent(ALL if only_open else most)
        if not (only_open and entry.closed)
    ][:most]
    columns = (_("debate"), _("started"), _("state"), _("panel"), _("where"), _("topic"))
    rows = [
        (
            entry.debate,
            _minute(entry.at_ms),
            translate(PHASES[Phase.CLOSED if entry.closed else Phase.DEBATING]),
            entry.started.panel,
            place_name(entry.started.home),
            entry.started.topic,
        )
        for entry in found
    ]
    table = Table(
        tuple(map(translate, columns)), rows, nothing=translate("There are no such debates.")
    )
    return Answer([_entry(entry) for entry in found], [table])


async def shown(at: Premises, debate: str) -> Answer:
    """How a debate stands.

    Raises:
        UnknownDebate
    """
    standing = await at.debates.load(debate)
    data = _standing(debate, standing)
    translate = translation()
    facts = [(translate(name), value) for name, value in _facts(debate, standing)]
    return Answer(data, [Facts(facts)])


async def exported(at: Premises, debate: str, folder: Path) -> Answer:
    """Writes its transcript.

    Raises:
        UnknownDebate
        Explained: the folder cannot be written.
    """
    records = await at.debates.records(debate)
    try:
        files = write(folder, debate, records)
    except OSError as error:
        raise Explained(
            "{file} cannot be written: {why}", file=folder, why=reason(error)
        ) from error
    names = [str(file) for file in files]
    return Answer({"debate": debate, "files": names}, names)


async def woken(at: Premises, debate: str) -> Answer:
    """Has it looked at again; the status is 1 if nobody is to speak in it.

    Raises:
        UnknownDebate
    """
    how = await at.upkeep.wake(debate)
    line = translation()(WOKEN[how]).format(debate=debate)
    return Answer({"debate": debate, "woken": how}, [line], BAD_NEWS if how is Woken.IDLE else 0)


def purging(debates: Sequence[str]) -> str:
    """What is asked before debates are deleted."""
    question = translation()(_("Delete {debates} for good, with all that was said?"))
    return question.format(debates=", ".join(debates))


async def purged(at: Premises, debates: Sequence[str]) -> Answer:
    """Deletes closed debates. Each is looked at first, so that a slip deletes none.

    Raises:
        UnknownDebate, StillOpen
    """
    for debate in debates:
        await at.debates.load(debate)
    for debate in debates:
        await at.upkeep.purge(debate)
    translate = translation()
    lines = [translate("{debate} is deleted.").format(debate=debate) for debate in debates]
    return Answer({"purged": list(debates)}, lines)


def place_name(place: Place | None) -> str:
    """A thread in one word: `slack:T1/C9/1690.1`."""
    return "/".join((place.workspace, place.channel, place.thread)) if place else ""


def _minute(at_ms: int) -> str:
    return rfc3339(at_ms)[:16].replace("T", " ")


def _entry(entry: Listed) -> dict[str, Any]:
    started = entry.started
    return {
        "debate": entry.debate,
        "started_at": rfc3339(entry.at_ms),
        "closed": entry.closed,
        "topic": started.topic,
        "panel": started.panel,
        "language": started.language,
        "home": asdict(started.home) if started.home else None,
    }


def _standing(name: str, debate: Debate) -> dict[str, Any]:
    started, cue, usage = debate.started, debate.pending, debate.usage
    return {
        "debate": name,
        "topic": started.topic,
        "panel": started.panel,
        "language": started.language,
        "handoff": started.handoff,
        "phase": debate.phase,
        "paused": debate.paused,
        "pace": debate.pace,
        "rounds": debate.rounds,
        "turns": debate.turn,
        "turns_planned": planned_turns(debate),
        "next": cue.persona if cue else None,
        "waiting_for": debate.waiting.person.name if debate.waiting.person else None,
        "tokens": asdict(usage) | {"computed": usage.computed},
        "seconds": round(debate.seconds, 3),
        "budget": asdict(started.budget),
        "home": asdict(started.home) if started.home else None,
        "mirrors": [asdict(place) for place in debate.mirrors],
        "seats": {seat: person.name for seat, person in debate.seats.items()},
        "ended": debate.reason,
        "events": debate.n,
    }


def _facts(name: str, debate: Debate) -> list[tuple[str, str | int | None]]:
    started, cue = debate.started, debate.pending
    translate = translation()
    state = translate(PHASES[debate.phase])
    if debate.paused:
        state = f"{state}, {translate('paused')}"
    facts: list[tuple[str, str | int | None]] = [
        (_("debate"), name),
        (_("topic"), started.topic),
        (_("panel"), started.panel),
        (_("state"), state),
        (_("turns"), f"{debate.turn} / {planned_turns(debate)}"),
        (_("next"), debate.seat(cue.persona).name if cue else None),
        (_("waits for"), debate.waiting.person.name if debate.waiting.person else None),
        (_("tokens"), debate.usage.computed),
        (_("seconds"), round(debate.seconds)),
        (_("where"), place_name(started.home)),
        (_("also in"), " ".join(map(place_name, debate.mirrors))),
        (_("ended"), ending(debate.reason, translate, debate.scope) if debate.reason else None),
    ]
    return [(what, value) for what, value in facts if value not in (None, "")]
