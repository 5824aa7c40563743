"""A word as it is compared: accents, case, width and unseen marks forgiven."""

from __future__ import annotations

import unicodedata

_UNSEEN = frozenset({"Mn", "Cf"})


def fold(text: str) -> str:
    """`Crítico`, `CRITICO` and `critico` are the same word; spaces stay as they are."""
    apart = unicodedata.normalize("NFKD", text)
    bare = "".join(char for char in apart if unicodedata.category(char) not in _UNSEEN)
    # Casefolding can bring marks back: the Turkish İ becomes an i and a dot above.
    folded = unicodedata.normalize("NFKD", bare.casefold())
    return "".join(char for char in folded if unicodedata.category(char) not in _UNSEEN)
