"""Text objects of Block Kit, and the list of what is wrong with blocks."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Problems:
    """What is wrong, in the words of Slack's `response_metadata.messages`."""

    lines: list[str] = field(default_factory=list)

    def add(self, at: str, what: str) -> None:
        """One more, at this JSON pointer."""
        self.lines.append(f"[ERROR] {what} [json-pointer:{at}]")


def check_text(found: Problems, text: object, at: str, most: int, *, plain: bool = False) -> None:
    """A text object of 1 to `most` characters; `plain`: only `plain_text` may stand here."""
    if not isinstance(text, dict) or not isinstance(text.get("text"), str):
        found.add(at, "missing required field: text")
        return
    kinds = ("plain_text",) if plain else ("plain_text", "mrkdwn")
    if text.get("type") not in kinds:
        found.add(f"{at}/type", f"must be one of: {', '.join(kinds)}")
    if not text["text"]:
        found.add(f"{at}/text", "must be more than 0 characters")
    if len(text["text"]) > most:
        found.add(f"{at}/text", f"must be less than {most + 1} characters")
