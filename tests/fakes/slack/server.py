"""The local Slack as a whole: its servers, and what a test sets up in it."""

from __future__ import annotations

import asyncio
import copy
import mimetypes
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from tests.fakes.changes import Changes
from tests.fakes.slack import manifests
from tests.fakes.slack.apps import App, Code, Installation, Registry
from tests.fakes.slack.clock import EPOCH, Ids, SlackClock
from tests.fakes.slack.deliveries import Deliveries
from tests.fakes.slack.events import Announcer
from tests.fakes.slack.faults import Faults
from tests.fakes.slack.http_mode import HttpMode
from tests.fakes.slack.interactivity import Interactivity
from tests.fakes.slack.limits import Limits
from tests.fakes.slack.people import Person
from tests.fakes.slack.posting import Posting
from tests.fakes.slack.protocol import Json
from tests.fakes.slack.socket_mode import Sockets
from tests.fakes.slack.timing import Timing
from tests.fakes.slack.trace import Trace
from tests.fakes.slack.triggers import ResponseUrls, Triggers
from tests.fakes.slack.views import Views
from tests.fakes.slack.web_api.dispatch import WebApi
from tests.fakes.slack.web_pages import WebPages
from tests.fakes.slack.workspace import (
    Channel,
    ChannelKind,
    File,
    Team,
    User,
    UserGroup,
    Workspaces,
)


class LocalSlack:
    """`LocalSlack.open()` runs it; its parts are open to tests."""

    def __init__(self, timing: Timing, epoch: int) -> None:
        self.timing = timing
        self.url = ""
        """`http://127.0.0.1:PORT`, without a slash at the end."""
        self.ids, self.clock = Ids(), SlackClock(epoch)
        self.changes, self.trace, self.faults = Changes(), Trace(), Faults()
        self.limits = Limits(self.clock)
        self.workspaces = Workspaces(self.ids)
        self.registry = Registry(self.ids, self.workspaces, self.clock)
        self.sockets = Sockets(timing, self.ids, self.trace, self.changes)
        self.http = HttpMode(timing, self.trace)
        self.deliveries = Deliveries(self.sockets, self.http, self.clock, self.ids, self.changes)
        self.announcer = Announcer(self.registry, self.deliveries, self.clock)
        self.posting = Posting(self.workspaces, self.announcer, self.clock, self.changes)
        self.views = Views(self.ids, self.clock)
        self.triggers = Triggers(self.clock, self.ids, timing)
        self.response_urls = ResponseUrls(self.posting, self.clock, self.ids, timing)
        self.interactivity = Interactivity(
            self.deliveries, self.triggers, self.response_urls, self.clock, self
        )

    @classmethod
    @asynccontextmanager
    async def open(
        cls, timing: Timing | None = None, *, port: int = 0, epoch: int = EPOCH
    ) -> AsyncIterator[LocalSlack]:
        """Listens on loopback; port 0: a free one; `epoch`: when its time starts, Unix seconds."""
        slack = cls(timing or Timing(), epoch)
        pages = WebPages(slack)
        app = web.Application(client_max_size=1 << 26)
        app.router.add_route("*", "/api/{method}", WebApi(slack).handle)
        app.router.add_get("/link/", slack.sockets.connect)
        app.router.add_post("/commands/{team}/{key}", pages.response_url)
        app.router.add_post("/upload/v1/{file}", pages.upload)
        app.router.add_get("/files-pri/{file}/{name}", pages.download)
        app.router.add_get("/oauth/v2/authorize", pages.authorize)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", port).start()
            host, bound = runner.addresses[0][:2]
            slack.url = slack.response_urls.base = f"http://{host}:{bound}"
            slack.sockets.url = f"ws://{host}:{bound}"
            yield slack
        finally:
            await slack.close()
            await runner.cleanup()

    @property
    def api_url(self) -> str:
        """What `AsyncWebClient(base_url=…)` is given."""
        return f"{self.url}/api/"

    async def until(self, met: Callable[[], object], within_s: float = 10.0) -> None:
        """Waits until this is so, looking again whenever anything happened.

        Raises:
            TimeoutError
        """
        await self.changes.until(met, within_s)

    async def close(self) -> None:
        """Stops what runs in the background."""
        for task in self.faults.later:
            task.cancel()
        await asyncio.gather(*self.faults.later, return_exceptions=True)
        await self.deliveries.close()
        await self.sockets.close()
        await self.http.close()

    def team(self, name: str = "acme", *, enterprise_id: str | None = None) -> Team:
        """A new workspace."""
        team = Team(self.ids.mint("T"), name.title(), name, enterprise_id)
        self.workspaces.teams[team.id] = team
        return team

    def person(
        self, team: Team, name: str, *, locale: str = "en-US", is_admin: bool = False
    ) -> Person:
        """A new member of the workspace."""
        prefix = "U" if team.enterprise_id is None else "W"
        user = User(self.ids.mint(prefix), team.id, name, name.title(), locale, is_admin=is_admin)
        self.workspaces.users[user.id] = user
        return Person(self, user)

    def admin(self, team_id: str) -> Person:
        """The first admin of this team, or of the only one where none is named."""
        users = self.workspaces.users.values()
        found = next(u for u in users if u.is_admin and (u.team_id == team_id or not team_id))
        return Person(self, found)

    def channel(
        self, team: Team, name: str, *members: Person | User, kind: ChannelKind = "public"
    ) -> Channel:
        """A new channel; nobody is told that these are in it."""
        users = [m.user if isinstance(m, Person) else m for m in members]
        creator = users[0].id if users else ""
        found = Channel(
            self.ids.mint("C"), team.id, name, kind, creator, [user.id for user in users]
        )
        self.workspaces.channels[found.id] = found
        return found

    def group(self, team: Team, handle: str, *members: Person) -> UserGroup:
        """A new user group."""
        users = [member.user.id for member in members]
        group = UserGroup(self.ids.mint("S"), team.id, handle, handle.title(), users)
        self.workspaces.groups[group.id] = group
        return group

    def app(self, manifest: Json) -> App:
        """A new app, from a manifest as api.slack.com takes it.

        Raises:
            ValueError: the manifest would not be taken.
        """
        wrong = manifests.problems(manifest)
        if wrong:
            raise ValueError("; ".join(wrong))
        return self.registry.create(copy.deepcopy(manifest))

    def app_from(self, link: str) -> App:
        """A new app from a prefilled link, as somebody gets who clicks it.

        Raises:
            ValueError
        """
        return self.app(manifests.from_link(link))

    def install(
        self, app: App, team: Team, *, scopes: frozenset[str] | None = None
    ) -> Installation:
        """Installs it as an admin would in the app's settings; `scopes`: other than it asks for."""
        return self.registry.install(app, team, "", scopes)

    def authorized(
        self,
        app: App,
        person: Person,
        scopes: frozenset[str],
        redirect: str,
        *,
        is_org_wide: bool = False,
    ) -> str:
        """The code with which an app becomes installed, once somebody has allowed it."""
        team = self.workspaces.teams[person.user.team_id]
        code = self.ids.secret()
        expires_at = self.clock.seconds() + self.timing.code_s
        self.registry.codes[code] = Code(
            app, team, person.user.id, scopes, redirect, expires_at, is_org_wide
        )
        return code

    def join(self, channel: Channel, user: User, inviter: str = "") -> None:
        """Somebody, or a bot, comes into the channel."""
        if user.id not in channel.members:
            channel.members.append(user.id)
            self.announcer.member(channel, user, inviter, is_joined=True)
            self.changes.tell()

    def leave(self, channel: Channel, user: User, actor: str = "") -> None:
        """Somebody, or a bot, leaves the channel or is taken out of it."""
        channel.members.remove(user.id)
        self.announcer.member(channel, user, "", is_joined=False)
        if user.is_bot:
            self.announcer.bot_left(channel, user, actor)
        self.changes.tell()

    def revoke(self, installation: Installation) -> None:
        """Revokes the installation's tokens."""
        self.registry.revoke(installation, "token_revoked")
        self.announcer.removed(installation, is_uninstalled=False)
        self.changes.tell()

    def uninstall(self, installation: Installation) -> None:
        """Takes the app out of the workspace: its tokens are revoked, its bot user is gone."""
        self.registry.revoke(installation, "account_inactive")
        installation.is_active, installation.bot.is_deleted = False, True
        self.announcer.removed(installation, is_uninstalled=False)
        self.announcer.removed(installation, is_uninstalled=True)
        for channel in self.workspaces.of_team(installation.team.id):
            if channel.kind != "im" and installation.bot.id in channel.members:
                channel.members.remove(installation.bot.id)
        self.changes.tell()

    def new_file(self, team_id: str, user: str, name: str) -> File:
        """A file of which nothing but the name is known yet."""
        file_id = self.ids.mint("F")
        mimetype = mimetypes.guess_type(name)[0] or "text/plain"
        url = f"{self.url}/files-pri/{file_id}/{name}"
        file = File(file_id, team_id, name, name, mimetype, user, url)
        self.workspaces.files[file_id] = file
        return file
