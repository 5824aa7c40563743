"""A transcript as JSON, for other tools.

Version 1. A later version may add fields; a field keeps its name and meaning, or the version rises.
Times (`…at`) are RFC 3339, UTC, with milliseconds. Turns count from 1; turn 1 is the moderator's
opening.

    version         1
    debate          the debate's id
    topic, panel, language, handoff, rounds
    model, prompt_version
                    of the last prompt; null before the first
    started_at, closed_at
                    `closed_at` is null while the debate is open
    seats           [{id, name, emoji, colour, moderator}], the moderator first
    material        [{name, characters}]
    entries         in the order of the log, told apart by `type`:
      "turn"        turn, at, persona, name, by ("model" | "person"), kind ("order" | "side"),
                    answer, question or null, next (a persona's id) or null,
                    repaired (null | "repair" | "default"), usage, seconds
      "message"     n (its number in the log), at, from, text, to (a persona's id) or null
      "head"        at, reason ("start" | "overflow" | "upgrade"), model, prompt_version,
                    summary (of what was said before) or null
    reason          why it ended; null while the debate is open
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
from bots.chat.transcript.reading import Close, Entry, Head, Message, Transcript, Turn, read
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
        "seats": [
            {**asdict(seat), "moderator": place == 0} for place, seat in enumerate(transcript.seats)
        ],
        "material": [asdict(material) for material in transcript.material],
        "entries": [_entry(entry) for entry in transcript.entries],
        "reason": close.reason if close else None,
        "error": str(close.error) if close and close.error else None,
        "synthesis": _synthesis(close) if close else None,
        "totals": _totals(transcript),
    }


def _entry(entry: Entry) -> dict[str, Any]:
    match entry:
        case Turn():
            return _turn(entry)
        case Message():
            return {
                "type": "message",
                "n": entry.n,
                "at": rfc3339(entry.at_ms),
                "from": entry.author,
                "text": entry.text,
                "to": entry.to.id if entry.to else None,
            }
        case Head():
            return {
                "type": "head",
                "at": rfc3339(entry.at_ms),
                "reason": entry.reason,
                "model": entry.model,
                "prompt_version": entry.prompt_version,
                "summary": entry.summary,
            }


def _turn(turn: Turn) -> dict[str, Any]:
    return {
        "type": "turn",
        "turn": turn.number,
        "at": rfc3339(turn.at_ms),
        "persona": turn.seat.id,
        "name": turn.seat.name,
        "by": turn.by,
        "kind": turn.kind,
        "answer": turn.answer,
        "question": turn.question,
        "next": turn.asked.id if turn.asked else None,
        "repaired": turn.repaired,
        "usage": asdict(turn.usage),
        "seconds": round(turn.seconds, 3),
    }


def _synthesis(close: Close) -> dict[str, Any]:
    return {**asdict(close.synthesis), "repaired": close.repaired}


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
