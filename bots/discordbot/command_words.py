"""The commands' names and descriptions in both languages, from the tables of the grammar."""

from __future__ import annotations

from discord import Locale, app_commands
from discord.app_commands import Choice, TranslationContextTypes, locale_str

from bots.chat.grammar import Verb
from bots.chat.grammar.options import OPTIONS
from bots.chat.grammar.verbs import FORM_OF, FORMS
from bots.chat.i18n import translator

_OPTIONS = {option.key: option for option in OPTIONS}


class Words(app_commands.Translator):
    """Spanish, of Spain and of America; English is what the commands are written in."""

    async def translate(
        self,
        string: locale_str,
        locale: Locale,
        context: TranslationContextTypes,  # noqa: ARG002 - discord.py's
    ) -> str | None:
        """See discord.py; `None`: as it stands."""
        if locale not in (Locale.spain_spanish, Locale.latin_american_spanish):
            return None
        given = string.extras.get("es")
        return str(given) if given else translator("es")(string.message)


def name_of(verb: Verb) -> locale_str:
    """A command's name: what the grammar shows first, in one word."""
    form = FORM_OF[verb]
    return named(form.english[0], form.spanish[0])


def named(english: str, spanish: str) -> locale_str:
    """A name in both languages."""
    return locale_str(_one_word(english), es=_one_word(spanish))


def does(verb: Verb) -> locale_str:
    """A command's description."""
    return locale_str(FORM_OF[verb].does)


def option_named(key: str) -> locale_str:
    """An option's name."""
    option = _OPTIONS[key]
    return named(option.english[0], option.spanish[0])


def values_of(key: str) -> list[Choice[str]]:
    """What there is to choose for an option; the values are those that the engine knows."""
    option = _OPTIONS[key]
    shown = zip(option.shown[0].split("|"), option.shown[1].split("|"), strict=True)
    return [
        Choice(name=locale_str(english, es=spanish), value=str(option.values[english]))
        for english, spanish in shown
    ]


def verbs() -> list[Choice[str]]:
    """All commands, to choose one that help is wanted for."""
    return [
        Choice(name=locale_str(form.english[0], es=form.spanish[0]), value=form.verb.value)
        for form in FORMS
    ]


def _one_word(phrase: str) -> str:
    return phrase.replace(" ", "-")
