"""How a debate goes on: the next call after a turn, an aside, a skip or a stop."""

from __future__ import annotations

from itertools import islice

from engine.debate.alike import alike
from engine.debate.budget import spent_up
from engine.debate.events import (
    Event,
    Kind,
    QuestionPassed,
    Reason,
    SynthesisRequested,
    TurnRequested,
)
from engine.debate.evolve import evolve
from engine.debate.evolve_steering import order_now
from engine.debate.handoff import Call, next_call
from engine.debate.pace import INTERRUPTIBLE, wait_s
from engine.debate.panel import Handoff
from engine.debate.state import Aside, Debate, Phase


def go_on(debate: Debate, said: str = "") -> list[Event]:
    """What is called for next; `said` is what was just spoken, to be read before it begins."""
    if debate.asides and debate.phase is not Phase.CLOSING and not spent_up(debate):
        return [call_aside(debate, debate.asides[0])]
    if debate.phase is not Phase.DEBATING:
        return []
    return _next(debate, wait_s(debate, said))


def call_aside(debate: Debate, aside: Aside) -> TurnRequested:
    """An aside is spoken at once: people wait for it."""
    turn = 0 if aside.kind is Kind.SUMMARY else debate.turn + 1
    return TurnRequested(turn, aside.persona, aside.kind, answers=aside.by, about=aside.about)


def _next(debate: Debate, wait: float) -> list[Event]:
    started, order = debate.started, order_now(debate)
    call = next_call(started.handoff, started.seats, order.rounds, order.taken, order.asked)
    if call is None:
        return [SynthesisRequested(Reason.ROUNDS)]
    if reason := spent_up(debate):
        return [SynthesisRequested(reason)]
    repeated = _repeated(debate)
    if started.handoff is Handoff.MODERATED:
        repeated = repeated and call.persona == debate.moderator.id
    elif repeated and call.persona != debate.moderator.id:
        return [_step_in(debate, call, wait)]
    return _calling(debate, call, wait, repeated=repeated)


def _calling(debate: Debate, call: Call, wait: float, *, repeated: bool) -> list[Event]:
    order = debate.order
    passed: list[Event] = []
    if order.asked is None and order.question and order.asked_by and call.persona != order.asked_by:
        passed = [QuestionPassed(order.asked_by, call.persona)]
    asked = passed or order.asked
    person = debate.seats.get(call.persona)
    request = TurnRequested(
        turn=debate.turn + 1,
        persona=call.persona,
        ask=call.ask,
        asked_by=order.asked_by if asked else None,
        person=person,
        wait_s=0.0 if person else wait,
        repeated=repeated,
    )
    return [*passed, request]


def _step_in(debate: Debate, call: Call, wait: float) -> TurnRequested:
    """The moderator asks whoever was to speak for the strongest objection."""
    return TurnRequested(
        turn=debate.turn + 1,
        persona=debate.moderator.id,
        kind=Kind.STEP_IN,
        ask=(call.persona,),
        wait_s=wait,
        repeated=True,
    )


def _repeated(debate: Debate) -> bool:
    """Whether the last two debaters said the same, in a rule that lets the moderator step in.

    The ring is the seed's order, and has no place for it.
    """
    started, moderator = debate.started, debate.moderator.id
    last = tuple(islice((t for t in reversed(debate.turns) if t.kind is not Kind.SIDE), 3))
    let_be = 0 < debate.order.let_be_at == len(debate.order.taken)
    if started.handoff is Handoff.RING or not last or let_be:
        return False
    if last[0].kind is Kind.STEP_IN:
        return False
    said = [turn.answer for turn in last if turn.persona != moderator]
    return len(said) > 1 and alike(said[0], said[1]) >= started.repeats_at


def reviewed(debate: Debate) -> list[Event]:
    """The pending call, made anew where something else has come to be called for."""
    cue = debate.pending
    waiting = debate.waiting
    if cue is None or cue.kind not in INTERRUPTIBLE or waiting.person is not None:
        return []
    if debate.asides:
        return [call_aside(debate, debate.asides[0])]
    person = debate.seats.get(cue.persona)
    if cue.kind is Kind.ORDER and person is not None and not waiting.lapsed:
        return _next(debate, 0.0)
    return []


def after(debate: Debate, event: Event, said: str = "") -> list[Event]:
    """The event, and how it goes on from there."""
    return [event, *go_on(evolve(debate, event), said)]
