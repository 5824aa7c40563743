"""A small workspace to test in: two people, two channels, and an app with everything it may ask."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack.apps import App, Installation
from tests.fakes.slack.people import Person
from tests.fakes.slack.protocol import Json
from tests.fakes.slack.server import LocalSlack
from tests.fakes.slack.timing import Timing
from tests.fakes.slack.workspace import Channel, Team

SCOPES = [
    "app_mentions:read",
    "channels:history",
    "channels:join",
    "channels:read",
    "chat:write",
    "chat:write.customize",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "reactions:read",
    "reactions:write",
    "team:read",
    "usergroups:read",
    "users:read",
]
EVENTS = [
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "channel_archive",
    "channel_left",
    "channel_unarchive",
    "file_shared",
    "member_joined_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "reaction_added",
    "reaction_removed",
    "tokens_revoked",
    "user_change",
]


def manifest(**settings: object) -> Json:
    """The app's; `settings` go over those of Socket Mode."""
    return {
        "display_information": {"name": "Panel"},
        "features": {
            "bot_user": {"display_name": "Panel", "always_online": True},
            "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
            "slash_commands": [
                {"command": "/panel", "description": "Talk", "should_escape": True},
            ],
            "shortcuts": [
                {"name": "Discuss", "type": "message", "callback_id": "discuss"},
                {"name": "New", "type": "global", "callback_id": "new"},
            ],
        },
        "oauth_config": {
            "scopes": {"bot": list(SCOPES)},
            "redirect_urls": ["http://127.0.0.1:1/slack/oauth_redirect"],
        },
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True},
            "socket_mode_enabled": True,
            **settings,
        },
    }


@dataclass(slots=True)
class Office:
    """Ana and Luis are in #general with the app; Ana alone, without it, in the private #board."""

    slack: LocalSlack
    team: Team
    ana: Person
    luis: Person
    general: Channel
    board: Channel
    app: App
    installed: Installation
    app_token: str
    client: AsyncWebClient

    def client_of(self, token: str) -> AsyncWebClient:
        """A client without retries that speaks with this token."""
        return AsyncWebClient(token, base_url=self.slack.api_url, retry_handlers=[])

    def second_app(self) -> Installation:
        """Another app of the same kind, installed and in #general."""
        other = manifest()
        other["display_information"]["name"] = "Other"
        other["features"]["bot_user"]["display_name"] = "Other"
        installed = self.slack.install(self.slack.app(other), self.team)
        self.slack.join(self.general, installed.bot)
        return installed

    async def refusal(self, method: str, **args: object) -> str:
        """The code with which the call is refused."""
        return await refusal(self.client, method, **args)


async def refusal(client: AsyncWebClient, method: str, **args: object) -> str:
    """The code with which this client's call is refused."""
    try:
        await client.api_call(method, data={name: _in_form(args[name]) for name in args})
    except SlackApiError as error:
        return str(error.response["error"])
    raise AssertionError(f"{method} was not refused")


def _in_form(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


@asynccontextmanager
async def office(timing: Timing | None = None, **settings: object) -> AsyncIterator[Office]:
    """Opens it."""
    async with LocalSlack.open(timing) as slack:
        team = slack.team()
        ana = slack.person(team, "ana", locale="es-ES", is_admin=True)
        luis = slack.person(team, "luis")
        app = slack.app(manifest(**settings))
        installed = slack.install(app, team)
        general = slack.channel(team, "general", ana, luis, installed.bot)
        board = slack.channel(team, "board", ana, kind="private")
        client = AsyncWebClient(installed.bot_token, base_url=slack.api_url, retry_handlers=[])
        app_token = slack.registry.app_token(app, "connections:write")
        yield Office(slack, team, ana, luis, general, board, app, installed, app_token, client)


@asynccontextmanager
async def connected(place: Office, bolt: AsyncApp, connections: int = 1) -> AsyncIterator[None]:
    """Runs a bolt app over so many Socket Mode connections."""
    handlers = [
        AsyncSocketModeHandler(bolt, place.app_token, web_client=place.client, ping_interval=0.2)
        for _ in range(connections)
    ]
    before = len(place.slack.sockets.connections(place.app))
    try:
        for handler in handlers:
            await handler.connect_async()  # type: ignore[no-untyped-call] # bolt says no types
        await place.slack.until(
            lambda: len(place.slack.sockets.connections(place.app)) == before + connections
        )
        yield
    finally:
        for handler in handlers:
            await handler.close_async()  # type: ignore[no-untyped-call] # bolt says no types


def bolt_app(place: Office) -> AsyncApp:
    """A bolt app without listeners."""
    return AsyncApp(client=place.client, signing_secret=place.app.signing_secret)
