"""What workers report: heads begun, turns and syntheses spoken, a model away, time gone by.

And deliveries: a thread that cannot be shown, and that it can again.
"""

from __future__ import annotations

from engine.debate.commands import (
    EndForBudget,
    GiveUpOnModel,
    PassTime,
    RecordSynthesis,
    RecordTurn,
    Report,
    ReportClear,
    ReportModelAway,
    ReportObstacle,
    ReportQueued,
    Review,
    StartHead,
)
from engine.debate.events import (
    DebateClosed,
    DebatePaused,
    DebateResumed,
    Event,
    HeadReason,
    HeadStarted,
    Kind,
    ModelUnavailable,
    SummaryGiven,
    SynthesisRequested,
    TurnQueued,
    TurnSkipped,
    TurnSpoken,
)
from engine.debate.rules.course import after, reviewed
from engine.debate.rules.seats import pass_time
from engine.debate.state import Cue, Debate, Phase


def report(debate: Debate, command: Report) -> list[Event]:
    """What a worker's report calls for; nothing, if the pending cue is another one by now."""
    if isinstance(command, EndForBudget):
        return _end_for_budget(debate, command)
    if isinstance(command, ReportObstacle):
        return _obstructed(debate, command)
    if isinstance(command, ReportClear):
        is_stuck = debate.obstacle and debate.started.home == command.place
        return [DebateResumed(cleared=True)] if is_stuck else []
    cue = debate.pending
    if cue is None:
        return []
    if isinstance(command, RecordSynthesis):
        return _record_synthesis(debate, cue, command)
    return [] if command.turn != cue.turn else _report(debate, cue, command)


def _report(
    debate: Debate,
    cue: Cue,
    command: StartHead
    | RecordTurn
    | ReportModelAway
    | ReportQueued
    | GiveUpOnModel
    | Review
    | PassTime,
) -> list[Event]:
    match command:
        case StartHead():
            # A summary of words that were taken back meanwhile must not be kept.
            tainted = debate.head.erased and command.reason is HeadReason.OVERFLOW
            return [] if tainted else [_head(command)]
        case RecordTurn():
            return _record_turn(debate, cue, command)
        case ReportModelAway():
            return _report_away(debate, command)
        case ReportQueued():
            return _report_queued(debate, command)
        case GiveUpOnModel():
            return _give_up(debate, cue, command)
        case Review():
            return reviewed(debate)
        case PassTime():
            return pass_time(debate)


def _head(command: StartHead) -> HeadStarted:
    return HeadStarted(
        reason=command.reason,
        model=command.model,
        prompt_version=command.prompt_version,
        context_tokens=command.context_tokens,
        material_chars=command.material_chars,
        summary=command.summary,
        usage=command.spent.usage,
        calls=command.spent.calls,
        seconds=command.spent.seconds,
    )


def _record_turn(debate: Debate, cue: Cue, command: RecordTurn) -> list[Event]:
    if cue.kind.is_synthesis:
        return []
    _check_handoff(cue, command)
    spoken = TurnSpoken(
        turn=cue.turn,
        persona=cue.persona,
        name=debate.seat(cue.persona).name,
        by="model",
        kind=cue.kind,
        answer=command.answer,
        question=command.question,
        next=command.next,
        repaired=command.repaired,
        usage=command.spent.usage,
        seen=command.seen,
        raw=command.raw,
        context_used=command.spent.context_used,
        calls=command.spent.calls,
        seconds=command.spent.seconds,
    )
    return after(debate, spoken, f"{command.answer} {command.question or ''}")


def _check_handoff(cue: Cue, command: RecordTurn) -> None:
    if not command.answer.strip():
        raise ValueError(f"turn {cue.turn} has no answer")
    asks = bool((command.question or "").strip())
    if cue.ask and not (asks and command.next in cue.ask):
        raise ValueError(f"turn {cue.turn} must put one question to one of {cue.ask}")
    if not cue.ask and (command.question is not None or command.next is not None):
        raise ValueError(f"turn {cue.turn} asks nobody")


def _record_synthesis(debate: Debate, cue: Cue, command: RecordSynthesis) -> list[Event]:
    spent = command.spent
    if cue.kind is Kind.SUMMARY:
        given = SummaryGiven(
            synthesis=command.synthesis,
            repaired=command.repaired,
            usage=spent.usage,
            seen=command.seen,
            raw=command.raw,
            context_used=spent.context_used,
            calls=spent.calls,
            seconds=spent.seconds,
        )
        return after(debate, given, command.synthesis.summary)
    if debate.phase is not Phase.CLOSING or debate.reason is None:
        return []
    closed = DebateClosed(
        reason=debate.reason,
        synthesis=command.synthesis,
        repaired=command.repaired,
        usage=spent.usage,
        seen=command.seen,
        raw=command.raw,
        context_used=spent.context_used,
        calls=spent.calls,
        seconds=spent.seconds,
    )
    return after(debate, closed)


def _report_away(debate: Debate, command: ReportModelAway) -> list[Event]:
    if debate.unavailable_since_ms is not None:
        return []
    return [ModelUnavailable(command.turn, command.since_ms, command.error)]


def _report_queued(debate: Debate, command: ReportQueued) -> list[Event]:
    """Said at first, and whenever half of those before it are gone."""
    if debate.queued_at is not None and command.position > debate.queued_at // 2:
        return []
    return [TurnQueued(command.turn, command.position)]


def _give_up(debate: Debate, cue: Cue, command: GiveUpOnModel) -> list[Event]:
    if debate.phase is Phase.CLOSED:
        return after(debate, TurnSkipped(cue.turn, cue.persona))
    requested = [] if debate.reason else [SynthesisRequested(command.reason)]
    closed = DebateClosed(
        reason=debate.reason or command.reason,
        synthesis=command.synthesis,
        repaired="default",
        error=command.error,
        seen=debate.n,
        calls=0,
    )
    return [*requested, closed]


def _end_for_budget(debate: Debate, command: EndForBudget) -> list[Event]:
    if debate.phase is not Phase.DEBATING:
        return []
    return [SynthesisRequested(command.reason, scope=command.scope)]


def _obstructed(debate: Debate, command: ReportObstacle) -> list[Event]:
    """A close is not held up: it is due anyway, and asks nobody for anything."""
    is_home = debate.started.home == command.place
    if not is_home or debate.paused or debate.phase is not Phase.DEBATING:
        return []
    return [DebatePaused(obstacle=command.obstacle)]
