"""Which of two messages of one thread came first, by the platform's ids of them. Pure."""

from __future__ import annotations


def order(message: str) -> tuple[int, str]:
    """To compare by: ids are numbers, and those of one length are in the order of their text."""
    return len(message), message
