"""How a command fails: one clear line on standard error, and a status that scripts can use.

0 all is well; 1 the debate ended because its model gave out; 2 what was asked for cannot be had;
3 a server does not answer; 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import sys

from bots.chat.i18n import explained, translator, users_language
from engine.debate.explained import Explained
from engine.ports import ModelAway, ModelRefused, StoreAway, UnknownDebate

MODEL_GAVE_OUT = 1
NOT_TO_BE_HAD = 2
NOBODY_ANSWERS = 3
STOPPED_BY_HAND = 130

FAILURES = (Explained, ModelAway, ModelRefused, StoreAway, UnknownDebate, OSError)
"""What a person can mend; anything else is a bug, and shows where."""


def exit_status(error: Exception) -> int:
    """The process's status for this error."""
    return NOBODY_ANSWERS if isinstance(error, ModelAway | StoreAway) else NOT_TO_BE_HAD


def say(error: Exception) -> None:
    """The error's one line, in the user's language."""
    language = users_language()
    if isinstance(error, UnknownDebate):
        line = translator(language)("There is no debate {id} here.").format(id=error)
    else:
        line = explained(error, language)
    sys.stderr.write(f"tertulia: {' '.join(line.split())}\n")
