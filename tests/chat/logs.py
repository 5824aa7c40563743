"""Logs of made-up debates, in the shapes that a debate's log can have."""

from __future__ import annotations

from dataclasses import replace

from engine.debate.events import (
    DebateClosed,
    DebateStarted,
    Event,
    HeadReason,
    HeadStarted,
    Kind,
    MaterialAdded,
    MessageHeard,
    Reason,
    Record,
    Seat,
    Synthesis,
    SynthesisRequested,
    TurnRequested,
    TurnSpoken,
    Usage,
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
    heard = MessageHeard("Ana", "¿Y los domingos?", to="jurista")
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


def _ring(number: int) -> Seat:
    debaters = SEATS[1:]
    return SEATS[0] if number == 1 else debaters[(number - 2) % len(debaters)]
