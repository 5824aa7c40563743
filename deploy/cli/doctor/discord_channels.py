"""Discord's channels: what the bot may do in each, and a post through a webhook, tried."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from typing import Any

from bots.chat.i18n import translator
from bots.discordbot.marks import custom_ids
from bots.discordbot.refusals import UNAUTHORISED, DiscordRefused
from bots.discordbot.roles import Role, named, role_of
from bots.discordbot.setup import token_of
from bots.discordbot.webhooks import NAME as WEBHOOK
from deploy.cli.chat.discord_api import DiscordApi
from deploy.cli.chat.discord_roles import ROLES, Servant, created
from deploy.cli.chat.permissions import Who, in_channel, names, needed
from deploy.cli.chat.personas import panel_for
from deploy.cli.doctor.findings import Asked, Finding, Mending, fail, ok, warn
from deploy.cli.failure import PlatformAway
from engine.debate.explained import Explained
from engine.debate.explained import marked as _
from engine.settings import DiscordSettings

TEXT, FORUM = 0, 15
CUSTOM_ID = "tertulia-doctor"
GREETING = _("Tertulia's doctor tries whether it can post here. This goes away by itself.")
VIEW = 1 << 10

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Server:
    """A server that the bot is in."""

    api: DiscordApi
    guild: Json
    who: Who
    roles: Sequence[Json]

    @property
    def id(self) -> str:
        """Its own."""
        return str(self.guild["id"])

    def allowed_in(self, channel: Json) -> int:
        """What the bot may do there, as bits."""
        mine = {self.id, *self.who.roles}
        of_roles = [int(role["permissions"]) for role in self.roles if role["id"] in mine]
        return in_channel(of_roles, channel.get("permission_overwrites") or [], self.who)


async def channels(asked: Asked) -> AsyncIterator[Finding]:
    """In each server; one channel of them is posted to."""
    discord = asked.settings.discord
    if not token_of(discord):
        return
    try:
        async with DiscordApi.open(discord) as api:
            async for finding in _everywhere(api, asked):
                yield finding
    except DiscordRefused as refused:
        if refused.status != UNAUTHORISED:  # else the bot's own probe has said it
            raise
    except PlatformAway:
        return  # so has it said that


async def _everywhere(api: DiscordApi, asked: Asked) -> AsyncIterator[Finding]:
    user = (await api.us()).user
    posts_to: Json | None = None
    for guild in await api.call("GET /users/@me/guilds", query={"limit": "200"}):
        server = await _server(api, guild, user)
        listed = await api.call("GET /guilds/{guild}/channels", guild=server.id)
        lacking, posts_here = _looked(server, listed, asked)
        for finding in lacking:
            yield finding
        posts_to = posts_to or posts_here
        yield _roles(server, asked)
    if posts_to is not None and asked.settings.discord.identity == "webhook":
        async for finding in _webhook(api, posts_to, asked):
            yield finding


def _looked(server: Server, listed: list[Json], asked: Asked) -> tuple[list[Finding], Json | None]:
    """What the channels lack, and one that can be posted to."""
    wanted = needed(asked.settings.discord.identity)
    findings, posts_to, seen = [], None, 0
    translate = translator(asked.language)
    for channel in listed:
        if channel["type"] not in (TEXT, FORUM):
            continue
        allowed, is_meant = server.allowed_in(channel), channel["id"] == asked.discord_channel
        if not allowed & VIEW and not is_meant:
            continue  # kept from the bot, and so meant
        seen += 1
        missing = list(map(translate, names(wanted & ~allowed)))
        if missing:
            findings.append(_lacks(channel, missing))
        is_first = asked.discord_channel is None and channel["type"] == TEXT and not missing
        if is_meant or (is_first and posts_to is None):
            posts_to = channel
    if not findings:
        what = Explained(
            "in {server}, the bot may do its work in {number} channels",
            server=server.guild["name"],
            number=seen,
        )
        findings = [ok("discord.permissions", what)]
    return findings, posts_to


def _lacks(channel: Json, missing: list[str]) -> Finding:
    return fail(
        "discord.permissions",
        Explained(
            "in #{channel}, the bot lacks {permissions}",
            channel=channel["name"],
            permissions=", ".join(missing),
        ),
        Explained("Debates cannot be held there, or only in part."),
        Explained("Allow it in the channel's settings, or invite it anew: tertulia discord invite"),
    )


def _roles(server: Server, asked: Asked) -> Finding:
    """The personas' roles, by which they are tagged in identity `webhook`."""
    roles = [role_of(told) for told in server.roles]
    wanted = panel_for(None, asked.language).personas
    there: dict[str, Role | None] = {one.name: named(roles, one.name) for one in wanted}
    shut = [name for name, role in there.items() if role and not role.is_mentionable]
    if shut:
        return warn(
            "discord.roles",
            Explained("these roles cannot be mentioned: {roles}", roles=", ".join(shut)),
            Explained("Who has the role is not called when the persona is next."),
            Explained("tertulia discord roles create"),
            _making(asked.settings.discord, server.id),
        )
    missing = [name for name, role in there.items() if role is None]
    if missing:
        return warn(
            "discord.roles",
            Explained("personas without a role: {personas}", personas=", ".join(missing)),
            Explained("They are tagged by their names in bold, which call nobody."),
            Explained("tertulia discord roles create"),
            _making(asked.settings.discord, server.id),
        )
    return ok("discord.roles", Explained("each persona has a role that can be mentioned"))


def _making(discord: DiscordSettings, guild: str) -> Mending:
    async def mending() -> None:
        async with DiscordApi.open(discord) as api:
            await created(None)(Servant(api, guild))

    return mending


async def _webhook(api: DiscordApi, channel: Json, asked: Asked) -> AsyncIterator[Finding]:
    """Made if there is none, posted through, read back; then all of it is taken away."""
    id_ = str(channel["id"])
    async with AsyncExitStack() as stack:
        try:
            hook = await _found_or_made(api, id_, stack)
            told = await _posted(api, hook, asked)
        except DiscordRefused as refused:
            yield fail(
                "discord.webhook",
                refused,
                Explained("Personas speak by webhook: nobody is heard there."),
                Explained("Let the bot manage webhooks; a channel takes fifteen of them."),
            )
            return
        route = "DELETE /webhooks/{webhook}/{token}/messages/{message}"
        stack.push_async_callback(
            partial(api.call, route, message=str(told["id"]), **_address(hook))
        )
        yield ok("discord.webhook", Explained("personas can post to #{c}", c=channel["name"]))
        yield await _read_back(api, id_, str(told["id"]))


async def _found_or_made(api: DiscordApi, channel: str, stack: AsyncExitStack) -> Json:
    app = (await api.us()).app
    listed = await api.call("GET /channels/{channel}/webhooks", channel=channel)
    for told in listed:
        if told.get("name") == WEBHOOK and told.get("application_id") == app and told.get("token"):
            return dict(told)
    route = "POST /channels/{channel}/webhooks"
    made: Json = await api.call(route, {"name": WEBHOOK}, channel=channel)
    away = partial(api.call, "DELETE /webhooks/{webhook}/{token}", **_address(made))
    stack.push_async_callback(away)
    return made


async def _posted(api: DiscordApi, hook: Json, asked: Asked) -> Json:
    button = {"type": 2, "style": 2, "emoji": {"name": "❓"}, "custom_id": CUSTOM_ID}
    body: Json = {
        "content": translator(asked.language)(GREETING),
        "username": "Doctor",
        "allowed_mentions": {"parse": []},
        "components": [{"type": 1, "components": [button]}],
    }
    told: Json = await api.call(
        "POST /webhooks/{webhook}/{token}",
        body,
        query={"wait": "true"},
        **_address(hook),
    )
    return told


def _address(hook: Json) -> Json:
    """What a route with a webhook in it is filled in with."""
    return {"webhook": str(hook["id"]), "token": str(hook["token"])}


async def _read_back(api: DiscordApi, channel: str, message: str) -> Finding:
    route = "GET /channels/{channel}/messages/{message}"
    why = Explained("A post whose answer was lost may then be posted twice.")
    try:
        told = await api.call(route, channel=channel, message=message)
    except DiscordRefused as refused:
        mend = Explained("Let the bot read the channel's message history.")
        return fail("discord.read", refused, why, mend)
    if CUSTOM_ID in custom_ids(told.get("components")):
        return ok("discord.read", Explained("a post and its key can be read back"))
    return warn(
        "discord.read",
        Explained("a post can be read back, but not its key"),
        why,
        Explained("Switch the Message Content Intent on."),
    )


async def _server(api: DiscordApi, guild: Json, user: str) -> Server:
    id_ = str(guild["id"])
    member = await api.call("GET /guilds/{guild}/members/{user}", guild=id_, user=user)
    roles = await api.call(ROLES, guild=id_)
    return Server(api, guild, Who(id_, user, frozenset(member["roles"])), roles)
