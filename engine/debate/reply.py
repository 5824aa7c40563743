"""What is asked of a reply, and what is made of it.

1. A reply is one JSON object: `answer`, `question` unless there is nobody to ask, `next` only where
   the speaker may choose. The synthesis has fields of its own.
2. A field too long is cut at a sentence. A field missing, empty or of the wrong type makes the
   reply a bad one: one repair is asked for, then the panel's phrases stand in for what is missing.
3. Text that looks like a tag, a mention or another speaker decides nothing: `next` is an id.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.debate.events import Repaired, Synthesis
from engine.debate.limits import (
    SUMMARY_WORDS,
    SYNTHESIS_ITEM_WORDS,
    SYNTHESIS_ITEMS,
    SYNTHESIS_SUMMARY_WORDS,
    most_chars,
)
from engine.debate.panel import Panel
from engine.debate.state import Cue
from engine.debate.text import clean, cut_question, cut_words, whole_sentences, without_speaker

SYNTHESIS_LISTS = ("agreements", "disagreements", "open_questions")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One reply as far as it could be used."""

    raw: str
    fields: Mapping[str, Any]
    """What the reply's JSON held; empty if it was none."""
    answer: str = ""
    question: str = ""
    next: str | None = None
    flaw: str | None = None
    """What is wrong with it, for the model to read; `None`: nothing."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A turn's words as they are recorded."""

    answer: str
    question: str | None
    next: str | None
    repaired: Repaired | None
    raw: str | None


@dataclass(frozen=True, slots=True)
class SettledSynthesis:
    """A close as it is recorded."""

    synthesis: Synthesis
    repaired: Repaired | None
    raw: str | None


def turn_schema(cue: Cue, panel: Panel) -> dict[str, Any]:
    """The JSON Schema that a reply to this cue must fit."""
    fields: dict[str, Any] = {"answer": _words(panel.answer_words)}
    if len(cue.ask) > 1:
        fields["next"] = {"type": "string", "enum": list(cue.ask)}
    if cue.ask:
        fields["question"] = _words(panel.question_words)
    return _object(fields)


def synthesis_schema() -> dict[str, Any]:
    """The JSON Schema of the moderator's close."""
    item = _words(SYNTHESIS_ITEM_WORDS)
    items = {"type": "array", "items": item, "maxItems": SYNTHESIS_ITEMS}
    summary = _words(SYNTHESIS_SUMMARY_WORDS)
    return _object({"summary": summary, **dict.fromkeys(SYNTHESIS_LISTS, items)})


def summary_schema() -> dict[str, Any]:
    """The JSON Schema of a running summary."""
    return _object({"summary": _words(SUMMARY_WORDS)})


def judge_turn(raw: str, value: object, cue: Cue, panel: Panel) -> Attempt:
    """Reads a turn out of a reply: `raw` as written, `value` as its JSON was decoded."""
    fields = _unwrapped(value)
    names = [name for p in panel.personas for name in (p.name, p.id)]
    answer = without_speaker(_bounded(fields, "answer", panel.answer_words), names)
    answer = cut_words(answer, panel.answer_words)
    question = ""
    if cue.ask:
        question = without_speaker(_bounded(fields, "question", panel.question_words), names)
        question = cut_question(question, panel.question_words)
    chosen = cue.ask[0] if len(cue.ask) == 1 else _text(fields, "next")
    chosen_id = chosen if chosen in cue.ask else None
    flaw = _flaw(fields, answer, question, chosen_id, cue)
    return Attempt(raw, fields, answer, question, chosen_id, flaw)


def judge_cut_off(raw: str, value: object, cue: Cue, panel: Panel) -> Attempt:
    """Reads what can be kept of a reply that was cut off: its answer's whole sentences."""
    attempt = judge_turn(raw, value, cue, panel)
    complete = bool(_text(_unwrapped(value), "question"))
    answer = attempt.answer if complete else whole_sentences(attempt.answer)
    return Attempt(raw, {}, answer, "", attempt.next, flaw="cut off")


def settle(attempts: Sequence[Attempt], cue: Cue, panel: Panel) -> Settled:
    """One turn out of one or two attempts; the panel's phrases fill what none of them gave."""
    last = attempts[-1]
    if last.flaw is not None:
        return _defaulted(attempts, cue, panel)
    question = last.question or None
    canonical = canonical_turn(last.answer, question, last.next if len(cue.ask) > 1 else None)
    repaired: Repaired | None = "repair" if attempts[1:] else None
    return Settled(last.answer, question, last.next, repaired, _worth_keeping(last.raw, canonical))


def canonical_turn(answer: str, question: str | None, chosen: str | None) -> str:
    """The reply as the engine would have written it; `chosen` only where there was a choice."""
    fields = {"answer": answer}
    if chosen is not None:
        fields["next"] = chosen
    if question is not None:
        fields["question"] = question
    return _canonical(fields)


def canonical_synthesis(synthesis: Synthesis) -> str:
    """The close as the engine would have written it."""
    lists = {name: list(getattr(synthesis, name)) for name in SYNTHESIS_LISTS}
    return _canonical({"summary": synthesis.summary, **lists})


def judge_synthesis(value: object) -> Synthesis | None:
    """Reads the close out of a reply; `None` if it has no summary."""
    fields = _unwrapped(value)
    summary = _bounded(fields, "summary", SYNTHESIS_SUMMARY_WORDS)
    summary = cut_words(summary, SYNTHESIS_SUMMARY_WORDS)
    if not summary:
        return None
    return Synthesis(summary, *(_items(fields.get(name)) for name in SYNTHESIS_LISTS))


def settle_synthesis(
    raw: str, close: Synthesis | None, *, repaired: bool, stand_in: Synthesis
) -> SettledSynthesis:
    """The close as it is recorded: the model's if it gave one, else what stands in for it."""
    if close is None:
        return SettledSynthesis(stand_in, "default", None)
    kept = _worth_keeping(raw, canonical_synthesis(close))
    return SettledSynthesis(close, "repair" if repaired else None, kept)


def judge_summary(value: object, words: int) -> str | None:
    """Reads a running summary out of a reply; `None` if there is none."""
    return cut_words(_bounded(_unwrapped(value), "summary", words), words) or None


def _defaulted(attempts: Sequence[Attempt], cue: Cue, panel: Panel) -> Settled:
    latest_first = attempts[::-1]
    answer = next((a.answer for a in latest_first if a.answer), panel.phrases.answer)
    if not cue.ask:
        return Settled(answer, None, None, "default", None)
    asked = next((a.next for a in latest_first if a.next), cue.ask[0])
    phrase = panel.phrases.question.replace("{name}", panel.persona(asked).name)
    put = next((a.question for a in latest_first if a.question), phrase)
    return Settled(answer, put, asked, "default", None)


def _words(most: int) -> dict[str, Any]:
    """A text whose author is stopped when it runs on: a grammar counts characters, not words."""
    return {"type": "string", "minLength": 1, "maxLength": most_chars(most)}


def _object(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }


def _canonical(fields: Mapping[str, Any]) -> str:
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def _unwrapped(value: object) -> Mapping[str, Any]:
    """The reply's fields; one nested in its own `answer`, as weak models write, is taken out."""
    for _ in range(3):
        if not isinstance(value, dict):
            return {}
        inner = value.get("answer")
        if isinstance(inner, str) and inner.lstrip().startswith("{"):
            try:
                inner = json.loads(inner)
            except ValueError:
                return value
        if not isinstance(inner, dict) or "answer" not in inner:
            return value
        value = inner
    return {}


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    return value.strip() if isinstance(value, str) else ""


def _bounded(fields: Mapping[str, Any], name: str, words: int) -> str:
    """The field, cleaned; where it was stopped in the middle, its whole sentences."""
    text = _text(fields, name)
    most = most_chars(words)
    return whole_sentences(clean(text[:most])) if len(text) >= most else clean(text)


def _items(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        return ()
    texts = (cut_words(clean(v), SYNTHESIS_ITEM_WORDS) for v in value if isinstance(v, str))
    return tuple(dict.fromkeys(text for text in texts if text))[:SYNTHESIS_ITEMS]


def _flaw(
    fields: Mapping[str, Any], answer: str, question: str, chosen: str | None, cue: Cue
) -> str | None:
    if not fields:
        return "not a JSON object"
    if not answer:
        return '"answer" is missing or empty'
    if cue.ask and not question:
        return '"question" is missing or empty'
    if cue.ask and chosen is None:
        return f'"next" must be one of: {", ".join(cue.ask)}'
    return None


def _worth_keeping(raw: str, canonical: str) -> str | None:
    """The model's own bytes, if they say the same as the canonical JSON in other bytes.

    The prefix cache holds what the model wrote, so repeating just that makes the next prompt cheap.
    A reply that was cut, cleaned or padded is repeated in canonical form.
    """
    if raw == canonical or len(raw) > 2 * len(canonical):
        return None
    try:
        same = json.loads(raw) == json.loads(canonical)
    except ValueError:
        return None
    return raw if same else None
