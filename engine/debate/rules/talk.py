"""What people may say, correct, take back, hand in and vote on."""

from __future__ import annotations

from engine.debate.commands import (
    Attach,
    CastVote,
    Correct,
    EndMirror,
    Erase,
    LeaveSeat,
    OpenMirror,
    Rejected,
    Say,
    SpeakSeat,
    TakeSeat,
    Talk,
)
from engine.debate.events import (
    Event,
    Kind,
    LateMessage,
    MaterialAdded,
    MessageEdited,
    MessageErased,
    MessageHeard,
    MirrorEnded,
    MirrorOpened,
    Person,
    TurnSkipped,
    VoteCast,
)
from engine.debate.evolve import evolve
from engine.debate.evolve_steering import waiting_asides
from engine.debate.limits import ASIDES
from engine.debate.rules.course import after, go_on
from engine.debate.rules.seats import is_turn, leave, speak, take
from engine.debate.rules.steering import check_budget, manages
from engine.debate.rules.words import check_words
from engine.debate.state import Debate, Phase

ATTACHED_CHARS = 200_000
MOST_ATTACHED = 20


def talk(debate: Debate, command: Talk) -> list[Event]:  # noqa: C901 - one case a command
    """What a person's command calls for.

    Raises:
        Rejected: it does not fit, or is not theirs to do.
    """
    match command:
        case Say():
            return _say(debate, command)
        case Correct():
            return _correct(debate, command)
        case Erase():
            return _erase(debate, command)
        case Attach():
            return _attach(debate, command)
        case CastVote():
            return _vote(debate, command)
        case TakeSeat():
            return take(debate, command)
        case LeaveSeat():
            return leave(debate, command)
        case SpeakSeat():
            return speak(debate, command)
        case OpenMirror():
            return _open_mirror(debate, command)
        case EndMirror():
            return _end_mirror(debate, command)


def _say(debate: Debate, command: Say) -> list[Event]:
    if command.message in debate.messages or command.message in debate.taken_back:
        return []
    check_words(command.text)
    if is_turn(debate, command):
        turn = SpeakSeat(command.by, command.text, next=command.to, message=command.message)
        return speak(debate, turn)
    if command.to is not None:
        return _ask(debate, command, command.to)
    if debate.phase is Phase.CLOSED:
        return [] if debate.late_told else [LateMessage(command.by.person)]
    return [_heard(command, None)]


def _ask(debate: Debate, command: Say, to: str) -> list[Event]:
    """A persona that is tagged answers next; a person in its seat may, as they like."""
    _check_persona(debate, to)
    heard = _heard(command, to)
    if to not in debate.seats:
        asking = sum(aside.kind is Kind.SIDE for aside in waiting_asides(debate))
        if asking >= ASIDES:
            raise Rejected(
                "{most} people are waiting for an answer already; ask again after the next turn.",
                most=ASIDES,
            )
        check_budget(debate)
    if debate.pending is not None:
        return [heard]
    return [heard, *go_on(evolve(debate, heard))]


def _heard(command: Say, to: str | None) -> MessageHeard:
    return MessageHeard(command.by.person, command.text, to, command.message, command.by.place)


def _correct(debate: Debate, command: Correct) -> list[Event]:
    check_words(command.text)
    known = debate.messages.get(command.message)
    if known is not None and known.author != command.by.person.id:
        raise Rejected("Only whoever wrote a message can change it.")
    if known is None or debate.phase is Phase.CLOSED:
        return []
    return [MessageEdited(command.by.person, known.n, command.text, command.by.place)]


def _erase(debate: Debate, command: Erase) -> list[Event]:
    known, by = debate.messages.get(command.message), command.by
    if command.message in debate.taken_back:
        return []
    if known is None:  # it may still come: platforms do not keep the order of what they deliver
        return [MessageErased(0, (), command.message, by.person)]
    if known.author != by.person.id and not manages(debate, by):
        raise Rejected("Only whoever wrote a message, or manages the channel, can take it back.")
    since = tuple(n for n in debate.summaries if n > known.n)
    erased = MessageErased(known.n, known.corrections + since, command.message, by.person)
    cue = debate.pending
    if cue is not None and cue.kind is Kind.SIDE and cue.about == known.n:
        skipped = TurnSkipped(cue.turn, cue.persona, by.person)
        return [erased, *after(evolve(debate, erased), skipped)]
    return [erased]


def _attach(debate: Debate, command: Attach) -> list[Event]:
    if debate.phase is Phase.CLOSED:
        raise Rejected("This debate is closed. Another round opens it again.")
    material, by = command.material, command.by
    if command.message in debate.messages or command.message in debate.taken_back:
        return []
    if not material.text.strip():
        raise Rejected("The file has no text in it.")
    if len(material.text) > ATTACHED_CHARS:
        raise Rejected(
            "The file has {length} characters; at most {most} fit.",
            length=len(material.text),
            most=ATTACHED_CHARS,
        )
    if debate.attached >= MOST_ATTACHED:
        raise Rejected("{most} files were handed in already; no more fit.", most=MOST_ATTACHED)
    return [MaterialAdded(material.name, material.text, by.person, command.message)]


def _vote(debate: Debate, command: CastVote) -> list[Event]:
    if not 1 <= command.turn <= debate.turn:
        raise Rejected("There is no turn {turn} to vote on.", turn=command.turn)
    person: Person = command.by.person
    if debate.votes.get(command.turn, {}).get(person.id, 0) == command.vote:
        return []
    return [VoteCast(command.turn, person, command.vote)]


def _check_persona(debate: Debate, persona: str) -> None:
    if all(seat.id != persona for seat in debate.started.seats):
        raise Rejected("There is no persona {name} on this panel.", name=persona)


def _open_mirror(debate: Debate, command: OpenMirror) -> list[Event]:
    if command.place == debate.started.home or command.place in debate.mirrors:
        return []
    if not command.by.manages:
        raise Rejected("Only somebody who manages the channel can mirror a debate.")
    return [MirrorOpened(command.place, command.by.person)]


def _end_mirror(debate: Debate, command: EndMirror) -> list[Event]:
    if command.place not in debate.mirrors:
        return []
    there = command.by.manages and command.by.place == command.place
    if not there and not manages(debate, command.by):
        raise Rejected("Only somebody who manages the channel can end a mirror.")
    return [MirrorEnded(command.place, command.by.person)]
