"""What was asked for, done: one function a sort of ask."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bots.chat import names
from bots.chat.desk import mirroring
from bots.chat.desk.here import Here, needed_here, tried_again
from bots.chat.desk.preferences import preferences
from bots.chat.desk.starting import as_kept, choose_panel, defaults_of, seated, start_command, usual
from bots.chat.desk.telling import panels_text, settings_text, status_text
from bots.chat.desk.values import NOTHING, Answer, Asker, File, Upload, which
from bots.chat.gate import REFUSALS, Verdict
from bots.chat.grammar import (
    Ask,
    CodeMirror,
    Control,
    EndMirror,
    Export,
    Help,
    LeaveSeat,
    MakeMirror,
    Options,
    SetPace,
    Settings,
    Start,
    TakeSeat,
    Verb,
    VoteOn,
)
from bots.chat.grammar.options import merged
from bots.chat.help import help_text
from bots.chat.material import read_material
from bots.chat.transcript.files import FORMS
from engine.debate import commands
from engine.debate.commands import Actor, CastVote, Rejected, StartDebate, Steer
from engine.debate.decide import decide
from engine.debate.events import Budget
from engine.debate.explained import marked as _
from engine.debate.panel import Panel
from engine.ports.debates import Debates
from engine.ports.readers import Readers

_STEERING: dict[Verb, Callable[[Actor], Steer]] = {
    Verb.PAUSE: commands.PauseDebate,
    Verb.RESUME: commands.ResumeDebate,
    Verb.NEXT: commands.CallNext,
    Verb.SKIP: commands.SkipTurn,
    Verb.SUMMARY: commands.SumUp,
    Verb.ANOTHER: commands.AddRound,
    Verb.STOP: commands.StopDebate,
}

_NO_START = {
    Verdict.REFUSED: _("You may not start debates here; ask somebody who may."),
    Verdict.CANNOT_TELL: REFUSALS[Verdict.CANNOT_TELL],
}


@dataclass(frozen=True, slots=True)
class Office:
    """What the desk works with."""

    debates: Debates
    panels: Mapping[str, Panel]
    """By their ids."""
    new_id: Callable[[], str]
    budget: Budget
    """What each debate may use."""
    readers: Readers | None = None
    """Where delivery shows debates."""


async def do(
    office: Office,
    ask: Ask,
    asker: Asker,
    payloads: Sequence[str] = (),
    uploads: Sequence[Upload] = (),
) -> Answer:
    """Does it.

    Raises:
        Explained: it cannot be done; the asker is to be told why.
        AlreadyTaken: a payload was delivered before.
        StoreAway
    """
    match ask:
        case Start():
            return await _start(office, ask, asker, payloads, uploads)
        case Help():
            return Answer(help_text(asker.language, ask.about))
        case Settings():
            return await _settings(office, ask, asker)
        case Control(verb=Verb.PANELS):
            return Answer(panels_text(office.panels.values(), asker.translate))
        case CodeMirror():
            await mirroring.enter_code(office.debates, ask.code, asker, payloads)
            return NOTHING
    return await _do_here(office, ask, asker, payloads)


async def prepare(
    office: Office, ask: Start, asker: Asker, uploads: Sequence[Upload] = ()
) -> StartDebate:
    """The command that starts such a debate, checked but for what only the store knows.

    Raises:
        Explained, StoreAway
    """
    if asker.may_start is not Verdict.ADMITTED:
        raise Rejected(_NO_START[asker.may_start])
    defaults = await liked(office, asker)
    panel = choose_panel(office.panels, ask.options, defaults, asker.language)
    panel = seated(panel, ask.seats)
    material = [await asyncio.to_thread(read_material, u.name, u.content) for u in uploads]
    options = merged(ask.options, defaults)
    command = start_command(ask.topic, options, panel, asker.actor)
    command = replace(command, material=tuple(material), budget=office.budget)
    decide(None, command)
    return command


async def liked(office: Office, asker: Asker) -> Options:
    """What the channel's debates start with, and where that says nothing, the asker's own.

    Raises:
        StoreAway
    """
    kept, panels = await _defaults(office, asker), tuple(office.panels)
    own = await preferences(office.debates.places, asker.person.id, panels)
    return merged(kept, own.options)


async def _start(
    office: Office,
    ask: Start,
    asker: Asker,
    payloads: Sequence[str],
    uploads: Sequence[Upload],
) -> Answer:
    if not asker.place.thread:
        raise Rejected("A debate needs a thread to be held in; start it in one.")
    command, debate = await prepare(office, ask, asker, uploads), office.new_id()
    await office.debates.start(debate, command, payloads)
    return Answer(debate=debate)


async def _settings(office: Office, ask: Settings, asker: Asker) -> Answer:
    """Anybody may look; who manages the channel may change."""
    place, kept = asker.place, await _defaults(office, asker)
    changes = ask.reset or ask.options != Options()
    if changes:
        if not asker.manages:
            raise Rejected("Only those who manage the channel can do that.")
        kept = Options() if ask.reset else merged(ask.options, kept)
        choose_panel(office.panels, kept, Options(), asker.language)
        await office.debates.places.set_defaults(place.workspace, place.channel, as_kept(kept))
    shown = usual(kept, office.panels, asker.language)
    return Answer(settings_text(shown, asker.language), private=not changes)


async def _defaults(office: Office, asker: Asker) -> Options:
    kept = await office.debates.places.defaults(asker.place.workspace, asker.place.channel)
    return defaults_of(kept, tuple(office.panels))


async def _do_here(office: Office, ask: Ask, asker: Asker, payloads: Sequence[str]) -> Answer:
    """What makes sense only where a debate is shown."""
    debates = office.debates
    here = await needed_here(debates, asker)
    resting = await tried_again(office.readers, here, asker)
    match ask:
        case Control(verb=Verb.STATUS):
            return Answer(status_text(here.state, asker.translate, resting), private=False)
        case Export():
            return await _export(debates, here, ask, asker)
        case MakeMirror():
            return Answer(await mirroring.make_code(debates, here, asker), secret=True)
        case EndMirror():
            await mirroring.end(debates, here, asker, payloads)
            return NOTHING
        case TakeSeat():
            return await _take_seat(debates, here, ask, asker, payloads)
        case _:
            await debates.submit(here.debate, _command(ask, asker), payloads)
            return NOTHING


def _command(ask: Ask, asker: Asker) -> Steer | CastVote | commands.LeaveSeat:
    by = asker.actor
    match ask:
        case Control():
            return _STEERING[ask.verb](by)
        case SetPace():
            return commands.SetPace(ask.pace, by)
        case VoteOn():
            return CastVote(by, ask.turn, ask.vote)
        case LeaveSeat():
            return commands.LeaveSeat(by)
    raise TypeError(ask)


async def _take_seat(
    debates: Debates, here: Here, ask: TakeSeat, asker: Asker, payloads: Sequence[str]
) -> Answer:
    seats = here.state.started.seats
    meant = names.named(ask.name, seats)
    if meant is None:
        raise Rejected("There is no persona {name} on this panel.", name=ask.name)
    if meant.persona is None:
        return which(meant, seats, asker)
    await debates.submit(here.debate, commands.TakeSeat(asker.actor, meant.persona), payloads)
    return NOTHING


async def _export(debates: Debates, here: Here, ask: Export, asker: Asker) -> Answer:
    records = await debates.records(here.debate)
    forms = {
        name: form for name, form in FORMS.items() if ask.form is None or name.endswith(ask.form)
    }

    def files() -> tuple[File, ...]:
        return tuple(File(n, form(here.debate, records).encode()) for n, form in forms.items())

    text = asker.translate("The transcript so far.")
    return Answer(text, private=False, files=await asyncio.to_thread(files))
