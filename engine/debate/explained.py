"""Errors that a person reads: one line that says what is wrong and what to do."""

from __future__ import annotations

from engine.debate.events import Problem
from engine.debate.text import clean

MOST_CHARS = 300
"""A longer value from outside is cut."""


class Explained(Exception):
    """`text` is a message to translate, `values` stand in its braces; `str` is the English line.

    What comes from outside is always a value, never part of the text. Values are made one line; one
    that is itself `Explained` is translated along with the text it stands in.
    """

    def __init__(self, text: str, **values: object) -> None:
        self.text = text
        self.values: dict[str, str | int | float | Explained] = {
            name: _plain(value) for name, value in values.items()
        }
        super().__init__(text.format(**self.values))

    def problem(self) -> Problem:
        """The same, to be kept in a log."""
        plain = {n: str(v) if isinstance(v, Explained) else v for n, v in self.values.items()}
        return Problem(self.text, plain)


def one_line(text: str) -> str:
    """The text's beginning in one line, without what a terminal or a chat would act on."""
    line = " ".join(clean(text[: MOST_CHARS * 2]).split())
    return line if len(line) <= MOST_CHARS else f"{line[: MOST_CHARS - 1]}…"


def marked(text: str) -> str:
    """Marks a text for translation, as `_("…")`; it is translated where it is shown."""
    return text


def reason(error: OSError) -> object:
    """Why the system would not, as a value: the usual reasons can be translated."""
    text = next((text for kind, text in _REASONS.items() if isinstance(error, kind)), None)
    return Explained(text) if text else error.strerror or error


def _plain(value: object) -> str | int | float | Explained:
    return value if isinstance(value, int | float | Explained) else one_line(str(value))


_ = marked

_REASONS: dict[type[OSError], str] = {
    FileNotFoundError: _("No such file or directory"),
    IsADirectoryError: _("Is a directory"),
    NotADirectoryError: _("Not a directory"),
    PermissionError: _("Permission denied"),
}
