"""One cue, spoken: render the prompt, ask the model, judge its reply; a command comes out.

A bad reply is repaired once; then the panel's phrases stand in. So whatever the model writes, the
debate goes on. Only a model that cannot be asked at all is an error here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.debate.closing import digest, stand_in
from engine.debate.commands import Command, RecordSynthesis, RecordTurn, StartHead
from engine.debate.context import material_chars, new_head_for
from engine.debate.events import HeadReason, Reason
from engine.debate.limits import SUMMARY_WORDS, summary_tokens, synthesis_tokens, turn_tokens
from engine.debate.panel import Panel
from engine.debate.prompt import (
    PROMPT_VERSION,
    Grown,
    render,
    render_repair,
    render_running_summary,
)
from engine.debate.reply import (
    Attempt,
    judge_cut_off,
    judge_summary,
    judge_synthesis,
    judge_turn,
    settle,
    settle_synthesis,
    summary_schema,
    synthesis_schema,
    turn_schema,
)
from engine.debate.state import Cue, Debate
from engine.ports.model import ContextOverflow, Message, ModelAway, ModelInfo, ModelReply
from engine.runtime.call import Calls
from engine.runtime.reply_text import decoded, decoded_so_far, spoken


@dataclass(frozen=True, slots=True)
class Task:
    """A debate with something to say, the cast that says it, and which model is to hand."""

    debate: Debate
    cue: Cue
    panel: Panel
    model: ModelInfo
    grown: Grown


async def speak(task: Task, calls: Calls) -> Command:
    """What the pending cue comes to: a turn, the synthesis, or first a new prompt head.

    Raises:
        ModelAway: after the client's own tries.
        ModelRefused: the request can never succeed.
    """
    messages = render(task.debate, task.panel, task.grown)
    reason = new_head_for(task.debate, messages, task.model.name, task.model.context_tokens)
    if reason is not None:
        return await _start_head(task, calls, reason)
    try:
        if task.cue.kind.is_synthesis:
            return await _synthesis(task, calls, messages)
        return await _turn(task, calls, messages)
    except ContextOverflow:
        if not task.debate.head.exchanges:
            raise
    return await _start_head(task, calls, HeadReason.OVERFLOW)


async def _turn(task: Task, calls: Calls, messages: Sequence[Message]) -> Command:
    started = task.debate.started
    schema = turn_schema(task.cue, task.panel)
    most = turn_tokens(started.answer_words, started.question_words)
    reply = await calls.ask(messages, schema, most)
    attempts = [_judged(reply, task)]
    if attempts[0].flaw is not None and reply.finish == "stop":
        flaw, fields = attempts[0].flaw, schema["required"]
        again = render_repair(messages, reply.text, flaw, fields, task.panel)
        if repaired := await _repair(calls, again, schema, most):
            attempts.append(_judged(repaired, task))
    settled = settle(attempts, task.cue, task.panel)
    return RecordTurn(
        turn=task.cue.turn,
        answer=settled.answer,
        question=settled.question,
        next=settled.next,
        repaired=settled.repaired,
        raw=settled.raw,
        seen=task.debate.n,
        spent=calls.spent(),
    )


async def _repair(
    calls: Calls, again: Sequence[Message], schema: Mapping[str, Any], most: int
) -> ModelReply | None:
    """The second try, if it can be asked for: what the first one gave must not be lost by it."""
    try:
        return await calls.ask(again, schema, most)
    except (ContextOverflow, ModelAway):
        return None


def _judged(reply: ModelReply, task: Task) -> Attempt:
    text = spoken(reply.text)
    if reply.finish == "length":
        return judge_cut_off(text, decoded_so_far(text), task.cue, task.panel)
    return judge_turn(text, decoded(text), task.cue, task.panel)


async def _synthesis(task: Task, calls: Calls, messages: Sequence[Message]) -> Command:
    schema = synthesis_schema()
    reply = await calls.ask(messages, schema, synthesis_tokens())
    close = judge_synthesis(_value(reply))
    repaired = close is None
    if close is None:
        flaw = '"summary" is missing or empty'
        again = render_repair(messages, reply.text, flaw, schema["required"], task.panel)
        if second := await _repair(calls, again, schema, synthesis_tokens()):
            reply, close = second, judge_synthesis(_value(second))
    written = stand_in(task.debate, task.debate.reason or Reason.STOPPED)
    settled = settle_synthesis(spoken(reply.text), close, repaired=repaired, stand_in=written)
    return RecordSynthesis(
        synthesis=settled.synthesis,
        repaired=settled.repaired,
        raw=settled.raw,
        seen=task.debate.n,
        spent=calls.spent(),
    )


async def _start_head(task: Task, calls: Calls, reason: HeadReason) -> Command:
    if reason is HeadReason.OVERFLOW:
        summary: str | None = await _running_summary(task, calls)
    else:
        summary = _summary_so_far(task.debate)
    return StartHead(
        turn=task.cue.turn,
        reason=reason,
        model=task.model.name,
        prompt_version=PROMPT_VERSION,
        context_tokens=task.model.context_tokens,
        material_chars=material_chars(task.debate, task.model.context_tokens),
        summary=summary,
        spent=calls.spent(),
    )


def _summary_so_far(debate: Debate) -> str | None:
    """What a new head takes over from the one before; if that was taken back, what is left."""
    started = debate.head.started
    if started is None or started.summary is not None or not debate.summaries:
        return started.summary if started else None
    return digest(debate)


async def _running_summary(task: Task, calls: Calls) -> str:
    """The moderator's summary of a full head; a digest of it, where the model gives none."""
    messages = render_running_summary(task.debate, task.panel)
    try:
        reply = await calls.ask(messages, summary_schema(), summary_tokens())
    except ContextOverflow:
        return digest(task.debate)
    return judge_summary(_value(reply), SUMMARY_WORDS) or digest(task.debate)


def _value(reply: ModelReply) -> object:
    text = spoken(reply.text)
    return decoded_so_far(text) if reply.finish == "length" else decoded(text)
