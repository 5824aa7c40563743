"""What there is to tell of panels, settings and a debate's state: plain text."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil

from bots.chat.endings import ending
from bots.chat.grammar import Options
from bots.chat.grammar.options import OPTIONS
from bots.chat.i18n import Translate, problem, translator
from bots.chat.paces import PACES
from engine.debate.events import Kind, Problem
from engine.debate.explained import one_line
from engine.debate.handoff import order_turns
from engine.debate.panel import Language, Panel
from engine.debate.state import Debate, Phase


def panels_text(panels: Iterable[Panel], translate: Translate) -> str:
    """Each panel with who sits in it."""
    lines = [f"{p.id} — {p.title}: {', '.join(m.name for m in p.personas)}" for p in panels]
    return "\n".join([translate("The panels there are:"), *lines])


def settings_text(options: Options, language: Language) -> str:
    """How a channel's debates start, as it would be written in the reader's language."""
    written = (option.written(getattr(options, option.key), language) for option in OPTIONS)
    text = translator(language)("Debates in this channel start with: {options}")
    return text.format(options=" ".join(said for said in written if said))


def status_text(
    debate: Debate,
    translate: Translate,
    resting: Problem | None = None,
    unheard_s: float = 0.0,
) -> str:
    """How far the debate is, a line for each thing to know.

    `resting`: why nothing was posted to the thread where it is asked.
    `unheard_s`: how long it takes yet to read what was said there while nobody listened.
    """
    lines = [
        one_line(debate.started.topic),
        _phase(debate, translate),
        *_waits(debate, translate),
        *_to_come(debate, translate),
        translate("Pace: {pace}.").format(pace=translate(PACES[debate.pace])),
        _used(debate, translate),
        _rest(resting, translate) if resting else "",
        _unheard(unheard_s, translate) if unheard_s > 0 else "",
    ]
    return "\n".join(line for line in lines if line)


def _unheard(seconds: float, translate: Translate) -> str:
    text = translate("What was said here meanwhile is still being read: about {minutes} min.")
    return text.format(minutes=ceil(seconds / 60))


def _phase(debate: Debate, translate: Translate) -> str:
    if debate.phase is Phase.CLOSED and debate.reason:
        return translate("Closed: {reason}.").format(
            reason=ending(debate.reason, translate, debate.scope)
        )
    if debate.phase is Phase.CLOSING:
        return translate("Closing; the synthesis is on the way.")
    speaker = _speaker(debate, translate)
    return f"{translate('Paused.')} {speaker}" if debate.paused else speaker


def _speaker(debate: Debate, translate: Translate) -> str:
    cue = debate.pending
    if cue is None:
        return ""
    name = debate.seat(cue.persona).name
    if cue.kind is Kind.SUMMARY:
        return translate("{name} gives the synthesis so far.").format(name=name)
    if cue.kind is Kind.SIDE and cue.answers:
        asker = one_line(cue.answers.name)
        return translate("{name} answers {person}.").format(name=name, person=asker)
    started = debate.started
    most = order_turns(started.handoff, started.seats, debate.rounds)
    place = min(len(debate.order.taken) + 1, most)
    text = translate("Turn {turn} of {most}: {name}.")
    return text.format(turn=place, most=most, name=name)


def _waits(debate: Debate, translate: Translate) -> Iterable[str]:
    if debate.phase is Phase.CLOSED:
        return
    if debate.waiting.person:
        name = one_line(debate.waiting.person.name)
        yield translate("{person} speaks for this seat and is waited for.").format(person=name)
    if debate.waiting.next_call:
        yield translate("It waits until somebody says “next”.")
    if debate.queued_at is not None:
        text = translate("The model is full; this debate has place {n} in the queue.")
        yield text.format(n=debate.queued_at)
    if debate.unavailable_since_ms is not None:
        yield translate("The model does not answer; trying again until it does.")


def _to_come(debate: Debate, translate: Translate) -> Iterable[str]:
    for aside in debate.asides:
        if aside.kind is Kind.SIDE and aside.by:
            text = translate("To come: {name} answers {person}.")
            name = debate.seat(aside.persona).name
            yield text.format(name=name, person=one_line(aside.by.name))


def _rest(why: Problem, translate: Translate) -> str:
    text = translate("Nothing was posted here: {why} It is tried again now.")
    return text.format(why=one_line(problem(why, translate)))


def _used(debate: Debate, translate: Translate) -> str:
    budget = debate.budget
    parts = [
        translate("{turns} turns").format(turns=_of(debate.turn, budget.turns)),
        translate("{tokens} tokens").format(tokens=_of(debate.usage.computed, budget.tokens)),
        translate("{seconds} s").format(seconds=_of(round(debate.seconds), budget.seconds)),
    ]
    return translate("Used: {used}.").format(used=", ".join(parts))


def _of(used: int, most: float | None) -> str:
    return f"{used}" if most is None else f"{used}/{round(most)}"
