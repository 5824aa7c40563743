"""What people's words, votes and seats do to a debate."""

from __future__ import annotations

import json
from dataclasses import replace

from engine.debate.events import (
    Kind,
    LateMessage,
    MessageEdited,
    MessageErased,
    MessageHeard,
    PeopleEvent,
    SeatLapsed,
    SeatLeft,
    SeatReminded,
    SeatTaken,
    VoteCast,
)
from engine.debate.reply import canonical_turn
from engine.debate.state import Aside, Debate, Exchange, Head, Heard, Message, Waiting
from engine.debate.wording import wording


def people(debate: Debate, event: PeopleEvent) -> Debate:  # noqa: C901 - one case an event
    """The debate after somebody said or did something in it."""
    match event:
        case MessageHeard():
            return _heard(debate, event)
        case MessageEdited():
            return _edited(debate, event)
        case MessageErased():
            return _erased(debate, event)
        case LateMessage():
            return replace(debate, late_told=True)
        case VoteCast():
            return _voted(debate, event)
        case SeatTaken():
            return replace(debate, seats={**debate.seats, event.seat: event.person})
        case SeatLeft():
            return _left(debate, event)
        case SeatReminded():
            return replace(debate, waiting=replace(debate.waiting, reminded=True))
        case SeatLapsed():
            return replace(debate, waiting=Waiting(lapsed=True))


def known(debate: Debate, message: str | None, person: str) -> Debate:
    """What was just recorded can be corrected and taken back by its message's id."""
    if message is None:
        return debate
    return replace(debate, messages={**debate.messages, message: Message(debate.n, person)})


def _heard(debate: Debate, event: MessageHeard) -> Debate:
    """A message waits for the next speaker; one to a persona is to be answered next."""
    debate = replace(debate, unheard=(*debate.unheard, Heard(debate.n, event)))
    debate = known(debate, event.message, event.author.id)
    if event.to is None or event.to in debate.seats:
        return debate
    aside = Aside(Kind.SIDE, event.to, event.author, debate.n)
    return replace(debate, asides=(*debate.asides, aside))


def _edited(debate: Debate, event: MessageEdited) -> Debate:
    """The next speaker hears the correction after what it corrects."""
    messages = {
        key: replace(known, corrections=(*known.corrections, debate.n))
        if known.n == event.of
        else known
        for key, known in debate.messages.items()
    }
    return replace(debate, messages=messages, unheard=(*debate.unheard, Heard(debate.n, event)))


def _erased(debate: Debate, event: MessageErased) -> Debate:
    """The words are gone from whatever later prompts are made of."""
    gone = wording(debate.started.language).taken_back
    exchanges = tuple(_without(exchange, event.of, gone) for exchange in debate.head.exchanges)
    unheard = tuple(h for h in debate.unheard if not _is_of(h, event.of))
    # Whoever speaks now may have been asked with words that nobody has answered yet.
    touched = exchanges != debate.head.exchanges or unheard != debate.unheard
    started = debate.head.started
    if started is not None and started.summary and set(event.others) & set(debate.summaries):
        started, touched = replace(started, summary=None), True
    order = debate.order
    if order.asked_by is not None and order.asked_at == event.of:
        order = replace(order, question=gone)
    return replace(
        debate,
        head=Head(started, exchanges, debate.head.context_used, debate.head.erased or touched),
        order=order,
        turns=tuple(replace(t, answer="") if t.n == event.of else t for t in debate.turns),
        unheard=unheard,
        asides=tuple(aside for aside in debate.asides if aside.about != event.of),
        messages={key: known for key, known in debate.messages.items() if known.n != event.of},
        taken_back=debate.taken_back | {event.message} if event.message else debate.taken_back,
    )


def _voted(debate: Debate, event: VoteCast) -> Debate:
    """A person has one vote a turn."""
    votes = dict(debate.votes.get(event.turn, {}))
    if event.vote:
        votes[event.by.id] = event.vote
    else:
        votes.pop(event.by.id, None)
    return replace(debate, votes={**debate.votes, event.turn: votes})


def _left(debate: Debate, event: SeatLeft) -> Debate:
    """If the person was being waited for, the persona speaks."""
    seats = {seat: person for seat, person in debate.seats.items() if seat != event.seat}
    called = debate.pending is not None and debate.pending.persona == event.seat
    waited_for = called and debate.waiting.person is not None
    return replace(debate, seats=seats, waiting=Waiting() if waited_for else debate.waiting)


def _without(exchange: Exchange, of: int, gone: str) -> Exchange:
    kept = tuple(h for h in exchange.heard if not _is_of(h, of))
    if exchange.n != of:
        return exchange if kept == exchange.heard else replace(exchange, heard=kept)
    chosen = json.loads(exchange.reply).get("next")
    reply = canonical_turn(gone, gone if exchange.cue.ask else None, chosen)
    return replace(exchange, heard=kept, reply=reply)


def _is_of(words: Heard, of: int) -> bool:
    """Whether these are the words of that message, or a correction of them."""
    return words.n == of or getattr(words.words, "of", None) == of
