"""What an interaction lets an app do for a while: open a modal once, answer five times."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from aiohttp import web

from tests.fakes.slack.apps import App, Installation
from tests.fakes.slack.clock import Ids, SlackClock
from tests.fakes.slack.messages import Message
from tests.fakes.slack.posting import Posting
from tests.fakes.slack.protocol import Json, Refused
from tests.fakes.slack.timing import Timing
from tests.fakes.slack.web_api.call import Call
from tests.fakes.slack.web_api.content import content
from tests.fakes.slack.workspace import Channel


@dataclass(slots=True)
class _Trigger:
    app: App
    user: str
    expires_at: float
    is_used: bool = False


@dataclass(slots=True)
class Triggers:
    """Trigger ids: short-lived, good for one modal."""

    clock: SlackClock
    ids: Ids
    timing: Timing
    _given: dict[str, _Trigger] = field(default_factory=dict)

    def give(self, app: App, user: str) -> str:
        """A new one, for what this person just did."""
        trigger_id = self.ids.trigger()
        self._given[trigger_id] = _Trigger(app, user, self.clock.seconds() + self.timing.trigger_s)
        return trigger_id

    def exchange(self, trigger_id: str, app: App) -> str:
        """Uses it up; gives the person before whom a modal may be opened.

        Raises:
            Refused: `invalid_trigger_id`, `expired_trigger_id`, `exchanged_trigger_id`.
        """
        trigger = self._given.get(trigger_id)
        if trigger is None or trigger.app is not app:
            raise Refused("invalid_trigger_id")
        if trigger.is_used:
            raise Refused("exchanged_trigger_id")
        if self.clock.seconds() > trigger.expires_at:
            raise Refused("expired_trigger_id")
        trigger.is_used = True
        return trigger.user


@dataclass(slots=True)
class Reply:
    """Where a response URL leads: to one person in one channel, for a while."""

    installation: Installation
    channel: Channel
    user: str
    expires_at: float
    uses_left: int
    original: Message | None
    """The message that was acted on, if it was one."""


class ResponseUrls:
    """Takes what apps post to the URLs that payloads give them."""

    def __init__(self, posting: Posting, clock: SlackClock, ids: Ids, timing: Timing) -> None:
        self.base = ""
        """`http://…` of this server."""
        self._posting, self._clock, self._ids, self._timing = posting, clock, ids, timing
        self._given: dict[str, Reply] = {}

    def give(
        self, installation: Installation, channel: Channel, user: str, original: Message | None
    ) -> str:
        """A new one."""
        key = self._ids.secret(24)
        expires_at = self._clock.seconds() + self._timing.response_url_s
        self._given[key] = Reply(
            installation, channel, user, expires_at, self._timing.response_url_uses, original
        )
        return f"{self.base}/commands/{installation.team.id}/{key}"

    def take(self, key: str, call: Call) -> web.Response:
        """One post to the URL."""
        reply = self._given.get(key)
        try:
            if reply is None:
                raise Refused("invalid_url")
            if self._clock.seconds() > reply.expires_at:
                raise Refused("expired_url")
            if reply.uses_left == 0:
                raise Refused("used_url")
            reply.uses_left -= 1
            self.say(reply, call)
        except Refused as refused:
            return web.json_response(refused.answer(), status=404)
        return web.json_response({"ok": True})

    def answer(self, installation: Installation, channel: Channel, user: str, call: Call) -> None:
        """What an app says in acknowledging a command, which it may do once without a URL.

        Raises:
            Refused
        """
        self.say(Reply(installation, channel, user, 0.0, 0, None), call)

    def say(self, reply: Reply, call: Call) -> None:
        """Shows the answer, to the person alone or to the channel, or in the original's place.

        Raises:
            Refused
        """
        if call.flag("delete_original"):
            self._delete(reply)
            return
        said = content(call)
        if call.flag("replace_original") and reply.original is not None:
            original, previous = reply.original, reply.original.as_json()
            original.text, original.blocks = said.text, said.blocks
            original.attachments, original.identity = said.attachments, None
            if original.only_for is None:
                self._posting.edited(reply.channel, original, previous)
            return
        message = self._message(reply, call)
        message.text, message.blocks = said.text, said.blocks
        message.attachments, message.links_names = said.attachments, said.links_names
        if call.text("response_type") == "in_channel":
            self._posting.post(reply.channel, message)
        else:
            message.only_for = reply.user
            self._posting.post_ephemeral(message)

    def _message(self, reply: Reply, call: Call) -> Message:
        bot = reply.installation.bot
        message = Message(self._clock.ts(), reply.channel.id, reply.channel.team_id, bot.id, "")
        message.app_id, message.bot_id = reply.installation.app.id, bot.bot_id
        message.bot_name = bot.real_name
        message.thread_ts = call.text("thread_ts") or None
        return message

    def _delete(self, reply: Reply) -> None:
        original = reply.original
        if original is None:
            return
        if original.only_for is None:
            self._posting.delete(reply.channel, original)
        else:
            self._posting.ephemerals.remove(original)


async def said_to_url(request: web.Request) -> Json:
    """The JSON that was posted to a response URL."""
    body = await request.text()
    try:
        given = json.loads(body)
    except json.JSONDecodeError:
        return {}
    return given if isinstance(given, dict) else {}
