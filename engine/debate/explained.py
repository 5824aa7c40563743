"""Errors that a person reads: one line that says what is wrong and what to do."""

from __future__ import annotations


class Explained(Exception):
    """`text` is a message to translate, `values` stand in its braces; `str` is the English line."""

    def __init__(self, text: str, **values: object) -> None:
        super().__init__(text.format(**values))
        self.text = text
        self.values = values
