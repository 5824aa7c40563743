"""Who said this, and how: what a ❓ on a persona's post is answered with."""

from __future__ import annotations

from collections.abc import Sequence

from bots.chat.desk import NOTHING, Answer
from bots.chat.i18n import Translate
from bots.discordbot.parts import Parts
from engine.debate.events import (
    DebateClosed,
    DebateStarted,
    HeadStarted,
    Record,
    SummaryGiven,
    TurnSpoken,
    Usage,
)
from engine.debate.explained import one_line
from engine.ports.store import UnknownDebate


async def about(parts: Parts, debate: str, n: int, translate: Translate) -> Answer:
    """Of the event that a post shows: the persona, the model, the prompt, the tokens.

    Raises:
        StoreAway
    """
    try:
        records = await parts.debates.records(debate)
    except UnknownDebate:
        return NOTHING
    return Answer(told(records, n, translate))


def told(records: Sequence[Record], n: int, translate: Translate) -> str:
    """The text; empty: nobody of the panel said it. Pure."""
    event = next((record.event for record in records if record.n == n), None)
    if not isinstance(event, TurnSpoken | SummaryGiven | DebateClosed):
        return ""
    name, persona = _speaker(event, records)
    lines = [f"{one_line(name)} ({persona})"]
    if isinstance(event, TurnSpoken):
        lines.append(translate("Turn {turn}.").format(turn=event.turn))
        if event.person is not None:
            text = translate("{person} spoke for this seat; no model did.")
            return "\n".join([*lines, text.format(person=one_line(event.person.name))])
    head = next(
        (r.event for r in reversed(records) if r.n < n and isinstance(r.event, HeadStarted)), None
    )
    if head is not None and event.calls:
        text = translate("Model: {model}. Prompt version: {version}.")
        lines.append(text.format(model=one_line(head.model), version=head.prompt_version))
    lines.append(_tokens(event.usage, translate))
    if event.repaired == "default":
        lines.append(translate("The model's reply would not do; the panel's own words stand here."))
    return "\n".join(lines)


def _speaker(
    event: TurnSpoken | SummaryGiven | DebateClosed, records: Sequence[Record]
) -> tuple[str, str]:
    if isinstance(event, TurnSpoken):
        return event.name, event.persona
    started = records[0].event
    assert isinstance(started, DebateStarted)  # noqa: S101 - every log begins with it
    return started.seats[0].name, started.seats[0].id


def _tokens(usage: Usage, translate: Translate) -> str:
    text = translate("Tokens: {prompt} read, {cached} of them from the cache; {written} written.")
    return text.format(
        prompt=usage.prompt_tokens, cached=usage.cached_tokens, written=usage.completion_tokens
    )
