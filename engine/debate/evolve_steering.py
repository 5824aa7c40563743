"""What steering does to a debate."""

from __future__ import annotations

from dataclasses import replace

from engine.debate.events import (
    DebatePaused,
    DebateReopened,
    DebateResumed,
    Kind,
    MirrorEnded,
    MirrorOpened,
    NextCalled,
    PaceChanged,
    RoundAdded,
    SteeringEvent,
    SummaryAsked,
)
from engine.debate.handoff import order_turns
from engine.debate.state import Aside, Debate, Order, Phase, Waiting


def steering(debate: Debate, event: SteeringEvent) -> Debate:  # noqa: C901 - one case an event
    """The debate after somebody steered it."""
    match event:
        case DebatePaused():
            return replace(debate, paused=True, obstacle=event.obstacle)
        case DebateResumed():
            return _resumed(debate)
        case PaceChanged():
            return replace(debate, pace=event.pace, waiting=_released(debate.waiting))
        case NextCalled():
            order = replace(debate.order, next_called=True)
            return replace(debate, order=order, waiting=_released(debate.waiting))
        case SummaryAsked():
            aside = Aside(Kind.SUMMARY, debate.moderator.id, event.by, debate.n)
            return replace(debate, asides=(*debate.asides, aside))
        case RoundAdded():
            return replace(debate, order=_longer(debate))
        case DebateReopened():
            return _reopened(debate)
        case MirrorOpened():
            return replace(debate, mirrors=(*debate.mirrors, event.place))
        case MirrorEnded():
            return replace(debate, mirrors=tuple(m for m in debate.mirrors if m != event.place))


def order_now(debate: Debate) -> Order:
    """The order that the next call belongs to: the present one, or the one that was added to it."""
    order = debate.order
    over = len(order.taken) >= _places(debate)
    if not (over and order.rounds_to_come):
        return order
    return replace(order, rounds=order.rounds_to_come, taken=(), rounds_to_come=0, let_be_at=0)


def waiting_asides(debate: Debate) -> tuple[Aside, ...]:
    """What people still wait for; what was begun and broken off, first."""
    cue = debate.pending
    if cue is None or cue.kind is not Kind.SIDE:
        return debate.asides
    return (Aside(cue.kind, cue.persona, cue.answers, cue.about), *debate.asides)


def answered(debate: Debate) -> Debate:
    """Nobody is called on."""
    return replace(
        debate, pending=None, waiting=Waiting(), unavailable_since_ms=None, queued_at=None
    )


def _resumed(debate: Debate) -> Debate:
    """The time it was paused does not count as the model's being away."""
    waiting = _released(debate.waiting)
    return replace(debate, paused=False, obstacle=None, waiting=waiting, unavailable_since_ms=None)


def _released(waiting: Waiting) -> Waiting:
    """It may begin; a person in a seat keeps their time."""
    return replace(waiting, for_s=0.0, next_call=False)


def _longer(debate: Debate) -> Order:
    """With one more round: of this order while it goes on, else of one to come."""
    order, cue = debate.order, debate.pending
    called = cue is not None and cue.kind is Kind.ORDER
    if len(order.taken) + called >= _places(debate):
        return replace(order, rounds_to_come=order.rounds_to_come + 1)
    return replace(order, rounds=order.rounds + 1)


def _reopened(debate: Debate) -> Debate:
    after = replace(answered(debate), asides=waiting_asides(debate))
    return replace(after, phase=Phase.DEBATING, order=Order(1), reason=None, synthesis=None)


def _places(debate: Debate) -> int:
    started = debate.started
    return order_turns(started.handoff, started.seats, debate.order.rounds)
