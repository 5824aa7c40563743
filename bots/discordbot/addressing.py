"""Whom a message is for: the bot, by its name or by the role that it came with; or a persona.

The client's completion offers a bot's own role beside the bot itself, under the same name. The ping
of a reply is no address: it stands in no words.
"""

from __future__ import annotations

from collections.abc import Sequence

from bots.discordbot.heard import Said, names_any
from bots.discordbot.parts import Parts
from bots.discordbot.readable import readable, roles_in, users_in, without
from engine.debate.events import Seat


class Addressing:
    """Reads mentions."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._personas = {voice.user: persona for persona, voice in parts.voices.items()}

    async def names_us(self, said: Said) -> bool:
        """Whether the words mention the bot."""
        return names_any(said, self._parts.us.user) or bool(await self._our_roles(said))

    async def words(self, said: Said) -> str:
        """What they wrote, as it reads, without the bot's mention."""
        ours = await self._our_roles(said)
        return readable(without(said.text, self._parts.us.user, *ours), said.names).strip()

    async def persona(self, said: Said, seats: Sequence[Seat]) -> str | None:
        """The first persona whose bot or whose role the words mention."""
        ids = [seat.id for seat in seats]
        voices = (self._personas.get(user) for user in users_in(said.text))
        voice = next((persona for persona in voices if persona in ids), None)
        if voice is not None or said.spot.guild is None or not roles_in(said.text):
            return voice
        roles = await self._parts.roles.of(said.spot.guild)
        named = [roles[role].name for role in roles_in(said.text) if role in roles]
        by_name = {_bare(seat.name): seat.id for seat in reversed(seats)}
        return next((by_name[_bare(name)] for name in named if _bare(name) in by_name), None)

    async def _our_roles(self, said: Said) -> list[str]:
        """The roles in the words that are the bot's own."""
        mentioned = roles_in(said.text)
        if said.spot.guild is None or not mentioned:
            return []
        roles = await self._parts.roles.of(said.spot.guild)
        ours = (role.id for role in roles.values() if role.bot == self._parts.us.user)
        return [role for role in ours if role in mentioned]


def _bare(name: str) -> str:
    return " ".join(name.casefold().split())
