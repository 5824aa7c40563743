"""One event applied to a debate; a log folded. Never refuses: what is in the log has happened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import reduce

from engine.debate.budget import spent_up
from engine.debate.events import (
    CourseEvent,
    DebateClosed,
    DebateStarted,
    Event,
    HeadReason,
    HeadStarted,
    Kind,
    MaterialAdded,
    ModelUnavailable,
    Pace,
    PeopleEvent,
    QuestionPassed,
    SteeringEvent,
    SummaryGiven,
    SynthesisRequested,
    TurnQueued,
    TurnRequested,
    TurnSkipped,
    TurnSpoken,
)
from engine.debate.evolve_people import known, people
from engine.debate.evolve_steering import answered, order_now, steering, waiting_asides
from engine.debate.reply import canonical_synthesis, canonical_turn
from engine.debate.state import (
    Cue,
    Debate,
    Exchange,
    Head,
    Heard,
    Order,
    Phase,
    Spoken,
    Tally,
    Waiting,
)


def fold(debate: Debate | None, events: Iterable[Event]) -> Debate:
    """The debate after these events.

    Raises:
        ValueError: the log does not begin with `DebateStarted`.
    """
    after = reduce(evolve, events, debate)
    if after is None:
        raise ValueError("the log is empty")
    return after


def evolve(debate: Debate | None, event: Event) -> Debate:
    """The debate after one more event."""
    if isinstance(event, DebateStarted):
        return Debate(started=event, n=1, order=Order(event.rounds), pace=event.pace)
    if debate is None:
        raise ValueError(f"the log begins with {type(event).__name__}")
    return _apply(replace(debate, n=debate.n + 1), event)


def _apply(debate: Debate, event: Event) -> Debate:
    if isinstance(event, PeopleEvent):
        return people(debate, event)
    if isinstance(event, SteeringEvent):
        return steering(debate, event)
    return _course(debate, event)


def _course(debate: Debate, event: CourseEvent) -> Debate:  # noqa: C901 - one case an event
    match event:
        case DebateStarted():
            return debate
        case QuestionPassed():
            return replace(debate, order=replace(debate.order, asked=event.to))
        case MaterialAdded():
            return _handed_in(debate, event)
        case HeadStarted():
            return _head_begun(debate, event)
        case TurnRequested():
            return _called(debate, event)
        case TurnQueued():
            return replace(debate, queued_at=event.position)
        case TurnSpoken():
            return _spoken(debate, event)
        case TurnSkipped():
            return _skipped(debate, event)
        case ModelUnavailable():
            return replace(debate, unavailable_since_ms=event.since_ms)
        case SummaryGiven():
            reply = event.raw or canonical_synthesis(event.synthesis)
            return _exchanged(debate, event, reply)
        case SynthesisRequested():
            return _closing(debate, event)
        case DebateClosed():
            return _closed(debate, event)


def _handed_in(debate: Debate, event: MaterialAdded) -> Debate:
    """What a debate starts with belongs to the head; what a person adds is heard like a message."""
    if event.by is None:
        return replace(debate, material=(*debate.material, event))
    debate = known(debate, event.message, event.by.id)
    heard = Heard(debate.n, event)
    return replace(debate, unheard=(*debate.unheard, heard), attached=debate.attached + 1)


def _head_begun(debate: Debate, event: HeadStarted) -> Debate:
    """Where a head was full, its summary stands in for what was said; else that is repeated."""
    kept = () if event.reason is HeadReason.OVERFLOW else debate.head.exchanges
    summed_up = () if event.summary is None else (debate.n,)
    return replace(
        debate,
        head=Head(event, kept),
        summaries=debate.summaries + summed_up,
        usage=debate.usage + event.usage,
        calls=debate.calls + event.calls,
        seconds=debate.seconds + event.seconds,
    )


def _called(debate: Debate, event: TurnRequested) -> Debate:
    cue = Cue(
        turn=event.turn,
        persona=event.persona,
        kind=event.kind,
        ask=event.ask,
        asked_by=event.asked_by,
        answers=event.answers,
        about=event.about,
        repeated=event.repeated,
        tallies=_tallies(debate) if event.kind is Kind.SUMMARY else (),
    )
    asides = debate.asides
    if event.kind in (Kind.SIDE, Kind.SUMMARY):
        asides = asides[1:]
    order = order_now(debate) if event.kind is Kind.ORDER else debate.order
    step = debate.pace is Pace.STEP and event.kind is Kind.ORDER and debate.turn > 0
    step = step and not order.next_called
    is_held = step and not event.person
    waiting = Waiting(event.wait_s, next_call=is_held, person=event.person, since=debate.n)
    return replace(debate, order=order, pending=cue, waiting=waiting, asides=asides, queued_at=None)


def _spoken(debate: Debate, event: TurnSpoken) -> Debate:
    cue = debate.pending
    chosen = event.next if cue and len(cue.ask) > 1 else None
    reply = event.raw or canonical_turn(event.answer, event.question, chosen)
    after = _exchanged(debate, event, reply)
    spoken = Spoken(after.n, event.persona, event.kind, event.answer, event.by)
    after = replace(after, turns=(*after.turns, spoken), order=_gone_on(after, event))
    if event.person is not None:
        after = known(after, event.message, event.person.id)
    if event.kind is Kind.SIDE:
        in_vain = after.phase is Phase.CLOSED and spent_up(after) is not None
        return replace(after, asides=()) if in_vain else after
    return after


def _gone_on(after: Debate, event: TurnSpoken) -> Order:
    """A side turn takes nobody's place in the order."""
    order = after.order
    if event.kind is Kind.SIDE:
        return order
    taken = (*order.taken, event.persona) if event.kind is Kind.ORDER else order.taken
    return Order(
        rounds=order.rounds,
        taken=taken,
        asked=event.next,
        asked_by=event.persona if event.next else None,
        question=event.question,
        asked_at=after.n,
        rounds_to_come=order.rounds_to_come,
    )


def _skipped(debate: Debate, event: TurnSkipped) -> Debate:
    """A place in the order is used up; the question stays open, but to nobody in particular."""
    cue, order = debate.pending, debate.order
    if cue is not None and cue.kind is Kind.ORDER:
        taken = (*order.taken, event.persona)
        order = replace(order, taken=taken, asked=None, next_called=False)
    elif cue is not None and cue.kind is Kind.STEP_IN:
        order = replace(order, let_be_at=len(order.taken))
    debate = answered(replace(debate, order=order))
    # After the close only the engine skips: the model was given up, for all who wait.
    return replace(debate, asides=()) if debate.phase is Phase.CLOSED else debate


def _closing(debate: Debate, event: SynthesisRequested) -> Debate:
    cue = Cue(0, debate.moderator.id, Kind.CLOSE, tallies=_tallies(debate), ended=event.reason)
    return replace(
        answered(debate),
        asides=tuple(aside for aside in waiting_asides(debate) if aside.kind is Kind.SIDE),
        phase=Phase.CLOSING,
        paused=False,
        obstacle=None,
        reason=event.reason,
        scope=event.scope,
        pending=cue,
    )


def _closed(debate: Debate, event: DebateClosed) -> Debate:
    reply = event.raw or canonical_synthesis(event.synthesis)
    debate = replace(
        _exchanged(debate, event, reply),
        phase=Phase.CLOSED,
        reason=event.reason,
        synthesis=event.synthesis,
        seats={},
        late_told=False,
    )
    in_vain = event.error is not None or spent_up(debate) is not None
    return replace(debate, asides=()) if in_vain else debate


def _exchanged(
    debate: Debate, event: TurnSpoken | SummaryGiven | DebateClosed, reply: str
) -> Debate:
    """The cue is answered: what the speaker had seen stands before it, the rest waits."""
    cue = debate.pending
    if cue is None:  # closed without being called on: the model was given up
        cue = Cue(0, debate.moderator.id, Kind.CLOSE)
    seen = tuple(heard for heard in debate.unheard if heard.n <= event.seen)
    exchange = Exchange(debate.n, seen, cue, reply)
    head = replace(
        debate.head,
        exchanges=(*debate.head.exchanges, exchange),
        context_used=event.context_used or debate.head.context_used,
    )
    return replace(
        debate,
        pending=None,
        waiting=Waiting(),
        unavailable_since_ms=None,
        queued_at=None,
        head=head,
        unheard=debate.unheard[len(seen) :],
        usage=debate.usage + event.usage,
        calls=debate.calls + event.calls,
        seconds=debate.seconds + event.seconds,
    )


def _tallies(debate: Debate) -> tuple[Tally, ...]:
    """The votes on turns that people liked or did not, in the order of the turns."""
    return tuple(
        Tally(
            debate.turns[turn - 1].persona,
            turn,
            sum(vote > 0 for vote in votes.values()),
            sum(vote < 0 for vote in votes.values()),
        )
        for turn, votes in sorted(debate.votes.items())
        if votes
    )
