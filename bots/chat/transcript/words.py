"""The fixed words of a transcript, and how a language writes dates and numbers.

Braces are filled by `str.format` with values that are never templates themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from engine.debate.panel import Language


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words."""

    date: str
    months: tuple[str, ...]
    thousands: str
    decimal: str
    percent: str
    minutes: str
    less_than_a_second: str

    debate: str
    panel: str
    model: str
    prompt_version: str
    material: str
    characters: str
    turn_count: str
    one_turn: str
    turns: str
    under_way: str
    nobody_spoke: str

    who_asked_whom: str
    picture_hint: str
    picture_text: str
    moderates: str
    turn: str
    started_by: str
    by_person: str
    in_seat: str
    side_turn: str
    answers: str
    steps_in: str
    edited: str
    taken_back: str
    repaired: str
    defaulted: str
    message: str
    running_summary: str
    summary_so_far: str
    asked_for_by: str
    times: str

    synthesis: str
    after_close: str
    went_on: str
    stopped_by: str
    agreements: str
    disagreements: str
    open_questions: str
    from_the_log: str

    figures: str
    ended: str
    tokens: str
    cached: str
    speaking: str
    calls: str
    repairs: str
    defaults: str


ENGLISH = Words(
    date="{day} {month} {year}, {hour:02}:{minute:02} UTC",
    months=(
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    thousands=",",
    decimal=".",
    percent="{number}%",
    minutes="{minutes} min {seconds} s",
    less_than_a_second="under 1 s",
    debate="Debate",
    panel="Panel",
    model="Model",
    prompt_version="prompt {version}",
    material="Material",
    characters="{count} characters",
    turn_count="{count} turns",
    one_turn="1 turn",
    turns="Turns",
    under_way="The debate is still under way.",
    nobody_spoke="Nobody has spoken.",
    who_asked_whom="Who asked whom",
    picture_hint="The numbers are the turns in which the question was put.",
    picture_text="{asker} asks {asked}: {turns}",
    moderates="moderates",
    turn="Turn {number}",
    started_by="Started by {person}",
    by_person="a person in this seat",
    in_seat="{person} in this seat",
    side_turn="aside",
    answers="answers {person}",
    steps_in="steps in: the last two said the same",
    edited="edited",
    taken_back="These words were taken back.",
    repaired="second try",
    defaulted="partly filled in",
    message="from the thread",
    running_summary="The moderator's running summary",
    summary_so_far="The synthesis so far",
    asked_for_by="asked for by {person}",
    times="({count} times)",
    synthesis="Synthesis",
    after_close="After the close",
    went_on="It had ended: {why}. Then it was opened again.",
    stopped_by="{person} stopped it",
    agreements="Agreements",
    disagreements="Disagreements",
    open_questions="Open questions",
    from_the_log="Written from the log, without the model.",
    figures="In figures",
    ended="It ended",
    tokens="Tokens",
    cached="Prompt from cache",
    speaking="Speaking time",
    calls="Model calls",
    repairs="Second tries",
    defaults="Filled in",
)

SPANISH = Words(
    date="{day} de {month} de {year}, {hour:02}:{minute:02} UTC",
    months=(
        *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
        *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
    ),
    thousands=".",
    decimal=",",
    percent="{number} %",
    minutes="{minutes} min {seconds} s",
    less_than_a_second="menos de 1 s",
    debate="Debate",
    panel="Panel",
    model="Modelo",
    prompt_version="instrucciones {version}",
    material="Material",
    characters="{count} caracteres",
    turn_count="{count} turnos",
    one_turn="1 turno",
    turns="Turnos",
    under_way="El debate sigue en curso.",
    nobody_spoke="Nadie ha hablado.",
    who_asked_whom="Quién preguntó a quién",
    picture_hint="Los números son los turnos en que se hizo la pregunta.",
    picture_text="{asker} pregunta a {asked}: {turns}",
    moderates="modera",
    turn="Turno {number}",
    started_by="Lo inició {person}",
    by_person="una persona en este asiento",
    in_seat="{person} en este asiento",
    side_turn="aparte",
    answers="responde a {person}",
    steps_in="interviene: las dos últimas respuestas decían lo mismo",
    edited="editado",
    taken_back="Estas palabras se retiraron.",
    repaired="segundo intento",
    defaulted="completado en parte",
    message="desde el hilo",
    running_summary="Resumen de quien modera hasta aquí",
    summary_so_far="La síntesis hasta aquí",
    asked_for_by="a petición de {person}",
    times="({count} veces)",
    synthesis="Síntesis",
    after_close="Después del cierre",
    went_on="Había terminado: {why}. Después se reabrió.",
    stopped_by="{person} lo detuvo",
    agreements="Acuerdos",
    disagreements="Desacuerdos",
    open_questions="Preguntas abiertas",
    from_the_log="Escrita a partir del registro, sin el modelo.",
    figures="En cifras",
    ended="Terminó",
    tokens="Tokens",
    cached="Prompt desde caché",
    speaking="Tiempo de palabra",
    calls="Llamadas al modelo",
    repairs="Segundos intentos",
    defaults="Completados",
)


def words(language: Language) -> Words:
    """The words of this language."""
    return SPANISH if language == "es" else ENGLISH


def date(at_ms: int, words: Words) -> str:
    """A day and a time of day, UTC, as people read them."""
    at = datetime.fromtimestamp(at_ms // 1000, UTC)
    month = words.months[at.month - 1]
    return words.date.format(day=at.day, month=month, year=at.year, hour=at.hour, minute=at.minute)


def time_of_day(at_ms: int) -> str:
    """Hours and minutes, UTC."""
    return f"{datetime.fromtimestamp(at_ms // 1000, UTC):%H:%M}"


def number(value: int, words: Words) -> str:
    """A whole number, its thousands parted."""
    return f"{value:,}".replace(",", words.thousands)


def percent(share: float, words: Words) -> str:
    """A share of 0 to 1 as a percentage with one decimal."""
    return words.percent.format(number=f"{share * 100:.1f}".replace(".", words.decimal))


def duration(seconds: float, words: Words) -> str:
    """Minutes and seconds."""
    whole = round(seconds)
    if not whole:
        return words.less_than_a_second
    return (
        f"{whole} s"
        if whole < 60
        else words.minutes.format(minutes=whole // 60, seconds=whole % 60)
    )


def turn_count(count: int, words: Words) -> str:
    """So many turns."""
    return words.one_turn if count == 1 else words.turn_count.format(count=number(count, words))
