"""How a command fails: one clear line on standard error, and a status that scripts can use.

- 0: it is done.
- 1: it is done, and what came of it is bad news: the model gave out, a dead letter could not be put
  back, something is to be seen to.
- 2: what was asked for cannot be had: it is misspelt, not there or not allowed, or a setting will
  not do.
- 3: a server does not answer; it may later.
- 130: stopped by Ctrl-C.
"""

from __future__ import annotations

import sys

import orjson
import typer

from bots.chat.i18n import explained, users_language
from engine.debate.explained import Explained
from engine.ports.model import ModelAway
from engine.ports.store import StoreAway

BAD_NEWS = 1
NOT_TO_BE_HAD = 2
NOBODY_ANSWERS = 3
STOPPED_BY_HAND = 130


class PlatformAway(Explained):
    """Slack or Discord does not answer."""


FAILURES = (Explained, OSError, typer.TyperException)
"""What a person can mend; anything else is a bug, and shows where."""


def first(group: ExceptionGroup[Exception]) -> Exception:
    """What went wrong first, of tasks that went down together."""
    error: Exception = group
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return error


def exit_status(error: Exception) -> int:
    """The process's status for this error."""
    return (
        NOBODY_ANSWERS if isinstance(error, ModelAway | StoreAway | PlatformAway) else NOT_TO_BE_HAD
    )


def say(error: Exception, *, as_json: bool = False) -> None:
    """The error's one line, in the user's language."""
    if isinstance(error, typer.TyperException):
        line = " ".join(error.format_message().split())
    else:
        line = explained(error, users_language())
    if as_json:
        told = orjson.dumps({"error": line, "status": exit_status(error)}).decode()
        sys.stderr.write(f"{told}\n")
    else:
        sys.stderr.write(f"tertulia: {line}\n")
