"""What is still to come in a debate, as far as is known: how many turns, and whose."""

from __future__ import annotations

from collections.abc import Iterator

from engine.debate.events import Kind
from engine.debate.evolve_steering import order_now
from engine.debate.handoff import next_call, order_turns
from engine.debate.panel import Handoff
from engine.debate.state import Debate, Phase

FAR = 40
"""Nobody looks further ahead."""


def planned_turns(debate: Debate) -> int:
    """How many turns there will be in all."""
    if debate.phase is not Phase.DEBATING:
        return debate.turn
    order, cue = debate.order, debate.pending
    asides = sum(aside.kind is Kind.SIDE for aside in debate.asides)
    between = cue is not None and cue.kind in (Kind.SIDE, Kind.STEP_IN)
    places = max(_places(debate, order.rounds) - len(order.taken), 0)
    if order.rounds_to_come:
        places += _places(debate, order.rounds_to_come)
    return debate.turn + places + asides + between


def coming(debate: Debate) -> Iterator[str]:
    """Who speaks after the one who is called on, as far as that is certain, by id."""
    yield from (aside.persona for aside in debate.asides)
    if debate.phase is not Phase.DEBATING:
        return
    started, cue, order = debate.started, debate.pending, order_now(debate)
    taken, asked = order.taken, order.asked
    if cue is not None and cue.kind is Kind.ORDER:
        taken, asked = (*taken, cue.persona), _only(cue.ask)
    for _ in range(FAR):
        call = next_call(started.handoff, started.seats, order.rounds, taken, asked)
        certain = started.handoff is Handoff.RING or asked
        if call is None or not (certain or call.persona == debate.moderator.id):
            return
        yield call.persona
        taken, asked = (*taken, call.persona), _only(call.ask)


def _only(ids: tuple[str, ...]) -> str | None:
    return ids[0] if len(ids) == 1 else None


def _places(debate: Debate, rounds: int) -> int:
    return order_turns(debate.started.handoff, debate.started.seats, rounds)
