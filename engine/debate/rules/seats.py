"""People in seats: take one, leave it, speak for it, be reminded, run out of time."""

from __future__ import annotations

from engine.debate.commands import LeaveSeat, Rejected, Say, SpeakSeat, TakeSeat
from engine.debate.events import (
    Event,
    Person,
    Repaired,
    SeatLapsed,
    SeatLeft,
    SeatReminded,
    SeatTaken,
    TurnSpoken,
)
from engine.debate.limits import CHARS_PER_TOKEN, CUE_TOKENS, MESSAGE_WORDS, most_chars
from engine.debate.rules.course import after
from engine.debate.rules.words import check_words
from engine.debate.state import Cue, Debate, Phase
from engine.debate.text import clean, last_question, word_count
from engine.debate.wording import wording


def take(debate: Debate, command: TakeSeat) -> list[Event]:
    """A free seat of a debater's goes to whoever asks first; a person has one at a time."""
    person = command.by.person
    if debate.phase is not Phase.DEBATING:
        raise Rejected("This debate is closed, so no seat is called on any more.")
    if all(seat.id != command.seat for seat in debate.debaters):
        raise Rejected("There is no seat {seat} that a person can take.", seat=command.seat)
    holder = debate.seats.get(command.seat)
    if holder is not None:
        if holder.id == person.id:
            return []
        raise Rejected("{name} has that seat.", name=holder.name)
    before: list[Event] = [SeatLeft(seat, person) for seat in seats_of(debate, person)]
    return [*before, SeatTaken(command.seat, person)]


def leave(debate: Debate, command: LeaveSeat) -> list[Event]:
    """The persona has its seat back, in mid-turn too."""
    person = command.by.person
    return [SeatLeft(seat, person) for seat in seats_of(debate, person)]


def seats_of(debate: Debate, person: Person) -> list[str]:
    """The seats that this person speaks for."""
    return [seat for seat, holder in debate.seats.items() if holder.id == person.id]


def waited_for(debate: Debate, person: Person) -> bool:
    """Whether it is this person's turn."""
    called = debate.waiting.person
    return called is not None and called.id == person.id


def is_turn(debate: Debate, said: Say) -> bool:
    """Whether words are the turn of their author: whoever speaks may tag whom they ask.

    What somebody wrote before they knew that they are called on is no turn, however late it comes.
    """
    if debate.pending is None or not waited_for(debate, said.by.person):
        return False
    knew = said.knows is None or said.knows >= debate.waiting.since
    return knew and (said.to is None or said.to in debate.pending.ask)


def speak(debate: Debate, command: SpeakSeat) -> list[Event]:
    """The person's turn: an answer, and a question where the order asks for one.

    Raises:
        Rejected: it is not their turn, or not any more, or their words do not fit.
    """
    cue, person = debate.pending, command.by.person
    if command.turn is not None and (cue is None or cue.turn != command.turn):
        raise Rejected("This turn is over; what you wrote was not said.")
    if cue is None or not waited_for(debate, person):
        raise Rejected("It is not your turn.")
    check_words(f"{command.answer}{command.question or ''}")
    answer, question = _parted(command, asks=bool(cue.ask))
    _check_length(answer, question)
    to = _whom(cue, command)
    repaired: Repaired | None = None
    if cue.ask and not question:
        words = wording(debate.started.language)
        question, repaired = words.asked_back.format(name=debate.seat(to or "").name), "default"
    spoken = TurnSpoken(
        turn=cue.turn,
        persona=cue.persona,
        name=debate.seat(cue.persona).name,
        by="person",
        kind=cue.kind,
        answer=answer,
        question=question,
        next=to,
        repaired=repaired,
        seen=debate.n,
        context_used=_context_after(debate, answer, question),
        calls=0,
        person=person,
        message=command.message,
        place=command.by.place,
    )
    return after(debate, spoken, f"{answer} {question or ''}")


def pass_time(debate: Debate) -> list[Event]:
    """Half of the person's time is over, or all of it."""
    cue, person = debate.pending, debate.waiting.person
    if cue is None or person is None:
        return []
    if not debate.waiting.reminded:
        return [SeatReminded(cue.turn, person)]
    return [SeatLapsed(cue.turn, person)]


def _parted(command: SpeakSeat, *, asks: bool) -> tuple[str, str | None]:
    """Answer and question; of free text, the question that stands at its end."""
    answer, question = clean(command.answer), clean(command.question or "")
    if not asks:
        return " ".join(part for part in (answer, question) if part), None
    if not question:
        rest, last = last_question(answer)
        return (rest, last) if rest and last else (answer, None)
    return answer, question


def _check_length(answer: str, question: str | None) -> None:
    if not answer:
        raise Rejected("The answer is empty.")
    words = word_count(answer) + word_count(question or "")
    if words > MESSAGE_WORDS or len(answer) + len(question or "") > most_chars(MESSAGE_WORDS):
        raise Rejected(
            "Your turn has {words} words; at most {most} fit.", words=words, most=MESSAGE_WORDS
        )


def _whom(cue: Cue, command: SpeakSeat) -> str | None:
    """Whom the question goes to: who was chosen, else the first who may be asked."""
    if command.next is not None and command.next in cue.ask:
        return command.next
    return cue.ask[0] if cue.ask else None


def _context_after(debate: Debate, answer: str, question: str | None) -> int:
    """The next prompt's length, estimated: nobody counted what a person wrote."""
    if not debate.head.context_used:
        return 0
    most = most_chars(MESSAGE_WORDS)
    words = sum(min(len(heard.words.text), most) for heard in debate.unheard)
    said = (len(answer) + len(question or "") + words) // CHARS_PER_TOKEN
    return debate.head.context_used + CUE_TOKENS + said
