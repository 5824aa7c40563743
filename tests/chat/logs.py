"""Logs of made-up debates, in the shapes that a debate's log can have."""

from __future__ import annotations

from dataclasses import replace

from engine.debate.events import (
    DebateClosed,
    DebatePaused,
    DebateReopened,
    DebateResumed,
    DebateStarted,
    Event,
    HeadReason,
    HeadStarted,
    Kind,
    MaterialAdded,
    MessageEdited,
    MessageErased,
    MessageHeard,
    MirrorEnded,
    MirrorOpened,
    Pace,
    PaceChanged,
    Person,
    Place,
    QuestionPassed,
    Reason,
    Record,
    RoundAdded,
    Scope,
    Seat,
    SeatLapsed,
    SeatLeft,
    SeatTaken,
    SummaryAsked,
    SummaryGiven,
    Synthesis,
    SynthesisRequested,
    TurnRequested,
    TurnSkipped,
    TurnSpoken,
    Usage,
    VoteCast,
)
from engine.debate.panel import Handoff, Language

START_MS = 1_790_000_000_123

SEATS = (
    Seat("guia", "Guía", "🧭", "#6b7a8c"),
    Seat("medica", "Médica Rural", "🩺", "#2f74d0"),
    Seat("jurista", "Jurista", "📜", "#8d5bd6"),
    Seat("maestro", "Maestro", "🎒", "#0e8f86"),
)
STARTED = DebateStarted(
    topic="¿Debe la biblioteca abrir de noche?",
    panel="barrio",
    panel_hash="h",
    language="es",
    handoff=Handoff.RING,
    rounds=1,
    answer_words=150,
    question_words=60,
    seats=SEATS,
)
HEAD = HeadStarted(HeadReason.START, "un-modelo", prompt_version=3, context_tokens=8192)
SYNTHESIS = Synthesis(
    summary="Se habló de horarios y de quién cuida el edificio.",
    agreements=("Hace falta un piloto.",),
    disagreements=("Quién paga la luz.",),
    open_questions=("¿Cuántas noches?",),
)
USAGE = Usage(prompt_tokens=1000, cached_tokens=900, completion_tokens=100)

ANA = Person("web:ana", "Ana")
BEA = Person("web:bea", "Bea Ruiz")
SO_FAR = Synthesis(
    summary="Hasta aquí, nadie discute la utilidad; se discute el precio.",
    agreements=("La sala grande basta.",),
    open_questions=("¿Quién cierra?",),
)
SECRET = "mi número es el 600 000 000"
"""What somebody took back: it must not be found in any form."""


def log(*events: Event) -> list[Record]:
    """These events as records, a second and a bit apart."""
    return [Record(n, START_MS + 1_001 * (n - 1), event) for n, event in enumerate(events, start=1)]


def turn(number: int, answer: str | None = None, question: str | None = None) -> TurnSpoken:
    """A turn of the ring of `SEATS`, with a question unless it is given as empty."""
    seat, following = _ring(number), _ring(number + 1)
    asks = question != ""
    return TurnSpoken(
        turn=number,
        persona=seat.id,
        name=seat.name,
        by="model",
        kind=Kind.ORDER,
        answer=answer or f"Respuesta número {number}.",
        question=(question or f"¿Pregunta número {number}?") if asks else None,
        next=following.id if asks else None,
        usage=USAGE,
        seconds=1.5,
    )


def side_turn(number: int, persona: str) -> TurnSpoken:
    """An answer to a person who tagged a persona."""
    name = next(seat.name for seat in SEATS if seat.id == persona)
    return TurnSpoken(number, persona, name, "model", Kind.SIDE, f"Respuesta número {number}.")


def seat_turn(number: int, person: Person = BEA) -> TurnSpoken:
    """A turn of the ring that a person speaks."""
    return replace(turn(number), by="person", person=person, usage=Usage(), calls=0, seconds=0.0)


def closed(reason: Reason = Reason.ROUNDS, synthesis: Synthesis = SYNTHESIS) -> DebateClosed:
    """The end."""
    return DebateClosed(reason, synthesis, usage=USAGE, seconds=2.0)


def whole(language: Language = "es", rounds: int = 1) -> list[Record]:
    """A debate from start to close, with a message and a text to debate."""
    started = replace(STARTED, language=language, rounds=rounds)
    last = 1 + rounds * (len(SEATS) - 1)
    turns: list[Event] = []
    for number in range(1, last + 1):
        turns.append(TurnRequested(number, _ring(number).id))
        turns.append(turn(number, question="" if number == last else None))
    heard = MessageHeard(ANA, "¿Y los domingos?", to="jurista")
    material = MaterialAdded("acta.md", "Acta de la reunión.")
    return log(
        started,
        material,
        HEAD,
        *turns[:4],
        heard,
        *turns[4:],
        SynthesisRequested(Reason.ROUNDS),
        closed(),
    )


def lively(language: Language = "es") -> list[Record]:
    """A debate in which people do everything that they can, closed, opened again and closed."""
    return log(*_opening(language), *_middle(), *_first_close(), *_second_close())


def erasures() -> list[tuple[list[Record], str]]:
    """Logs whose records still hold what Bea took back, and what it was."""
    said = MessageHeard(BEA, SECRET)
    spoken = replace(seat_turn(3), answer=SECRET, question=f"¿{SECRET}?", raw=SECRET)
    return [
        (log(STARTED, said, MessageErased(2)), SECRET),
        (
            log(STARTED, said, MessageEdited(BEA, 2, f"No, {SECRET}"), MessageErased(2, (3,))),
            SECRET,
        ),
        (log(STARTED, said, MessageErased(2), MessageEdited(BEA, 2, SECRET)), SECRET),
        (log(STARTED, spoken, MessageErased(2)), SECRET),
        (
            log(STARTED, spoken, QuestionPassed("jurista", "maestro"), MessageErased(2)),
            SECRET,
        ),
    ]


def _opening(language: Language) -> list[Event]:
    """Records 1 to 15: a message corrected, one taken back, a side turn, votes."""
    return [
        replace(STARTED, language=language, started_by=ANA),
        MaterialAdded("acta.md", "Acta de la reunión."),
        HEAD,
        TurnRequested(1, "guia", ask=("medica",)),
        turn(1),
        MessageHeard(BEA, "¿Y los domigos?", to="maestro", message="m1"),
        MessageEdited(BEA, of=6, text="¿Y los domingos por la mañana?"),
        turn(2),
        TurnRequested(3, "maestro", Kind.SIDE, answers=BEA),
        side_turn(3, "maestro"),
        MessageHeard(ANA, SECRET, message="m2"),
        MessageErased(of=11, by=ANA),
        VoteCast(2, ANA, 1),
        VoteCast(2, BEA, -1),
        VoteCast(2, BEA, 1),
    ]


def _middle() -> list[Event]:
    """A person in a seat, small things together, the synthesis so far, the moderator steps in."""
    there = Place("slack:T2", "C2", "9")
    spoken = replace(
        seat_turn(4), persona="jurista", name="Jurista", next="maestro", answer="Yo vivo al lado."
    )
    return [
        SeatTaken("jurista", BEA),
        *(DebatePaused(ANA), DebateResumed(ANA), DebatePaused(ANA), DebateResumed(ANA)),
        PaceChanged(Pace.STEP, ANA),
        MaterialAdded("plano.pdf", "Planta baja y patio.", by=BEA),
        TurnRequested(4, "jurista", ask=("maestro",), person=BEA),
        spoken,
        SummaryAsked(ANA),
        TurnRequested(5, "maestro", asked_by="jurista"),
        TurnSkipped(5, "maestro", ANA),
        QuestionPassed("jurista", "medica"),
        TurnRequested(0, "guia", Kind.SUMMARY, answers=ANA),
        SummaryGiven(SO_FAR, usage=USAGE, seconds=1.0),
        MirrorOpened(there, ANA),
        TurnRequested(5, "guia", Kind.STEP_IN, ask=("medica",), repeated=True),
        replace(turn(1), turn=5, kind=Kind.STEP_IN, answer="Las dos dicen lo mismo."),
        TurnRequested(6, "jurista", person=BEA),
        SeatLapsed(6, BEA),
        replace(turn(6, question=""), persona="jurista", name="Jurista"),
        SeatLeft("jurista", BEA),
    ]


def _first_close() -> list[Event]:
    """The channel's budget ends it; somebody asks on."""
    return [
        SynthesisRequested(Reason.TOKEN_BUDGET, scope=Scope.CHANNEL),
        closed(Reason.TOKEN_BUDGET, replace(SYNTHESIS, summary="Primer cierre.")),
        MessageHeard(ANA, "¿Y si llueve?", to="medica"),
        TurnRequested(7, "medica", Kind.SIDE, answers=ANA),
        side_turn(7, "medica"),
    ]


def _second_close() -> list[Event]:
    """One more round, and what is asked after it."""
    return [
        DebateReopened(ANA),
        TurnRequested(8, "guia", ask=("medica",)),
        replace(turn(1), turn=8, answer="Sigamos."),
        RoundAdded(ANA),
        MirrorEnded(Place("slack:T2", "C2", "9"), ANA),
        turn(9, question=""),
        SynthesisRequested(Reason.STOPPED, ANA),
        closed(Reason.STOPPED),
        TurnRequested(10, "maestro", Kind.SIDE, answers=BEA),
        side_turn(10, "maestro"),
    ]


def _ring(number: int) -> Seat:
    debaters = SEATS[1:]
    return SEATS[0] if number == 1 else debaters[(number - 2) % len(debaters)]
