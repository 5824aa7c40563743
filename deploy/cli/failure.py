"""How a command fails: one clear line on standard error, and a status that scripts can use.

0 all is well; 1 the debate ended because its model gave out; 2 what was asked for cannot be had;
3 a server does not answer; 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import sys

from bots.chat.i18n import explained, users_language
from engine.debate.explained import Explained
from engine.ports.model import ModelAway
from engine.ports.store import StoreAway

MODEL_GAVE_OUT = 1
NOT_TO_BE_HAD = 2
NOBODY_ANSWERS = 3
STOPPED_BY_HAND = 130

FAILURES = (Explained, OSError)
"""What a person can mend; anything else is a bug, and shows where."""


def first(group: ExceptionGroup[Exception]) -> Exception:
    """What went wrong first, of tasks that went down together."""
    error: Exception = group
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return error


def exit_status(error: Exception) -> int:
    """The process's status for this error."""
    return NOBODY_ANSWERS if isinstance(error, ModelAway | StoreAway) else NOT_TO_BE_HAD


def say(error: Exception) -> None:
    """The error's one line, in the user's language."""
    sys.stderr.write(f"tertulia: {explained(error, users_language())}\n")
