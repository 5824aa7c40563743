"""Help, in the reader's language, from the tables that the grammar reads by."""

from __future__ import annotations

from bots.chat.grammar.asks import Verb
from bots.chat.grammar.options import OPTIONS
from bots.chat.grammar.verbs import FORM_OF, FORMS, Form, Who
from bots.chat.i18n import translator
from engine.debate.explained import marked as _
from engine.debate.panel import Language

_WHO = {
    Who.ANYBODY: _("Anybody may."),
    Who.STEERS: _("Whoever started the debate may, and those who manage the channel."),
    Who.MANAGES: _("Those who manage the channel may."),
    Who.MANAGES_TO_CHANGE: _("Anybody may look; those who manage the channel may change it."),
}
_MEANING = {
    "panel": _("who debates"),
    "rounds": _("how often everybody speaks"),
    "rule": _("who speaks next: in a ring, whom the speaker chooses, or whom the moderator calls"),
    "language": _("what they speak"),
    "pace": _("how fast one turn follows another"),
    "steering": _("who may pause, skip and stop"),
}


def help_text(language: Language, about: Verb | None = None) -> str:
    """All commands, a line each, or one with all there is to say of it. Plain text."""
    return _all(language) if about is None else _one(FORM_OF[about], language)


def _all(language: Language) -> str:
    translate = translator(language)
    lines = [f"{form.usage(language)} — {translate(form.does)}" for form in FORMS]
    options = ", ".join(option.usage(language) for option in OPTIONS)
    return "\n".join(
        [
            translate("Write a topic to have it debated, or one of these:"),
            *lines,
            translate("Options: {options}.").format(options=options),
            translate("@NAME asks a persona; it answers you next."),
        ]
    )


def _one(form: Form, language: Language) -> str:
    translate = translator(language)
    lines = [form.usage(language), translate(form.does), translate(_WHO[form.who])]
    shown = (form.spanish if language == "es" else form.english)[0]
    others = [phrase for phrase in dict.fromkeys(form.phrases) if phrase != shown]
    if others:
        lines.append(translate("Also: {words}.").format(words=", ".join(others)))
    if form.verb in (Verb.START, Verb.SETTINGS):
        lines += [
            f"{option.usage(language)} — {translate(_MEANING[option.key])}" for option in OPTIONS
        ]
    if form.verb is Verb.START:
        lines.append(translate("A topic in quotes is never taken for a command."))
    return "\n".join(lines)
