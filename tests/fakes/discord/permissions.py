"""Who may do what, where: roles, then the channel's overwrites, as Discord computes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntFlag


class Permission(IntFlag):
    """Those that the local Discord asks for."""

    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    MANAGE_ROLES = 1 << 28
    MANAGE_WEBHOOKS = 1 << 29
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38
    PIN_MESSAGES = 1 << 51


ALL = Permission(sum(Permission))
NONE = Permission(0)
EVERYONE = (
    Permission.ADD_REACTIONS
    | Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.SEND_MESSAGES_IN_THREADS
)
"""What the @everyone role of a new guild allows."""
IN_DIRECT = EVERYONE & ~Permission.CREATE_PUBLIC_THREADS


@dataclass(slots=True)
class Overwrite:
    """What a channel allows or denies to a role, or to a member."""

    allow: Permission = NONE
    deny: Permission = NONE
    target_type: int = 0
    """0: of a role; 1: of a member."""


def of_roles(everyone: Permission, roles: Iterable[Permission], *, is_owner: bool) -> Permission:
    """What a member may do in the guild as a whole."""
    found = everyone
    for role in roles:
        found |= role
    return ALL if is_owner or Permission.ADMINISTRATOR in found else found


def in_channel(
    base: Permission,
    overwrites: dict[str, Overwrite],
    everyone_id: str,
    role_ids: Iterable[str],
    member_id: str,
) -> Permission:
    """What is left of it, or added, in a channel with these overwrites (by role or user id)."""
    if Permission.ADMINISTRATOR in base:
        return ALL
    found = _overwritten(base, overwrites.get(everyone_id, Overwrite()))
    of_his = Overwrite()
    for role_id in role_ids:
        role = overwrites.get(role_id, Overwrite())
        of_his.allow |= role.allow
        of_his.deny |= role.deny
    found = _overwritten(_overwritten(found, of_his), overwrites.get(member_id, Overwrite()))
    return found if Permission.VIEW_CHANNEL in found else NONE


def _overwritten(permissions: Permission, by: Overwrite) -> Permission:
    return (permissions & ~by.deny) | by.allow
