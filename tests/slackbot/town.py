"""Several workspaces that one app is installed in by OAuth, as people do it in their browsers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

import aiohttp
from cryptography.fernet import Fernet
from pydantic import SecretStr

from engine.settings import SecretsSettings
from tests.fakes.slack.apps import App, Installation
from tests.fakes.slack.people import Person
from tests.fakes.slack.screen import Seen
from tests.fakes.slack.workspace import Channel, Team
from tests.redis_server import RedisServer
from tests.slackbot.rig import HASTY, House, house

KEY = Fernet.generate_key().decode()


@dataclass(frozen=True, slots=True)
class Page:
    """What a browser shows in the end."""

    status: int
    text: str
    back: str
    """Where Slack sent the browser."""


@dataclass
class Town:
    """A house whose bot was given no token, and whatever teams join it."""

    home: House
    app: App
    url: str

    def bot(self, *, port: int | None = None) -> AbstractAsyncContextManager[object]:
        """A process; `port` 0: beside the first, which has the pages."""
        more = {} if port is None else {"port": port}
        return self.home.bot(HASTY, **more)

    def team(self, name: str, *, enterprise_id: str | None = None) -> Place:
        """A workspace with an admin in #general, where the app will be invited."""
        slack = self.home.slack
        team = slack.team(name, enterprise_id=enterprise_id)
        admin = slack.person(team, f"{name}-admin", is_admin=True)
        return Place(self, team, admin, slack.channel(team, f"{name}-general", admin))

    async def visits(self, team: Team, *, language: str = "", **consent: str) -> Page:
        """Somebody goes from the install page over Slack's consent page back to ours."""
        headers = {"Accept-Language": language} if language else {}
        async with aiohttp.ClientSession(headers=headers) as browser:
            start = await browser.get(f"{self.url}/slack/install", allow_redirects=False)
            assert start.status == 302
            # The cookie is for HTTPS only, so that here it is carried by hand.
            cookie = {"Cookie": start.headers["Set-Cookie"].partition(";")[0]}
            query = urlencode({"team": team.id, **consent})
            allowed = await browser.get(
                f"{start.headers['Location']}&{query}", allow_redirects=False
            )
            back = allowed.headers["Location"]
            done = await browser.get(back, headers=cookie)
            return Page(done.status, await done.text(), back)


@dataclass
class Place:
    """One workspace, its admin, and their channel."""

    town: Town
    team: Team
    admin: Person
    general: Channel

    @property
    def installed(self) -> Installation:
        """Of the app, here or in the whole Grid."""
        registry = self.town.home.slack.registry
        return next(i for i in registry.of_team(self.team.id) if i.app is self.town.app)

    async def installs(self, **consent: str) -> Page:
        """The admin installs the app, and invites it."""
        page = await self.town.visits(self.team, **consent)
        assert page.status == 200, page.text
        if self.installed.bot.id not in self.general.members:
            self.admin.invites(self.installed, self.general)
        return page

    def thread(self) -> list[Seen]:
        """Below the only card, if there is one yet."""
        cards = self.admin.sees(self.general)
        return self.admin.sees_thread(self.general, cards[0].ts)[1:] if cards else []

    async def closed(self) -> list[Seen]:
        """The thread once its files are there."""
        await self.town.home.until(lambda: any(seen.files for seen in self.thread()))
        return self.thread()


@asynccontextmanager
async def town(
    server: RedisServer, shard: str, port: int, *, rotates: bool = False
) -> AsyncIterator[Town]:
    """Opens it; `port`: where the pages will be; `rotates`: the app's tokens expire."""
    async with house(server, shard, token_rotation_enabled=rotates) as home:
        made = home.installed.app
        url = f"http://127.0.0.1:{port}"
        made.manifest["oauth_config"]["redirect_urls"] = [f"{url}/slack/oauth_redirect"]
        slack = home.settings.slack.model_copy(
            update={
                "bot_token": None,
                "client_id": made.client_id,
                "client_secret": SecretStr(made.client_secret),
                "public_url": url,
                "port": port,
            }
        )
        keys = SecretsSettings(keys=(SecretStr(KEY),))
        home.settings = home.settings.model_copy(update={"slack": slack, "secrets": keys})
        yield Town(home, made, url)
