"""A transcript as JSON, for other tools.

Version 1. A later version may add fields, and types of entries, which a reader passes over; a field
keeps its name and meaning, or the version rises. Times (`…at`) are RFC 3339, UTC, with
milliseconds. Turns count from 1; turn 1 is the moderator's opening. People are told by their names.
Where a person took words back, the words are empty and `erased` is true.

    version         1
    debate          the debate's id
    topic, panel, language, handoff
    rounds          those that were added counted
    model, prompt_version
                    of the last prompt; null before the first
    started_at, closed_at
                    `closed_at` is null while the debate is open, or open again
    started_by      a person, or null
    seats           [{id, name, emoji, colour, moderator}], the moderator first
    material        [{name, characters, by (who brought it in mid-debate) or null}]
    entries         in the order of the log, told apart by `type`:
      "turn"        turn, at, persona, name, by ("model" | "person"), person (who spoke for the
                    seat) or null, kind ("order" | "side" | "step_in"), answers (in a side turn, the
                    person who asked) or null, answer, question or null, next (a persona's id) or
                    null, repaired (null | "repair" | "default"), usage, seconds, votes {up, down},
                    edited_at or null, erased
      "message"     n (its number in the log), at, from, text (as last corrected), to (a persona's
                    id) or null, edited_at or null, erased
      "head"        at, reason ("start" | "overflow" | "upgrade" | "erasure"), model,
                    prompt_version, summary (of what was said before) or null
      "summary"     the synthesis so far: n, at, asked_by (a person) or null, synthesis
      "close"       n, at, reason, scope, by (who stopped it) or null, error, synthesis; the last
                    one stands, unless the debate was opened again after it
      "happening"   at, what (the event's name, as in the JSON lines), by (a person), persona (whose
                    seat or turn; whom a question went on to), asked_by (a persona, whose question),
                    pace ("live" | "reading" | "step"), material; null where it does not apply
    reason          why it ended; null while the debate is open
    scope           whose budget ended it ("debate" | "channel" | "workspace"); null likewise
    error           what kept the model from closing, or null
    synthesis       {summary, agreements, disagreements, open_questions, repaired}; null likewise
    totals          turns, usage, cached_share (0 to 1), calls, seconds, repairs, defaults

`usage` is {prompt_tokens, cached_tokens, completion_tokens}.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from bots.chat.times import rfc3339
from bots.chat.transcript.reading import read
from bots.chat.transcript.values import (
    Close,
    Entry,
    Happening,
    Head,
    Message,
    Summary,
    Transcript,
    Turn,
)
from engine.debate.codec import NAMES
from engine.debate.events import Record

VERSION = 1


def as_json(debate: str, records: Sequence[Record]) -> str:
    """The transcript of a log as JSON.

    Raises:
        ValueError: the log does not begin with its start.
    """
    return json.dumps(_fields(read(debate, records)), ensure_ascii=False, indent=2) + "\n"


def _fields(transcript: Transcript) -> dict[str, Any]:
    model, close = transcript.model, transcript.close
    return {
        "version": VERSION,
        "debate": transcript.debate,
        "topic": transcript.topic,
        "panel": transcript.panel,
        "language": transcript.language,
        "handoff": transcript.handoff,
        "rounds": transcript.rounds,
        "model": model.model if model else None,
        "prompt_version": model.prompt_version if model else None,
        "started_at": rfc3339(transcript.started_ms),
        "closed_at": rfc3339(close.at_ms) if close else None,
        "started_by": transcript.started_by,
        "seats": [
            {**asdict(seat), "moderator": place == 0} for place, seat in enumerate(transcript.seats)
        ],
        "material": [asdict(material) for material in transcript.material],
        "entries": [_entry(entry) for entry in transcript.entries],
        "reason": close.reason if close else None,
        "scope": close.scope if close else None,
        "error": _error(close) if close else None,
        "synthesis": _synthesis(close) if close else None,
        "totals": _totals(transcript),
    }


def _entry(entry: Entry) -> dict[str, Any]:
    match entry:
        case Turn():
            return _turn(entry)
        case Message():
            return _message(entry)
        case Head():
            return _head(entry)
        case Happening():
            return _happening(entry)
        case Summary():
            return _summary(entry)
        case Close():
            return _close(entry)


def _turn(turn: Turn) -> dict[str, Any]:
    return {
        "type": "turn",
        "turn": turn.number,
        "at": rfc3339(turn.at_ms),
        "persona": turn.seat.id,
        "name": turn.seat.name,
        "by": turn.by,
        "person": turn.person,
        "kind": turn.kind,
        "answers": turn.answers,
        "answer": turn.answer,
        "question": turn.question,
        "next": turn.asked.id if turn.asked else None,
        "repaired": turn.repaired,
        "usage": asdict(turn.usage),
        "seconds": round(turn.seconds, 3),
        "votes": asdict(turn.votes),
        "edited_at": _at(turn.edited_ms),
        "erased": turn.erased,
    }


def _message(message: Message) -> dict[str, Any]:
    return {
        "type": "message",
        "n": message.n,
        "at": rfc3339(message.at_ms),
        "from": message.author,
        "text": message.text,
        "to": message.to.id if message.to else None,
        "edited_at": _at(message.edited_ms),
        "erased": message.erased,
    }


def _head(head: Head) -> dict[str, Any]:
    return {
        "type": "head",
        "at": rfc3339(head.at_ms),
        "reason": head.reason,
        "model": head.model,
        "prompt_version": head.prompt_version,
        "summary": head.summary,
    }


def _happening(happening: Happening) -> dict[str, Any]:
    return {
        "type": "happening",
        "at": rfc3339(happening.at_ms),
        "what": NAMES[happening.what],
        "by": happening.by,
        "persona": happening.seat.id if happening.seat else None,
        "asked_by": happening.asked_by.id if happening.asked_by else None,
        "pace": happening.pace,
        "material": asdict(happening.material) if happening.material else None,
        "obstacle": str(happening.obstacle) if happening.obstacle else None,
    }


def _summary(summary: Summary) -> dict[str, Any]:
    return {
        "type": "summary",
        "n": summary.n,
        "at": rfc3339(summary.at_ms),
        "asked_by": summary.asked_by,
        "synthesis": _synthesis(summary),
    }


def _close(close: Close) -> dict[str, Any]:
    return {
        "type": "close",
        "n": close.n,
        "at": rfc3339(close.at_ms),
        "reason": close.reason,
        "scope": close.scope,
        "by": close.by,
        "error": _error(close),
        "synthesis": _synthesis(close),
    }


def _synthesis(said: Summary | Close) -> dict[str, Any]:
    return {**asdict(said.synthesis), "repaired": said.repaired}


def _error(close: Close) -> str | None:
    return str(close.error) if close.error else None


def _at(at_ms: int | None) -> str | None:
    return None if at_ms is None else rfc3339(at_ms)


def _totals(transcript: Transcript) -> dict[str, Any]:
    totals = transcript.totals
    return {
        "turns": len(transcript.turns),
        "usage": asdict(totals.usage),
        "cached_share": round(totals.cached_share, 4),
        "calls": totals.calls,
        "seconds": round(totals.seconds, 3),
        "repairs": totals.repairs,
        "defaults": totals.defaults,
    }
