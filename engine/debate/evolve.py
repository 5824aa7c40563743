"""One event applied to a debate; a log folded. Never refuses: what is in the log has happened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import reduce

from engine.debate.events import (
    DebateClosed,
    DebateStarted,
    Event,
    HeadStarted,
    Kind,
    MaterialAdded,
    MessageHeard,
    ModelUnavailable,
    SynthesisRequested,
    TurnRequested,
    TurnSpoken,
)
from engine.debate.reply import canonical_synthesis, canonical_turn
from engine.debate.state import Cue, Debate, Exchange, Head, Heard, Phase


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
        return Debate(started=event, n=1)
    if debate is None:
        raise ValueError(f"the log begins with {type(event).__name__}")
    return _apply(replace(debate, n=debate.n + 1), event)


def _apply(debate: Debate, event: Event) -> Debate:  # noqa: C901 - one case an event
    match event:
        case DebateStarted():
            return debate
        case MaterialAdded():
            return replace(debate, material=(*debate.material, event))
        case HeadStarted():
            return replace(_spent(debate, event), head=_new_head(debate, event))
        case TurnRequested():
            cue = Cue(event.turn, event.persona, event.kind, event.ask, event.asked_by)
            return replace(debate, pending=cue)
        case TurnSpoken():
            return _spoken(debate, event)
        case MessageHeard():
            return replace(debate, unheard=(*debate.unheard, Heard(debate.n, event)))
        case ModelUnavailable():
            return replace(debate, unavailable_since_ms=event.since_ms)
        case SynthesisRequested():
            cue = Cue(0, debate.moderator.id)
            return replace(debate, phase=Phase.CLOSING, reason=event.reason, pending=cue)
        case DebateClosed():
            return _closed(debate, event)


def _new_head(debate: Debate, event: HeadStarted) -> Head:
    """A summary stands in for what was said; without one, the new head repeats it."""
    if event.summary is not None or debate.head is None:
        return Head(event)
    return Head(event, debate.head.exchanges)


def _spoken(debate: Debate, event: TurnSpoken) -> Debate:
    cue = debate.pending or Cue(event.turn, event.persona, event.kind)
    in_order = event.kind is Kind.ORDER
    chosen = event.next if len(cue.ask) > 1 else None
    reply = event.raw or canonical_turn(event.answer, event.question, chosen)
    return replace(
        _exchanged(_spent(debate, event), event, cue, reply),
        turn=event.turn,
        order_spoken=(*debate.order_spoken, event.persona) if in_order else debate.order_spoken,
        open_question=event.question if in_order else debate.open_question,
    )


def _closed(debate: Debate, event: DebateClosed) -> Debate:
    cue = debate.pending or Cue(0, debate.moderator.id)
    reply = event.raw or canonical_synthesis(event.synthesis)
    return replace(
        _exchanged(_spent(debate, event), event, cue, reply),
        phase=Phase.CLOSED,
        reason=event.reason,
        synthesis=event.synthesis,
    )


def _exchanged(debate: Debate, event: TurnSpoken | DebateClosed, cue: Cue, reply: str) -> Debate:
    """With the cue answered: what the speaker had seen stands before it, the rest waits."""
    debate = replace(debate, pending=None, unavailable_since_ms=None)
    head = debate.head
    if head is None:  # the model was never asked, so nobody has seen anything
        return debate
    seen = tuple(heard for heard in debate.unheard if heard.n <= event.seen)
    exchanges = (*head.exchanges, Exchange(seen, cue, reply))
    return replace(
        debate,
        head=Head(head.started, exchanges, event.context_used or head.context_used),
        unheard=debate.unheard[len(seen) :],
    )


def _spent(debate: Debate, event: HeadStarted | TurnSpoken | DebateClosed) -> Debate:
    return replace(
        debate,
        usage=debate.usage + event.usage,
        calls=debate.calls + event.calls,
        seconds=debate.seconds + event.seconds,
    )
