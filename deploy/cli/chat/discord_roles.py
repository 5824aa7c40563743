"""The personas' roles in a server: made mentionable, given to people, taken away, deleted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bots.chat.i18n import users_language
from bots.discordbot.faces import colour_of
from bots.discordbot.roles import Role, named, role_of
from deploy.cli.chat.discord_api import DiscordApi
from deploy.cli.chat.personas import panel_for, persona_of
from deploy.cli.output import Answer, Table, translation
from engine.debate.explained import Explained
from engine.debate.explained import marked as _
from engine.debate.panel import Panel, Persona
from engine.settings import DiscordSettings

ROLES = "GET /guilds/{guild}/roles"
_PAGE = {"limit": "200"}

Json = dict[str, Any]


class WhichServer(Explained):
    """The bot is in none, in several, or not in the one that was named."""


class NoRole(Explained):
    """There is no role of this persona's name."""


@dataclass(frozen=True, slots=True)
class Servant:
    """The bot in one server."""

    api: DiscordApi
    guild: str

    async def roles(self) -> list[Role]:
        """Those of the server."""
        return [role_of(told) for told in await self.api.call(ROLES, guild=self.guild)]


Work = Callable[[Servant], Awaitable[Answer]]


async def in_server(discord: DiscordSettings, server: str | None, work: Work) -> Answer:
    """Has it done in this server, or in the only one that the bot is in.

    Raises:
        WhichServer, NotSetUp, DiscordRefused, PlatformAway
    """
    async with DiscordApi.open(discord) as api:
        listed = await api.call("GET /users/@me/guilds", query=_PAGE)
        guilds = {str(guild["id"]): str(guild["name"]) for guild in listed}
        return await work(Servant(api, _which(guilds, server)))


def created(panel: str | None) -> Work:
    """Makes the roles that lack; one that is there and cannot be mentioned is made so."""

    async def work(servant: Servant) -> Answer:
        roles = await servant.roles()
        done = {}
        for persona in _panel(panel).personas:
            role = named(roles, persona.name)
            done[persona.id] = await _made(servant, persona, role)
        return _told(done, _panel(panel))

    return work


def given(panel: str | None, persona: str, user: str, *, takes: bool = False) -> Work:
    """Gives a persona's role to somebody, or takes it."""

    async def work(servant: Servant) -> Answer:
        who = persona_of(_panel(panel), persona)
        role = named(await servant.roles(), who.name)
        if role is None:
            raise NoRole(
                "the server has no role {name}; make it first: tertulia discord roles create",
                name=who.name,
            )
        method = "DELETE" if takes else "PUT"
        route = f"{method} /guilds/{{guild}}/members/{{user}}/roles/{{role}}"
        await servant.api.call(route, guild=servant.guild, user=user, role=role.id)
        translate = translation()
        said = (
            translate("{user} is no longer called when {name} is next.")
            if takes
            else translate("{user} is called whenever {name} is next.")
        )
        return Answer(
            {"role": role.id, "user": user, "has_it": not takes},
            [said.format(user=user, name=who.name)],
        )

    return work


def removed(panel: str | None) -> Work:
    """Deletes them; a role that came with a bot is not ours to delete."""

    async def work(servant: Servant) -> Answer:
        roles = await servant.roles()
        done = {}
        for persona in _panel(panel).personas:
            role = named(roles, persona.name)
            if role is not None:
                route = "DELETE /guilds/{guild}/roles/{role}"
                await servant.api.call(route, guild=servant.guild, role=role.id)
                done[persona.id] = (role.id, _("deleted"))
        return _told(done, _panel(panel))

    return work


async def _made(servant: Servant, persona: Persona, role: Role | None) -> tuple[str, str]:
    if role is None:
        body: Json = {
            "name": persona.name,
            "color": colour_of(persona.colour),
            "permissions": "0",
            "mentionable": True,
        }
        told = await servant.api.call("POST /guilds/{guild}/roles", body, guild=servant.guild)
        return str(told["id"]), _("made")
    if role.is_mentionable:
        return role.id, _("is there")
    route = "PATCH /guilds/{guild}/roles/{role}"
    await servant.api.call(route, {"mentionable": True}, guild=servant.guild, role=role.id)
    return role.id, _("made mentionable")


def _panel(named_: str | None) -> Panel:
    return panel_for(named_, users_language())


def _which(guilds: dict[str, str], server: str | None) -> str:
    shown = ", ".join(f"{name} ({id_})" for id_, name in guilds.items())
    if not guilds:
        raise WhichServer("the bot is in no server yet; invite it: tertulia discord invite")
    if server is None and len(guilds) == 1:
        return next(iter(guilds))
    if server is None:
        raise WhichServer("say which server, with --server; the bot is in {servers}", servers=shown)
    if server not in guilds:
        raise WhichServer(
            "the bot is not in the server {server}; it is in {servers}",
            server=server,
            servers=shown,
        )
    return server


def _told(done: dict[str, tuple[str, str]], panel: Panel) -> Answer:
    translate = translation()
    names = {persona.id: persona.name for persona in panel.personas}
    rows = [(names[id_], role, translate(what)) for id_, (role, what) in done.items()]
    columns = (translate(_("persona")), translate(_("role")), translate(_("state")))
    data = [
        {"persona": id_, "role": role, "done": what.replace(" ", "_")}
        for id_, (role, what) in done.items()
    ]
    return Answer(data, [Table(columns, rows, nothing=translate(_("There is no such role.")))])
