"""The rules of a debate: a command and the debate so far give new events.

1. Every rule about who may do what, and when, lives here and in what this file calls.
2. What comes too late (a turn already spoken, a close already written) gives no events, and is no
   error: two workers, or a worker and a person, may race.
3. In the order, every turn but the last puts one question to one permitted speaker; a command that
   would break this is a bug of its sender and is not recorded.
4. Nothing here knows the platform, the model or the time.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.debate.budget import least_tokens, spent_up
from engine.debate.commands import (
    Command,
    GiveUpOnModel,
    RecordSynthesis,
    RecordTurn,
    Rejected,
    ReportModelAway,
    Say,
    StartDebate,
    StartHead,
    StopDebate,
)
from engine.debate.events import (
    DebateClosed,
    DebateStarted,
    Event,
    HeadStarted,
    MaterialAdded,
    MessageHeard,
    ModelUnavailable,
    Reason,
    Seat,
    SynthesisRequested,
    TurnRequested,
    TurnSpoken,
)
from engine.debate.evolve import evolve, fold
from engine.debate.handoff import may_ask
from engine.debate.state import Cue, Debate, Phase

TOPIC_CHARS = 2_000
MESSAGE_CHARS = 40_000
MOST_ROUNDS = 20


def decide(debate: Debate | None, command: Command) -> list[Event]:
    """The events that a command calls for; none, if it comes too late.

    Raises:
        Rejected: the person who asked may not, or not so.
    """
    if isinstance(command, StartDebate):
        return _start(debate, command)
    if debate is None:
        raise Rejected("There is no such debate.")
    return _decide(debate, command)


def _decide(debate: Debate, command: Command) -> list[Event]:  # noqa: C901 - one case a command
    match command:
        case StartDebate():
            return []
        case Say():
            return _say(debate, command)
        case StartHead():
            return _start_head(debate, command)
        case RecordTurn():
            return _record_turn(debate, command)
        case RecordSynthesis():
            return _record_synthesis(debate, command)
        case ReportModelAway():
            return _report_away(debate, command)
        case GiveUpOnModel():
            return _give_up(debate, command)
        case StopDebate():
            return _stop(debate, command)


def _start(debate: Debate | None, command: StartDebate) -> list[Event]:
    if debate is not None:
        return []
    panel = command.panel
    topic = command.topic.strip()
    rounds = command.rounds or panel.rounds
    _check_start(topic, rounds)
    _check_budget(command)
    started = DebateStarted(
        topic=topic,
        panel=panel.id,
        panel_hash=command.panel_hash,
        language=panel.language,
        handoff=panel.handoff,
        rounds=rounds,
        answer_words=panel.answer_words,
        question_words=panel.question_words,
        seats=tuple(Seat(p.id, p.name, p.emoji, p.colour) for p in panel.personas),
        budget=command.budget,
        seed=command.seed,
        started_by=command.started_by,
    )
    material = [MaterialAdded(m.name, m.text) for m in command.material]
    return [started, *material, *_go_on(fold(None, [started, *material]), asked_by=None)]


def _check_start(topic: str, rounds: int) -> None:
    if not topic:
        raise Rejected("The topic is empty. Say what to debate.")
    if len(topic) > TOPIC_CHARS:
        raise Rejected(
            "The topic has {length} characters; at most {most} fit. "
            "Put the rest into a file and hand it in as material.",
            length=len(topic),
            most=TOPIC_CHARS,
        )
    if not 1 <= rounds <= MOST_ROUNDS:
        raise Rejected(
            "A debate has 1 to {most} rounds, not {rounds}.", most=MOST_ROUNDS, rounds=rounds
        )


def _check_budget(command: StartDebate) -> None:
    budget, panel = command.budget, command.panel
    cards = sum(len(p.card) for p in panel.personas) + len(command.topic)
    least = least_tokens(cards // 3, panel.answer_words, panel.question_words)
    if budget.tokens is not None and budget.tokens < least:
        raise Rejected(
            "A budget of {tokens} tokens does not pay for one turn and the close; "
            "this panel needs at least {least}.",
            tokens=budget.tokens,
            least=least,
        )


def _say(debate: Debate, command: Say) -> list[Event]:
    if debate.phase is Phase.CLOSED:
        raise Rejected("This debate is closed.")
    if not command.text.strip():
        raise Rejected("The message is empty.")
    if len(command.text) > MESSAGE_CHARS:
        raise Rejected(
            "The message has {length} characters; at most {most} fit.",
            length=len(command.text),
            most=MESSAGE_CHARS,
        )
    return [MessageHeard(command.author, command.text, command.to, command.message)]


def _start_head(debate: Debate, command: StartHead) -> list[Event]:
    if debate.pending is None or debate.pending.turn != command.turn:
        return []
    return [
        HeadStarted(
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
    ]


def _record_turn(debate: Debate, command: RecordTurn) -> list[Event]:
    cue = debate.pending
    if cue is None or debate.phase is not Phase.DEBATING or cue.turn != command.turn:
        return []
    _check_handoff(cue, command)
    spoken = TurnSpoken(
        turn=cue.turn,
        persona=cue.persona,
        name=debate.seat(cue.persona).name,
        by=command.by,
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
    return [spoken, *_go_on(evolve(debate, spoken), asked_by=cue.persona, to=command.next)]


def _check_handoff(cue: Cue, command: RecordTurn) -> None:
    if not command.answer.strip():
        raise ValueError(f"turn {cue.turn} has no answer")
    asks = bool((command.question or "").strip())
    if cue.ask and not (asks and command.next in cue.ask):
        raise ValueError(f"turn {cue.turn} must put one question to one of {cue.ask}")
    if not cue.ask and (command.question is not None or command.next is not None):
        raise ValueError(f"turn {cue.turn} asks nobody")


def _go_on(debate: Debate, asked_by: str | None, to: str | None = None) -> Sequence[Event]:
    """The next order for the worker: one more turn, or the close."""
    order = debate.started
    if debate.order_spoken and to is None:
        return [SynthesisRequested(Reason.ROUNDS)]
    if reason := spent_up(debate):
        return [SynthesisRequested(reason)]
    ask = may_ask(order.handoff, order.seats, order.rounds, debate.order_spoken)
    persona = to or debate.moderator.id
    return [TurnRequested(turn=debate.turn + 1, persona=persona, ask=ask, asked_by=asked_by)]


def _record_synthesis(debate: Debate, command: RecordSynthesis) -> list[Event]:
    if debate.phase is not Phase.CLOSING or debate.reason is None:
        return []
    return [
        DebateClosed(
            reason=debate.reason,
            synthesis=command.synthesis,
            repaired=command.repaired,
            usage=command.spent.usage,
            seen=command.seen,
            raw=command.raw,
            context_used=command.spent.context_used,
            calls=command.spent.calls,
            seconds=command.spent.seconds,
        )
    ]


def _report_away(debate: Debate, command: ReportModelAway) -> list[Event]:
    cue = debate.pending
    if cue is None or cue.turn != command.turn or debate.unavailable_since_ms is not None:
        return []
    return [ModelUnavailable(command.turn, command.since_ms, command.error)]


def _give_up(debate: Debate, command: GiveUpOnModel) -> list[Event]:
    cue = debate.pending
    if cue is None or cue.turn != command.turn:
        return []
    requested = [] if debate.reason else [SynthesisRequested(command.reason)]
    reason = debate.reason or command.reason
    closed = DebateClosed(
        reason=reason,
        synthesis=command.synthesis,
        repaired="default",
        error=command.error,
        seen=debate.n,
        calls=0,
    )
    return [*requested, closed]


def _stop(debate: Debate, command: StopDebate) -> list[Event]:
    if debate.phase is Phase.CLOSED:
        raise Rejected("This debate is closed.")
    if debate.phase is Phase.CLOSING:
        return []
    return [SynthesisRequested(Reason.STOPPED, command.by)]
