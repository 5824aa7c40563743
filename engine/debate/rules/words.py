"""How much a person may say at once."""

from __future__ import annotations

from engine.debate.commands import Rejected

MESSAGE_CHARS = 40_000


def check_words(text: str) -> None:
    """Raises `Rejected` where there are no words, or more than the log keeps."""
    if not text.strip():
        raise Rejected("The message is empty.")
    if len(text) > MESSAGE_CHARS:
        raise Rejected(
            "The message has {length} characters; at most {most} fit.",
            length=len(text),
            most=MESSAGE_CHARS,
        )
