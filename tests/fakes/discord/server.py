"""The local Discord as a whole: its server, and what a test sets up in it."""

from __future__ import annotations

import asyncio
import mimetypes
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from tests.fakes.changes import Changes
from tests.fakes.discord.announcer import Announcer
from tests.fakes.discord.applications import PRIVILEGED, Application, Intent
from tests.fakes.discord.clock import DiscordClock
from tests.fakes.discord.faults import Faults
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.guilds import Channel, Guild, Kind, Member, Role
from tests.fakes.discord.interactions import Interactions
from tests.fakes.discord.limits import Limits
from tests.fakes.discord.mentions import Allowed
from tests.fakes.discord.messages import Message, without_content
from tests.fakes.discord.people import Person
from tests.fakes.discord.permissions import EVERYONE, NONE, Overwrite, Permission
from tests.fakes.discord.posting import Posting
from tests.fakes.discord.protocol import API, Json
from tests.fakes.discord.rest.dispatch import Rest
from tests.fakes.discord.timing import Timing
from tests.fakes.discord.trace import Trace
from tests.fakes.discord.users import User
from tests.fakes.discord.world import World


class LocalDiscord:
    """`LocalDiscord.open()` runs it; its parts are open to tests."""

    def __init__(self, timing: Timing) -> None:
        self.timing = timing
        self.url = ""
        """`http://127.0.0.1:PORT`, without a slash at the end."""
        self.shards = 1
        """How many `/gateway/bot` recommends."""
        self.unknown_routes: list[str] = []
        """What was asked for that this Discord does not have, such as `GET /api/v10/voice`."""
        self.clock, self.changes, self.trace = DiscordClock(), Changes(), Trace()
        self.world, self.faults = World(), Faults()
        self.limits = Limits(self.clock)
        self.gateway = Gateway(self)
        self.announcer = Announcer(self)
        self.posting = Posting(self)
        self.interactions = Interactions(self)

    @classmethod
    @asynccontextmanager
    async def open(
        cls, timing: Timing | None = None, *, port: int = 0
    ) -> AsyncIterator[LocalDiscord]:
        """Listens on loopback; port 0: a free one."""
        discord = cls(timing or Timing())
        app = web.Application(client_max_size=1 << 26)
        Rest(discord).serve(app)
        app.router.add_get("/gateway", discord.gateway.connect)
        app.router.add_get("/attachments/{channel}/{id}/{name}", discord.download)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", port).start()
            host, bound = runner.addresses[0][:2]
            discord.url = f"http://{host}:{bound}"
            yield discord
        finally:
            for task in discord.faults.later:
                task.cancel()
            await asyncio.gather(*discord.faults.later, return_exceptions=True)
            discord.gateway.stop()
            await runner.cleanup()

    @property
    def api_url(self) -> str:
        """What `discord.http.Route.BASE` is set to."""
        return f"{self.url}{API}"

    @property
    def gateway_url(self) -> str:
        """What `discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY` is set to."""
        return f"{self.url.replace('http', 'ws')}/gateway"

    async def until(self, met: Callable[[], object], within_s: float = 10.0) -> None:
        """Waits until this is so, looking again whenever anything happened.

        Raises:
            TimeoutError
        """
        await self.changes.until(met, within_s)

    def person(self, name: str, *, locale: str = "en-US") -> Person:
        """A new person, in no guild yet."""
        user = User(self.clock.snowflake(), name, locale=locale)
        self.world.users[user.id] = user
        return Person(self, user)

    def guild(self, name: str, owner: Person, *others: Person) -> Guild:
        """A new guild."""
        guild = Guild.new(self.clock.snowflake(), name, owner.user.id)
        self.world.guilds[guild.id] = guild
        for person in (owner, *others):
            self.join(guild, person.user)
        return guild

    def join(self, guild: Guild, user: User) -> Member:
        """Somebody comes into the guild."""
        member = guild.members[user.id] = Member(user, self.clock.now())
        self.announcer.member("GUILD_MEMBER_ADD", guild, member)
        return member

    def channel(self, guild: Guild, name: str, kind: Kind = Kind.TEXT) -> Channel:
        """A new channel, in which everybody may do what their roles allow."""
        found = Channel(self.clock.snowflake(), kind, name, guild.id)
        self.world.channels[found.id] = found
        self.announcer.channel("CHANNEL_CREATE", found)
        return found

    def remove_channel(self, channel: Channel) -> None:
        """It is gone, with its threads and webhooks."""
        world = self.world
        for thread in [c for c in world.channels.values() if c.parent is channel]:
            self.remove_channel(thread)
        for webhook in [w for w in world.webhooks.values() if w.channel_id == channel.id]:
            del world.webhooks[webhook.id]
        name = "THREAD_DELETE" if channel.is_thread else "CHANNEL_DELETE"
        self.announcer.channel(name, channel)
        del world.channels[channel.id]

    def change_thread(self, thread: Channel, *, is_archived: bool, is_locked: bool) -> None:
        """Archives or locks a thread, or takes that back."""
        if thread.is_archived != is_archived:
            thread.archive_changed_at = self.clock.now()
        thread.is_archived, thread.is_locked = is_archived, is_locked
        self.announcer.channel("THREAD_UPDATE", thread)

    def role(self, guild: Guild, name: str, *members: Person, is_mentionable: bool = False) -> Role:
        """A new role of these people."""
        role = Role(self.clock.snowflake(), name, is_mentionable=is_mentionable)
        guild.roles[role.id] = role
        self.announcer.role("GUILD_ROLE_CREATE", guild, role)
        for person in members:
            guild.members[person.user.id].roles.append(role.id)
        return role

    def app(self, name: str, owner: Person, *, allowed: Intent = PRIVILEGED) -> Application:
        """A new application; `allowed`: the privileged intents it may ask for."""
        user = User(self.clock.snowflake(), name, is_bot=True)
        self.world.users[user.id] = user
        app = Application(user, self.clock.secret(), owner.user, allowed)
        self.world.apps[app.id] = app
        return app

    def install(self, app: Application, guild: Guild, permissions: Permission = EVERYONE) -> Role:
        """Brings its bot into the guild; the role that it gets, which is managed by it."""
        role = Role(self.clock.snowflake(), app.user.name, permissions, position=10)
        role.app_id = app.id
        guild.roles[role.id] = role
        guild.members[app.id] = Member(app.user, self.clock.now(), [role.id])
        self.announcer.guild_joined(app, guild)
        return role

    def remove(self, app: Application, guild: Guild) -> None:
        """Takes the bot out of the guild, with its role and its webhooks' rights."""
        self.announcer.guild_left(app, guild)
        member = guild.members.pop(app.id)
        for role_id in [r for r in member.roles if guild.roles[r].app_id == app.id]:
            del guild.roles[role_id]
        self.changes.tell()

    def overwrite(
        self,
        channel: Channel,
        whose: Role | User | Guild,
        *,
        allow: Permission = NONE,
        deny: Permission = NONE,
    ) -> None:
        """What a role, a user, or everybody in the guild may or may not do in this channel."""
        kind = 1 if isinstance(whose, User) else 0
        channel.overwrites[whose.id] = Overwrite(allow, deny, kind)
        self.announcer.channel("CHANNEL_UPDATE", channel)

    def direct(self, *users: User) -> Channel:
        """The direct message of these users, opened if there is none."""
        channel, is_new = self.world.direct(self.clock.snowflake(), *users)
        if is_new:
            self.announcer.channel("CHANNEL_CREATE", channel)
        return channel

    def draft(self, channel: Channel, author: User) -> Message:
        """A message that nobody sees yet."""
        return Message(self.clock.snowflake(), channel.id, author, guild_id=channel.guild_id)

    def post_in_forum(
        self, forum: Channel, name: str, draft: Message, allowed: Allowed, archive_min: int = 4320
    ) -> Channel:
        """A new post: a thread that has the id of its first message."""
        thread = self.posting.open_thread(forum, draft.author, name, draft, archive_min)
        draft.channel_id, draft.thread = thread.id, None
        self.posting.post(thread, draft, allowed)
        return thread

    def shown(self, app: Application, message: Message, intents: Intent) -> Json:
        """A message as an application sees it that has these intents.

        What its own webhooks posted counts as another's: Discord does not say that it is the
        application's own, so nothing may rely on it.
        """
        whole = message.as_json(app.id)
        is_own = message.author is app.user
        is_direct = message.guild_id is None
        if Intent.CONTENT in intents or is_own or is_direct or app.user in message.mentions.users:
            return whole
        return without_content(whole)

    def attach(self, channel_id: str, name: str, content: bytes, kind: str = "") -> Json:
        """Keeps a file, and says where it is."""
        id_ = self.clock.snowflake()
        path = f"/attachments/{channel_id}/{id_}/{name}"
        self.world.files[path] = content
        guessed = mimetypes.guess_type(name)[0]
        return {
            "id": id_,
            "filename": name,
            "size": len(content),
            "url": self.url + path,
            "proxy_url": self.url + path,
            "content_type": guessed or kind or None,
        }

    async def download(self, request: web.Request) -> web.StreamResponse:
        """What was attached."""
        content = self.world.files.get(request.path)
        return web.Response(status=404) if content is None else web.Response(body=content)
