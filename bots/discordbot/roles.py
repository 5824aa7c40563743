"""The roles that stand for personas in a server: found by the personas' names.

The admin's command line makes them; members who have one are called when its persona is next.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bots.chat.surface import Refused, RetryAfter, Unknown
from bots.discordbot.rest import Rest
from engine.ports.clock import Clock

KEPT_S = 600.0
"""Changes are heard over the gateway, see `forget`; this is for what was missed."""
AGAIN_S = 30.0
SERVERS = 2_000


@dataclass(frozen=True, slots=True)
class Role:
    """A role of a server."""

    id: str
    name: str
    is_mentionable: bool
    bot: str | None = None
    """The bot that it came with; nobody else can have it."""


@dataclass(frozen=True, slots=True)
class _Known:
    roles: Mapping[str, Role]
    until: float


class Roles:
    """The roles of the servers that the bot is in."""

    def __init__(self, rest: Rest, clock: Clock) -> None:
        self._rest, self._clock = rest, clock
        self._known: OrderedDict[str, _Known] = OrderedDict()

    async def of(self, guild: str) -> Mapping[str, Role]:
        """By id. What cannot be asked just now is as it was, or empty."""
        known, now = self._known.get(guild), self._clock.monotonic()
        if known is not None and now < known.until:
            return known.roles
        try:
            listed = await self._rest.call("GET /guilds/{guild}/roles", guild=guild)
            known = _Known({role.id: role for role in map(role_of, listed)}, now + KEPT_S)
        except (Refused, RetryAfter, Unknown):
            known = _Known(known.roles if known else {}, now + AGAIN_S)
        self._known[guild] = known
        self._known.move_to_end(guild)
        if len(self._known) > SERVERS:
            self._known.popitem(last=False)
        return known.roles

    async def named(self, guild: str, name: str) -> Role | None:
        """The role with a persona's name, whatever its case; one that can be called comes first."""
        return named((await self.of(guild)).values(), name)

    def forget(self, guild: str) -> None:
        """Its roles changed: they are asked for again when next needed."""
        self._known.pop(guild, None)


def named(roles: Iterable[Role], name: str) -> Role | None:
    """The same among these. Pure."""
    wanted = _plain(name)
    same = [role for role in roles if role.bot is None and _plain(role.name) == wanted]
    return next((role for role in same if role.is_mentionable), next(iter(same), None))


def role_of(told: Mapping[str, object]) -> Role:
    """A role as Discord lists it."""
    tags = told.get("tags")
    bot = tags.get("bot_id") if isinstance(tags, dict) else None
    name, is_mentionable = str(told["name"]), bool(told.get("mentionable"))
    return Role(str(told["id"]), name, is_mentionable, str(bot) if bot else None)


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
