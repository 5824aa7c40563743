"""What a shard comes to, in plain values that outlive the ways in which it is kept."""

from __future__ import annotations

from typing import Any

from engine.debate.events import (
    DebateClosed,
    MaterialAdded,
    MessageEdited,
    MessageHeard,
    Record,
    SummaryGiven,
    TurnSpoken,
)
from engine.debate.state import Debate
from tests.upgrade.house import ANA, CHANNEL, WORKSPACE, House, thread

LISTED = 100
HELD = "slack:chat.postMessage:T1"
DOCUMENT = "slack/T1"


async def told(house: House, day: str) -> dict[str, Any]:
    """All of it; `day`: whose accounts are told."""
    readers = house.readers("who asks")
    debates = {}
    for listed in await house.door.recent(LISTED):
        debate, records = listed.debate, await house.door.records(listed.debate)
        state = await house.door.load(debate)
        home = listed.started.home
        standing = [await readers.standing(debate, place) for place in _places(state)]
        debates[home.thread if home else ""] = facts(state) | {
            "id": debate,
            "closed": listed.closed,
            "said": [said for record in records if (said := _said(record))],
            "shown": [[s.cursor.n, s.cursor.part, s.cursor.offset] for s in standing],
            "resting": [s.resting.text if s.resting else None for s in standing],
        }
    return {"day": day, "debates": debates, "books": await _books(house, day)}


def facts(debate: Debate) -> dict[str, Any]:
    """How a debate stands."""
    cue, order = debate.pending, debate.order
    return {
        "n": debate.n,
        "turn": debate.turn,
        "phase": debate.phase,
        "paused": debate.paused,
        "pace": debate.pace,
        "obstacle": str(debate.obstacle or ""),
        "cue": [cue.turn, cue.persona, cue.kind, list(cue.ask), cue.asked_by] if cue else None,
        "answers": cue.answers.id if cue and cue.answers else None,
        "waits": [debate.waiting.for_s, debate.waiting.next_call, debate.waiting.reminded],
        "asides": [[aside.kind, aside.persona, aside.about] for aside in debate.asides],
        "question": [order.asked_by, order.question, order.asked],
        "rounds": debate.rounds,
        "seats": {seat: person.id for seat, person in debate.seats.items()},
        "votes": {str(turn): dict(votes) for turn, votes in debate.votes.items()},
        "material": [material.name for material in debate.material],
        "messages": sorted(debate.messages),
        "taken_back": sorted(debate.taken_back),
        "mirrors": [place.thread for place in debate.mirrors],
        "spent": [debate.usage.computed, debate.calls, debate.seconds],
        "away_since": debate.unavailable_since_ms,
        "context_used": debate.head.context_used,
        "exchanges": len(debate.head.exchanges),
        "reason": debate.reason,
    }


async def _books(house: House, day: str) -> dict[str, Any]:
    sealed = await house.vault.get(DOCUMENT)
    return {
        "defaults": await house.places.defaults(WORKSPACE, CHANNEL),
        "likes": await house.places.preferences(ANA.id),
        "heard_to": await house.places.heard_to(thread("talk")),
        "at_home": await house.places.debate_at(thread("talk")),
        "sealed": sealed.decode() if sealed else None,
        "held_off": await house.limits.admit(HELD) > 0,
        "dead": [letter.debate for letter in await house.inspection.dead(LISTED)],
        "open": len(await house.inspection.open_debates()),
        "accounts": [
            [a.workspace, a.channel, a.used.turns, a.used.tokens, a.started, a.open, a.own]
            for a in await house.inspection.accounts(day)
        ],
    }


def _places(debate: Debate) -> list[Any]:
    return [place for place in (debate.started.home, *debate.mirrors) if place]


def _said(record: Record) -> list[Any] | None:
    match record.event:
        case TurnSpoken(name=name, answer=answer, question=question, next=to):
            return [record.n, name, answer, question, to]
        case MessageHeard(author=author, text=text) | MessageEdited(author=author, text=text):
            return [record.n, author.name, text]
        case MaterialAdded(name=name, text=text):
            return [record.n, name, text]
        case SummaryGiven(synthesis=given) | DebateClosed(synthesis=given):
            return [record.n, given.summary, list(given.agreements)]
    return None
