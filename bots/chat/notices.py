"""What a thread is told in the app's own name: one sentence or two for each event that needs it."""

from __future__ import annotations

from bots.chat.endings import ending
from bots.chat.i18n import Translate, problem
from bots.chat.paces import PACES
from bots.chat.sentences import CLEARED, OBSTRUCTED, PASSED_OVER, STEERED
from engine.debate.events import (
    DebatePaused,
    DebateReopened,
    DebateResumed,
    Event,
    LateMessage,
    MaterialAdded,
    ModelUnavailable,
    PaceChanged,
    Person,
    Problem,
    Reason,
    RoundAdded,
    SeatLapsed,
    SeatLeft,
    SeatReminded,
    SeatTaken,
    SynthesisRequested,
    TurnQueued,
    TurnRequested,
    TurnSkipped,
)
from engine.debate.explained import marked as _
from engine.debate.explained import one_line
from engine.debate.state import Debate

_SENTENCES: dict[type[Event], str] = {
    **STEERED,
    SeatTaken: _("{who} takes {name}'s seat."),
    SeatLeft: _("{who} leaves {name}'s seat."),
    SeatReminded: _("Half of your time is over."),
    SeatLapsed: _("{who}'s time is over; the persona speaks for this turn."),
    TurnQueued: _("The model is busy; this debate's place in the queue is {position}."),
    ModelUnavailable: _("The model does not answer ({error}); trying again until it does."),
    LateMessage: _("The debate is closed: tag a persona to ask it something, or add a round."),
}
_SOON_SAID = (Reason.ROUNDS, Reason.MODEL_AWAY, Reason.MODEL_REFUSED, Reason.ABANDONED)
"""The close gives these reasons; nothing happens between."""


def notice(event: Event, before: Debate, translate: Translate) -> str | None:
    """The sentences; `None`: the event needs none. `before` is the debate without the event."""
    match event:
        case TurnRequested(person=Person()):
            return _call(event, before, translate)
        case SynthesisRequested():
            return _closing(event, translate)
        case MaterialAdded(by=None):
            return None  # what the debate began with
        case DebatePaused(obstacle=Problem() as why):
            return translate(OBSTRUCTED).format(why=one_line(problem(why, translate)))
        case DebateResumed(cleared=True):
            return translate(CLEARED)
        case TurnSkipped(by=None):
            return translate(PASSED_OVER).format(name=_seat(before, event.persona))
    text = _SENTENCES.get(type(event))
    return translate(text).format(**_values(event, before, translate)) if text else None


def called(event: Event) -> Person | None:
    """The person whom the notice of this event is for: their turn has come, or is half over."""
    return event.person if isinstance(event, TurnRequested | SeatReminded) else None


def _values(  # noqa: C901 - one case an event
    event: Event, before: Debate, translate: Translate
) -> dict[str, str | int]:
    match event:
        case DebatePaused() | DebateResumed() | RoundAdded() | DebateReopened():
            return {"who": _who(event.by, translate)}
        case PaceChanged():
            return {"who": _who(event.by, translate), "pace": translate(PACES[event.pace])}
        case TurnSkipped():
            return {"who": _who(event.by, translate), "name": _seat(before, event.persona)}
        case SeatTaken() | SeatLeft():
            return {"who": one_line(event.person.name), "name": _seat(before, event.seat)}
        case SeatLapsed():
            return {"who": one_line(event.person.name)}
        case MaterialAdded():
            return {"who": _who(event.by, translate), "name": one_line(event.name)}
        case TurnQueued():
            return {"position": event.position}
        case ModelUnavailable():
            return {"error": one_line(problem(event.error, translate))}
    return {}


def _call(event: TurnRequested, before: Debate, translate: Translate) -> str:
    texts = [translate("It is your turn to speak for {name}: write it in this thread.")]
    if event.ask:
        texts.append(translate("End with a question for {asked}."))
    texts.append(translate("After {minutes} min, {name} speaks instead."))
    return " ".join(texts).format(
        name=_seat(before, event.persona),
        asked=" / ".join(_seat(before, seat) for seat in event.ask),
        minutes=max(1, round(before.started.seat_wait_s / 60)),
    )


def _closing(event: SynthesisRequested, translate: Translate) -> str | None:
    if event.reason in _SOON_SAID:
        return None
    if event.reason is Reason.STOPPED:
        text = translate("{who} stopped the debate; the synthesis follows.")
        return text.format(who=_who(event.by, translate))
    text = translate("The debate ends here: {why}. The synthesis follows.")
    return text.format(why=ending(event.reason, translate, event.scope))


def _who(person: Person | None, translate: Translate) -> str:
    return one_line(person.name) if person else translate("The admin")


def _seat(before: Debate, seat: str) -> str:
    return one_line(before.seat(seat).name)
