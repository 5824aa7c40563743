"""Steering: pause, resume, stop, skip, pace, one more round, the synthesis so far."""

from __future__ import annotations

from engine.debate.budget import spent_up
from engine.debate.commands import (
    Actor,
    AddRound,
    CallNext,
    PauseDebate,
    Rejected,
    ResumeDebate,
    SetPace,
    SkipTurn,
    Steer,
    StopDebate,
    SumUp,
)
from engine.debate.events import (
    DebatePaused,
    DebateReopened,
    DebateResumed,
    Event,
    Kind,
    NextCalled,
    PaceChanged,
    Person,
    Reason,
    RoundAdded,
    Steering,
    SummaryAsked,
    SynthesisRequested,
    TurnSkipped,
)
from engine.debate.rules.course import after
from engine.debate.rules.start import check_rounds
from engine.debate.state import Debate, Phase


def steer(debate: Debate, command: Steer) -> list[Event]:
    """What a steering command calls for; nothing, where it is so already.

    Raises:
        Rejected: this person may not, or there is nothing to steer.
    """
    check_may_steer(debate, command.by)
    by = command.by.person if command.by else None
    if isinstance(command, AddRound):
        return _add_round(debate, by)
    if debate.phase is Phase.CLOSED:
        raise Rejected("This debate is closed. Another round opens it again.")
    if isinstance(command, StopDebate):
        return _stop(debate, by)
    if debate.phase is Phase.CLOSING:
        raise Rejected("This debate is closing; its synthesis is on the way.")
    return _steer(debate, command, by)


def manages(debate: Debate, by: Actor) -> bool:
    """Whether they manage the place that the debate is at home in; a mirror's is not that."""
    home = debate.started.home
    return by.manages and (home is None or by.place is None or by.place == home)


def check_may_steer(debate: Debate, by: Actor | None) -> None:
    """Whoever started a debate steers it, those who manage its place do, and the admin.

    Raises:
        Rejected
    """
    if by is None:
        return
    home, started_by = debate.started.home, debate.started.started_by
    if home is not None and by.place is not None and by.place != home:
        raise Rejected("This thread is a mirror; the debate is steered where it started.")
    if manages(debate, by) or debate.started.steering is Steering.EVERYONE or started_by is None:
        return
    if by.person.id != started_by.id:
        raise Rejected(
            "Only {name}, who started this debate, can do that, or somebody who manages the "
            "channel.",
            name=started_by.name,
        )


def _steer(
    debate: Debate,
    command: PauseDebate | ResumeDebate | SetPace | CallNext | SkipTurn | SumUp,
    by: Person | None,
) -> list[Event]:
    match command:
        case PauseDebate():
            is_so = debate.paused and debate.obstacle is None
            return [] if is_so else [DebatePaused(by)]
        case ResumeDebate():
            return [DebateResumed(by)] if debate.paused else []
        case SetPace():
            return [] if command.pace is debate.pace else [PaceChanged(command.pace, by)]
        case CallNext():
            return _call_next(debate, by)
        case SkipTurn():
            return _skip(debate, by)
        case SumUp():
            return _sum_up(debate, by)


def _call_next(debate: Debate, by: Person | None) -> list[Event]:
    """In `step` it is what is waited for; in `reading` it cuts the wait short."""
    if debate.waiting.next_call or debate.waiting.for_s:
        return [NextCalled(by)]
    return []


def _skip(debate: Debate, by: Person | None) -> list[Event]:
    cue = debate.pending
    if cue is None or cue.kind.is_synthesis:
        raise Rejected("Nobody is speaking who could be skipped.")
    return after(debate, TurnSkipped(cue.turn, cue.persona, by))


def _sum_up(debate: Debate, by: Person | None) -> list[Event]:
    on_its_way = debate.pending is not None and debate.pending.kind is Kind.SUMMARY
    if on_its_way or any(aside.kind is Kind.SUMMARY for aside in debate.asides):
        return []
    if not debate.turns:
        raise Rejected("Nobody has spoken yet, so there is nothing to sum up.")
    check_budget(debate)
    return [SummaryAsked(by)]


def _add_round(debate: Debate, by: Person | None) -> list[Event]:
    check_rounds(debate.rounds + 1)
    check_budget(debate)
    if debate.phase is Phase.DEBATING:
        return [RoundAdded(by)]
    if debate.phase is Phase.CLOSING and debate.reason not in (Reason.ROUNDS, Reason.STOPPED):
        raise Rejected("This debate is closing; its synthesis is on the way.")
    return after(debate, DebateReopened(by))


def _stop(debate: Debate, by: Person | None) -> list[Event]:
    if debate.phase is Phase.CLOSING:
        return []
    return [SynthesisRequested(Reason.STOPPED, by)]


def check_budget(debate: Debate) -> None:
    """Raises `Rejected` where one more turn and the close are not paid for."""
    if spent_up(debate):
        raise Rejected("This debate has used up its budget.")
