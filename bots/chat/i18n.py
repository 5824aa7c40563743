"""What a person reads, in their language: gettext, English as the key, Spanish beside it.

The command line's help is made of this: what takes long to import is imported when it is needed.
"""

from __future__ import annotations

import gettext
import os
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.debate.events import Problem
    from engine.debate.panel import Language

Translate = Callable[[str], str]

_LOCALE = Path(__file__).parent / "locale"


@cache
def translator(language: Language) -> Translate:
    """The function that gives an English text in this language."""
    return gettext.translation("tertulia", _LOCALE, [language], fallback=language == "en").gettext


def explained(error: Exception, language: Language) -> str:
    """An error's one line in this language; of an error that nobody worded, its own text."""
    from engine.debate.explained import Explained, one_line

    if isinstance(error, Explained):
        values = {name: _said(value, language) for name, value in error.values.items()}
        return translator(language)(error.text).format(**values)
    return one_line(str(error))


def problem(what: Problem, translate: Translate) -> str:
    """What a log says went wrong, in one line."""
    return translate(what.text).format(**what.values)


def _said(value: object, language: Language) -> object:
    from engine.debate.explained import Explained

    return explained(value, language) if isinstance(value, Explained) else value


def users_language() -> Language:
    """The language of whoever sits at this terminal, as POSIX says: LC_ALL, LC_MESSAGES, LANG."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return "es" if re.match("es(?![a-z])", value.lower()) else "en"
    return "en"
