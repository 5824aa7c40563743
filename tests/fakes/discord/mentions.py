"""Whom a text mentions: what is written, what `allowed_mentions` lets through, who is pinged."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from tests.fakes.discord.guilds import Channel
from tests.fakes.discord.messages import Mentions, Message
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.protocol import Json, Refused
from tests.fakes.discord.world import World

_CODE = re.compile(r"\\`|```.*?```|``.*?``|`[^`]*`", re.DOTALL)
"""Code, in which nobody is mentioned; and the mark that a backslash makes a mark no more."""
_USER = re.compile(r"<@!?(\d+)>")
_ROLE = re.compile(r"<@&(\d+)>")
_ALL = re.compile(r"@(?:everyone|here)\b")
_KINDS = ("users", "roles", "everyone")
_MOST = 100

By = Literal["user", "role", "everyone", "reply"]


@dataclass(frozen=True, slots=True)
class Ping:
    """Somebody was notified of a message."""

    user_id: str
    message: Message
    by: By


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may ping: kinds as a whole, or these users and roles."""

    kinds: frozenset[str]
    users: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    replied_user: bool = True

    @classmethod
    def read(cls, given: Json | None, default: frozenset[str] = frozenset(_KINDS)) -> Allowed:
        """From a message's `allowed_mentions`; `None`: it has none, which allows `default`.

        Raises:
            Refused: 50035
        """
        if given is None:
            return cls(default)
        kinds = frozenset(given.get("parse") or ())
        if not kinds <= set(_KINDS):
            raise Refused.form("allowed_mentions", "parse takes roles, users and everyone")
        named = {kind: frozenset(map(str, given.get(kind) or ())) for kind in ("users", "roles")}
        for kind, ids in named.items():
            if ids and kind in kinds:
                raise Refused.form("allowed_mentions", f"parse has {kind}, and {kind} are listed")
            if len(ids) > _MOST:
                raise Refused.form("allowed_mentions", f"at most {_MOST} {kind}")
        return cls(kinds, named["users"], named["roles"], bool(given.get("replied_user", False)))

    def user(self, user_id: str) -> bool:
        return "users" in self.kinds or user_id in self.users

    def role(self, role_id: str) -> bool:
        return "roles" in self.kinds or role_id in self.roles


BY_WEBHOOK = frozenset({"users"})
"""What a webhook's message pings when it does not say."""


def find(world: World, channel: Channel, message: Message, allowed: Allowed) -> Mentions:
    """Whom the message mentions with effect; text in code mentions nobody.

    A role that is not mentionable needs the author's MENTION_EVERYONE, which webhooks do not
    have; for @everyone a webhook needs no more than to be allowed to.
    """
    text = _CODE.sub("", message.content)
    may_all = message.author.is_webhook or world.may(
        message.author.id, channel, Permission.MENTION_EVERYONE
    )
    guild = world.guild_of(channel)
    found = Mentions()
    for user_id in dict.fromkeys(_USER.findall(text)):
        if user_id in world.users and allowed.user(user_id):
            found.users.append(world.users[user_id])
    if guild is not None:
        is_strong = may_all and not message.author.is_webhook
        for role_id in dict.fromkeys(_ROLE.findall(text)):
            role = guild.roles.get(role_id)
            if role and (role.is_mentionable or is_strong) and allowed.role(role_id):
                found.roles.append(role_id)
        found.is_everyone = bool(_ALL.search(text)) and may_all and "everyone" in allowed.kinds
    replied = message.replied_to.author if message.replied_to else None
    is_reached = replied and not replied.is_webhook and replied not in found.users
    if replied and is_reached and allowed.replied_user:
        found.users.append(replied)
    return found


def pings(world: World, channel: Channel, message: Message) -> list[Ping]:
    """Who is notified: those who are mentioned and can see it, each once, never the author."""
    guild = world.guild_of(channel)
    replied = message.replied_to.author.id if message.replied_to else ""
    by: dict[str, By] = {}
    for user in message.mentions.users:
        is_reply = user.id == replied and f"<@{user.id}>" not in message.content
        by[user.id] = "reply" if is_reply else "user"
    for member in guild.members.values() if guild else ():
        if set(member.roles) & set(message.mentions.roles):
            by.setdefault(member.user.id, "role")
        if message.mentions.is_everyone:
            by.setdefault(member.user.id, "everyone")
    readers = set(world.readers(channel)) - {message.author.id}
    return [Ping(user_id, message, how) for user_id, how in by.items() if user_id in readers]
