"""What the Discord bots have to be allowed, and the links that invite them with it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode

from engine.debate.explained import marked as _

AUTHORIZE = "https://discord.com/oauth2/authorize"
PORTAL = "https://discord.com/developers/applications"

ADMINISTRATOR = 1 << 3
NAMES = {
    1 << 10: _("View Channels"),
    1 << 11: _("Send Messages"),
    1 << 14: _("Embed Links"),
    1 << 15: _("Attach Files"),
    1 << 16: _("Read Message History"),
    1 << 28: _("Manage Roles"),
    1 << 29: _("Manage Webhooks"),
    1 << 34: _("Manage Threads"),
    1 << 35: _("Create Public Threads"),
    1 << 38: _("Send Messages in Threads"),
}
"""By their bits, as Discord's own pages call them."""
_SPEAKS = (1 << 10) | (1 << 11) | (1 << 14) | (1 << 16) | (1 << 38)
_LISTENS = _SPEAKS | (1 << 15) | (1 << 34) | (1 << 35)
ROLES = 1 << 28
"""For `tertulia discord roles`; the bot itself does without."""
WEBHOOKS = 1 << 29

Identity = Literal["webhook", "bots"]


@dataclass(frozen=True, slots=True)
class Who:
    """A bot in a server, for the overwrites of its channels."""

    guild: str
    user: str
    roles: Collection[str]
    """Without the one that everybody has, which has the server's id."""


def needed(identity: Identity) -> int:
    """By the bot that listens, in each channel that it works in."""
    return _LISTENS | (WEBHOOKS if identity == "webhook" else 0)


def invite_link(app: str, identity: Identity) -> str:
    """Brings the bot that listens into a server, with its commands."""
    return _link(app, needed(identity) | ROLES, ("bot", "applications.commands"))


def persona_link(app: str) -> str:
    """Brings a persona's own bot, which only speaks."""
    return _link(app, _SPEAKS, ("bot",))


def names(permissions: int) -> list[str]:
    """What the bits say, to be translated."""
    return [name for bit, name in NAMES.items() if permissions & bit]


def in_channel(of_roles: Iterable[int], overwrites: Sequence[dict[str, Any]], who: Who) -> int:
    """What is left in a channel of what the roles allow, as Discord computes it."""
    base = 0
    for allowed in of_roles:
        base |= allowed
    if base & ADMINISTRATOR:
        return -1
    for chosen in (
        [o for o in overwrites if o["id"] == who.guild],
        [o for o in overwrites if o["id"] in who.roles],
        [o for o in overwrites if o["id"] == who.user],
    ):
        deny = allow = 0
        for overwrite in chosen:
            deny, allow = deny | int(overwrite["deny"]), allow | int(overwrite["allow"])
        base = (base & ~deny) | allow
    return base


def _link(app: str, permissions: int, scopes: Iterable[str]) -> str:
    asked = {"client_id": app, "permissions": permissions, "scope": " ".join(scopes)}
    return f"{AUTHORIZE}?{urlencode(asked)}"
