"""The table of commands: how each is written in either language, what it does, and who may.

What is parsed, what help says and what docs/commands.md lists all come from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bots.chat.grammar.asks import Verb
from bots.chat.grammar.words import bare_phrase
from engine.debate.explained import marked as _
from engine.debate.panel import Language


class Who(StrEnum):
    """Who may use a command."""

    ANYBODY = "anybody"
    STEERS = "steers"
    """Whoever started the debate, or everyone if it was started so; and those who manage."""
    MANAGES = "manages"
    """Those who manage the channel or administer the workspace."""
    MANAGES_TO_CHANGE = "manages to change"
    """The same, where it changes something; anybody may look."""


@dataclass(frozen=True, slots=True)
class Form:
    """One command."""

    verb: Verb
    english: tuple[str, ...]
    """The first is the one that help shows; either language is understood everywhere."""
    spanish: tuple[str, ...]
    does: str
    """In English, to be translated."""
    who: Who = Who.ANYBODY
    arguments: tuple[str, str] = ("", "")
    """As help shows them, in English and in Spanish."""

    @property
    def phrases(self) -> tuple[str, ...]:
        """Every way to write it."""
        return self.english + self.spanish

    def usage(self, language: Language) -> str:
        """The command as one writes it."""
        words, place = (self.spanish, 1) if language == "es" else (self.english, 0)
        return f"{words[0]} {self.arguments[place]}".strip()


FORMS = (
    Form(
        Verb.START,
        ("start", "debate", "begin"),
        ("debatir", "debate", "empezar", "empieza", "iniciar", "comenzar"),
        _("Start a debate. The word itself can be left out."),
        arguments=("TOPIC [OPTION=VALUE …]", "TEMA [OPCIÓN=VALOR …]"),
    ),
    Form(
        Verb.STATUS,
        ("status",),
        ("estado", "situación"),
        _("How far the debate is, and what is left of its budget."),
    ),
    Form(
        Verb.PAUSE,
        ("pause", "hold on", "wait"),
        ("pausa", "pausar", "pause", "espere"),
        _("Let the running turn end, then wait."),
        Who.STEERS,
    ),
    Form(
        Verb.RESUME,
        ("resume", "continue", "unpause", "go on"),
        ("seguir", "continuar", "reanudar", "sigue", "siga", "continúa", "continúe"),
        _("Go on after a pause."),
        Who.STEERS,
    ),
    Form(
        Verb.NEXT,
        ("next", "next turn", "next speaker"),
        ("siguiente", "siguiente turno", "próximo", "próximo turno"),
        _("Let the next turn begin, at the pace step by step."),
        Who.STEERS,
    ),
    Form(
        Verb.SKIP,
        ("skip", "skip turn", "skip speaker", "skip the speaker"),
        ("saltar", "salta", "omitir", "saltar turno"),
        _("Pass the speaker over, in mid-sentence if need be."),
        Who.STEERS,
    ),
    Form(
        Verb.SUMMARY,
        ("summary", "summary so far", "sum up", "synthesis", "recap"),
        ("resumen", "resumen hasta ahora", "resumir", "síntesis"),
        _("The moderator's synthesis so far."),
        Who.STEERS,
    ),
    Form(
        Verb.ANOTHER,
        ("another round", "another", "one more round"),
        ("otra ronda", "otra", "otra más", "otra ronda más", "una ronda más"),
        _("Debate one more round; a closed debate opens again for it."),
        Who.STEERS,
    ),
    Form(
        Verb.PACE,
        ("pace", "speed"),
        ("ritmo", "velocidad"),
        _("As fast as the model speaks, as people read, or turn by turn."),
        Who.STEERS,
        ("live | reading | step", "vivo | lectura | paso"),
    ),
    Form(
        Verb.STOP,
        ("stop", "end", "finish"),
        ("detener", "parar", "para", "pare", "detén", "detenga", "terminar", "stop"),
        _("Close the debate now, with a synthesis."),
        Who.STEERS,
    ),
    Form(
        Verb.SEAT,
        ("seat", "take seat", "take the seat"),
        ("asiento", "tomar asiento"),
        _("Speak for a persona from its next turn on, or give its seat back."),
        arguments=("NAME | leave", "NOMBRE | dejar"),
    ),
    Form(
        Verb.VOTE,
        ("vote",),
        ("votar", "vota", "voto"),
        _("Like a turn, or not, or take the vote back."),
        arguments=("TURN up | down | none", "TURNO sí | no | nada"),
    ),
    Form(
        Verb.MIRROR,
        ("mirror",),
        ("espejo",),
        _("Show a debate in a second thread: make a code here, enter it there, or end it."),
        Who.MANAGES,
        ("[CODE | end]", "[CÓDIGO | terminar]"),
    ),
    Form(
        Verb.EXPORT,
        ("export", "transcript", "download"),
        ("exportar", "transcripción", "descargar"),
        _("The transcript as files."),
        arguments=("[md | json | html]", "[md | json | html]"),
    ),
    Form(
        Verb.PANELS,
        ("panels", "list panels"),
        ("paneles", "ver paneles"),
        _("The panels there are, and who sits in them."),
    ),
    Form(
        Verb.SETTINGS,
        ("settings", "defaults"),
        ("ajustes", "configuración"),
        _("How this channel's debates start where nothing else is said."),
        Who.MANAGES_TO_CHANGE,
        ("[OPTION=VALUE … | reset]", "[OPCIÓN=VALOR … | borrar]"),
    ),
    Form(
        Verb.HELP,
        ("help", "commands", "?"),
        ("ayuda", "comandos"),
        _("What can be written here."),
        arguments=("[COMMAND]", "[COMANDO]"),
    ),
)

FORM_OF = {form.verb: form for form in FORMS}

PHRASES = {bare_phrase(phrase): form.verb for form in FORMS for phrase in form.phrases}
"""Each phrase as it is compared."""

LONGEST_PHRASE = max(map(len, PHRASES))
