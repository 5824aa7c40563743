"""What people do with an app beyond talking: commands, shortcuts, presses, submissions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fakes.slack.apps import App, Installation
from tests.fakes.slack.clock import SlackClock
from tests.fakes.slack.deliveries import Deliveries
from tests.fakes.slack.messages import Message
from tests.fakes.slack.outcome import Outcome, Sending
from tests.fakes.slack.protocol import Json
from tests.fakes.slack.triggers import ResponseUrls, Triggers
from tests.fakes.slack.views import View
from tests.fakes.slack.workspace import Channel, User

if TYPE_CHECKING:
    from tests.fakes.slack.server import LocalSlack


class Interactivity:
    """Makes the payloads and brings them to the app; what comes of it, the person is shown."""

    def __init__(
        self,
        deliveries: Deliveries,
        triggers: Triggers,
        urls: ResponseUrls,
        clock: SlackClock,
        slack: LocalSlack,
    ) -> None:
        self._deliveries, self._triggers, self._urls = deliveries, triggers, urls
        self._clock, self._slack = clock, slack

    async def command(
        self, installed: Installation, user: User, channel: Channel, name: str, text: str
    ) -> Outcome:
        """A slash command; a developer's cannot be run in a thread, so it names none."""
        app, team = installed.app, self._slack.workspaces.teams[user.team_id]
        url = str((app.command(name) or {}).get("url", ""))
        payload: Json = {
            "token": app.verification_token,
            "team_id": team.id,
            "team_domain": team.domain,
            "channel_id": channel.id,
            "channel_name": _channel_name(channel),
            "user_id": user.id,
            "user_name": user.name,
            "command": name,
            "text": text,
            "api_app_id": app.id,
            "is_enterprise_install": str(installed.is_org_wide).lower(),
            "response_url": self._urls.give(installed, channel, user.id, None),
            "trigger_id": self._triggers.give(app, user.id),
        }
        if team.enterprise_id is not None:
            payload |= {"enterprise_id": team.enterprise_id, "enterprise_name": "Enterprise"}
        return await self._send(app, url, Sending("slash_commands", payload, takes_answer=True))

    async def press(
        self, installed: Installation, user: User, where: Message | View, action: Json
    ) -> Outcome:
        """A button, a menu or another element, in a message or a view."""
        payload = self._head("block_actions", installed, user)
        payload["actions"] = [action | {"action_ts": self._clock.ts()}]
        if isinstance(where, View):
            payload["container"] = {"type": "view", "view_id": where.id}
            payload["view"] = where.as_json()
        else:
            payload |= self._of_message(installed, user, where)
            payload["container"] = _container(where)
            payload["state"] = {"values": {}}
        return await self._interact(installed.app, payload)

    async def submit(self, view: View, user: User) -> Outcome:
        """A modal's submit button."""
        payload = self._head("view_submission", view.installation, user)
        payload |= {"view": view.as_json(), "response_urls": []}
        return await self._interact(view.installation.app, payload, takes_answer=True)

    async def closed(self, view: View, user: User, *, is_cleared: bool) -> Outcome:
        """A modal was closed, of which the app wanted to know."""
        payload = self._head("view_closed", view.installation, user)
        payload.pop("trigger_id")
        payload |= {"view": view.as_json(), "is_cleared": is_cleared}
        return await self._interact(view.installation.app, payload)

    async def shortcut(
        self, installed: Installation, user: User, callback_id: str, message: Message | None
    ) -> Outcome:
        """A shortcut, from a message's menu or from anywhere."""
        kind = "shortcut" if message is None else "message_action"
        payload = self._head(kind, installed, user)
        payload |= {"callback_id": callback_id, "action_ts": self._clock.ts()}
        if message is not None:
            payload |= self._of_message(installed, user, message)
            payload["message_ts"] = message.ts
        return await self._interact(installed.app, payload)

    def _head(self, kind: str, installed: Installation, user: User) -> Json:
        team = self._slack.workspaces.teams[user.team_id]
        enterprise = (
            None if team.enterprise_id is None else {"id": team.enterprise_id, "name": "Enterprise"}
        )
        return {
            "type": kind,
            "token": installed.app.verification_token,
            "team": {"id": team.id, "domain": team.domain},
            "user": {
                "id": user.id,
                "username": user.name,
                "name": user.name,
                "team_id": user.team_id,
            },
            "api_app_id": installed.app.id,
            "trigger_id": self._triggers.give(installed.app, user.id),
            "enterprise": enterprise,
            "is_enterprise_install": installed.is_org_wide,
        }

    def _of_message(self, installed: Installation, user: User, message: Message) -> Json:
        channel = self._slack.workspaces.channels[message.channel]
        about: Json = {
            "channel": {"id": channel.id, "name": _channel_name(channel)},
            "response_url": self._urls.give(installed, channel, user.id, message),
        }
        if message.only_for is None:
            about["message"] = message.as_json()
        return about

    async def _interact(self, app: App, payload: Json, *, takes_answer: bool = False) -> Outcome:
        sending = Sending("interactive", payload, takes_answer)
        return await self._send(app, app.interactivity_url, sending)

    async def _send(self, app: App, url: str, sending: Sending) -> Outcome:
        outcome = await self._deliveries.request(app, url, sending)
        self._slack.changes.tell()
        return outcome


def _channel_name(channel: Channel) -> str:
    return {"im": "directmessage", "private": "privategroup"}.get(channel.kind, channel.name)


def _container(message: Message) -> Json:
    container: dict[str, Any] = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": message.only_for is not None,
    }
    if message.thread_ts is not None:
        container["thread_ts"] = message.thread_ts
    return container
