"""Guilds, their members and their roles."""

from __future__ import annotations

from tests.fakes.discord.guilds import Guild, Member, Role
from tests.fakes.discord.permissions import ALL, EVERYONE, Permission
from tests.fakes.discord.protocol import Json, Refused, bounded
from tests.fakes.discord.rest.call import Call, Route

MOST_ROLES = 250


def _get(call: Call) -> Json:
    guild = call.guild()
    return guild.as_json() | {"approximate_member_count": len(guild.members)}


def _channels(call: Call) -> list[Json]:
    guild = call.guild()
    return [channel.as_json() for channel in call.discord.world.channels_of(guild)]


def _roles(call: Call) -> list[Json]:
    return [role.as_json() for role in call.guild().roles.values()]


def _member_of(call: Call, guild: Guild) -> Member:
    user = call.app.id if call.params.get("user", "@me") == "@me" else call.params["user"]
    if user not in guild.members:
        raise Refused(10007)
    return guild.members[user]


def _member(call: Call) -> Json:
    return _member_of(call, call.guild()).as_json()


def _create_role(call: Call) -> Json:
    guild = call.guild(Permission.MANAGE_ROLES)
    if len(guild.roles) >= MOST_ROLES:
        raise Refused(30005)
    name = bounded(call.body, "name", 1, 100, "new role")
    role = Role(call.discord.clock.snowflake(), name, EVERYONE)
    _set(call, role)
    guild.roles[role.id] = role
    call.discord.announcer.role("GUILD_ROLE_CREATE", guild, role)
    return role.as_json()


def _change_role(call: Call) -> Json:
    guild, role = _managed(call)
    role.name = bounded(call.body, "name", 1, 100, role.name)
    _set(call, role)
    call.discord.announcer.role("GUILD_ROLE_UPDATE", guild, role)
    return role.as_json()


def _set(call: Call, role: Role) -> None:
    body = call.body
    if "permissions" in body:
        role.permissions = Permission(int(body["permissions"])) & ALL
    role.color = int(body.get("color") or (body.get("colors") or {}).get("primary_color") or 0)
    role.is_mentionable = bool(body.get("mentionable", role.is_mentionable))


def _delete_role(call: Call) -> None:
    guild, role = _managed(call)
    del guild.roles[role.id]
    for member in guild.members.values():
        if role.id in member.roles:
            member.roles.remove(role.id)
    call.discord.announcer.role("GUILD_ROLE_DELETE", guild, role)


def _give(call: Call) -> None:
    guild, role = _managed(call)
    member = _member_of(call, guild)
    if role.id not in member.roles:
        member.roles.append(role.id)
        call.discord.announcer.member("GUILD_MEMBER_UPDATE", guild, member)


def _take(call: Call) -> None:
    guild, role = _managed(call)
    member = _member_of(call, guild)
    if role.id in member.roles:
        member.roles.remove(role.id)
        call.discord.announcer.member("GUILD_MEMBER_UPDATE", guild, member)


def _managed(call: Call) -> tuple[Guild, Role]:
    """The role of the path, which the caller may manage: it stands below its own highest.

    Raises:
        Refused: 10011, 50013, 50028
    """
    guild = call.guild(Permission.MANAGE_ROLES)
    role = guild.roles.get(call.params["role"])
    if role is None:
        raise Refused(10011)
    if role.app_id is not None or role.id == guild.id:
        raise Refused(50028)
    if role.position >= call.discord.world.top_position(call.app.id, guild):
        raise Refused(50013)
    return guild, role


_ROLE = "/guilds/{guild}/roles/{role}"
_HAS = "/guilds/{guild}/members/{user}/roles/{role}"
ROUTES = [
    Route("GET", "/guilds/{guild}", _get),
    Route("GET", "/guilds/{guild}/channels", _channels),
    Route("GET", "/guilds/{guild}/roles", _roles),
    Route("GET", "/guilds/{guild}/members/{user}", _member),
    Route("POST", "/guilds/{guild}/roles", _create_role),
    Route("PATCH", _ROLE, _change_role),
    Route("DELETE", _ROLE, _delete_role),
    Route("PUT", _HAS, _give),
    Route("DELETE", _HAS, _take),
]
