"""A user: a person, the bot of an application, or the face that a webhook shows."""

from __future__ import annotations

from dataclasses import dataclass

from tests.fakes.discord.protocol import Json


@dataclass(slots=True, eq=False)
class User:
    """`locale` comes with their interactions."""

    id: str
    name: str
    is_bot: bool = False
    is_webhook: bool = False
    avatar_url: str | None = None
    locale: str = "en-US"

    def as_json(self) -> Json:
        """As messages and members show them."""
        return {
            "id": self.id,
            "username": self.name,
            "discriminator": "0000" if self.is_bot else "0",
            "global_name": None if self.is_bot else self.name.title(),
            "avatar": None,
            "bot": self.is_bot,
            "public_flags": 0,
        }
