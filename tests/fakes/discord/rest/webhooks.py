"""Webhooks: making and listing them, and their messages."""

from __future__ import annotations

from tests.fakes.discord.applications import Webhook
from tests.fakes.discord.guilds import Channel, Kind
from tests.fakes.discord.mentions import BY_WEBHOOK, Allowed
from tests.fakes.discord.messages import Message
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.protocol import Json, Refused, bounded
from tests.fakes.discord.rest.call import Call, Route, Throttled
from tests.fakes.discord.rest.drafting import fill
from tests.fakes.discord.rest.messages import edit
from tests.fakes.discord.users import User

MOST_WEBHOOKS = 15
LONGEST_NAME = 80
FORBIDDEN_PARTS = ("clyde", "discord")
FORBIDDEN = ("everyone", "here")


def named(body: Json, field: str, default: str | None = None) -> str:
    """A name that a webhook may bear.

    Raises:
        Refused: 50035
    """
    name = bounded(body, field, 1, LONGEST_NAME, default).strip()
    lower = name.lower()
    for part in FORBIDDEN_PARTS:
        if part in lower:
            raise Refused.form(field, f'{field.title()} cannot contain "{part}"')
    if not name or lower in FORBIDDEN:
        raise Refused.form(field, f'{field.title()} cannot be "{name}"')
    return name


def _create(call: Call) -> Json:
    channel, world = call.channel(Permission.MANAGE_WEBHOOKS), call.discord.world
    if channel.is_thread or channel.guild_id is None:
        raise Refused(50024)
    if sum(w.channel_id == channel.id for w in world.webhooks.values()) >= MOST_WEBHOOKS:
        raise Refused(30007)
    clock, name = call.discord.clock, named(call.body, "name")
    id_, token = clock.snowflake(), clock.secret()
    webhook = Webhook(id_, token, channel.id, channel.guild_id, name, call.app.user, call.app.id)
    world.webhooks[webhook.id] = webhook
    call.discord.announcer.webhooks(channel)
    return webhook.as_json(call.app.id, call.discord.url)


def _of_channel(call: Call) -> list[Json]:
    channel = call.channel(Permission.MANAGE_WEBHOOKS)
    return [
        webhook.as_json(call.app.id, call.discord.url)
        for webhook in call.discord.world.webhooks.values()
        if webhook.channel_id == channel.id
    ]


def _of_guild(call: Call) -> list[Json]:
    guild = call.guild(Permission.MANAGE_WEBHOOKS)
    return [
        webhook.as_json(call.app.id, call.discord.url)
        for webhook in call.discord.world.webhooks.values()
        if webhook.guild_id == guild.id
    ]


def _get(call: Call) -> Json:
    webhook = call.webhook()
    if "token" not in call.params:
        call.params["channel"] = webhook.channel_id
        call.channel(Permission.MANAGE_WEBHOOKS)
        return webhook.as_json(call.app.id, call.discord.url)
    shown = webhook.as_json(webhook.app_id or "", call.discord.url)
    del shown["user"]
    return shown


def _change(call: Call) -> Json:
    webhook = call.webhook()
    if "token" not in call.params:
        call.params["channel"] = webhook.channel_id
        call.channel(Permission.MANAGE_WEBHOOKS)
        webhook.channel_id = str(call.body.get("channel_id") or webhook.channel_id)
    webhook.name = named(call.body, "name", webhook.name)
    call.discord.announcer.webhooks(call.discord.world.channels[webhook.channel_id])
    return webhook.as_json(webhook.app_id or "", call.discord.url)


def _delete(call: Call) -> None:
    webhook = call.webhook()
    if "token" not in call.params:
        call.params["channel"] = webhook.channel_id
        call.channel(Permission.MANAGE_WEBHOOKS)
    del call.discord.world.webhooks[webhook.id]
    call.discord.announcer.webhooks(call.discord.world.channels[webhook.channel_id])


def execute(call: Call) -> Json | None:
    """Posts, into the thread of `thread_id` where that is given; answers with `wait` only."""
    webhook = call.webhook()
    channel = _target(call, webhook)
    refused = call.discord.limits.meet_shared(webhook.channel_id)
    if refused is not None:
        raise Throttled(refused)
    name = named(call.body, "username", webhook.name)
    author = User(webhook.id, name, True, True, call.body.get("avatar_url"))
    message = call.discord.draft(channel, author)
    message.webhook_id, message.application_id = webhook.id, webhook.app_id
    fill(call, message)
    allowed = Allowed.read(call.body.get("allowed_mentions"), BY_WEBHOOK)
    if channel.kind is Kind.FORUM:
        title = bounded(call.body, "thread_name", 1, 100)
        call.discord.post_in_forum(channel, title, message, allowed)
    else:
        call.discord.posting.post(channel, message, allowed)
    return message.as_json() if call.query.get("wait") in ("1", "true") else None


def get_message(call: Call) -> Json:
    """One of the webhook's own."""
    return _own(call)[1].as_json()


def edit_message(call: Call) -> Json:
    """Changes one of the webhook's own."""
    channel, message = _own(call)
    edit(call, channel, message)
    return message.as_json()


def delete_message(call: Call) -> None:
    """Takes one of the webhook's own away."""
    channel, message = _own(call)
    call.discord.posting.delete(channel, message)


def _target(call: Call, webhook: Webhook) -> Channel:
    """Where the message goes.

    Raises:
        Refused: 10003, 10015, 220001
    """
    channels = call.discord.world.channels
    channel = channels.get(webhook.channel_id)
    if channel is None:
        raise Refused(10015)
    if "thread_id" in call.query:
        thread = channels.get(str(call.query["thread_id"]))
        if thread is None or thread.parent is not channel:
            raise Refused(10003)
        return thread
    if (channel.kind is Kind.FORUM) != bool(call.body.get("thread_name")):
        raise Refused(220001 if channel.kind is Kind.FORUM else 220003)
    return channel


def _own(call: Call) -> tuple[Channel, Message]:
    webhook = call.webhook()
    channel = call.discord.world.channels[webhook.channel_id]
    if "thread_id" in call.query:
        channel = _target(call, webhook)
    message = call.message(channel)
    if message.webhook_id != webhook.id:
        raise Refused(10008)
    return channel, message


_ONE = "/webhooks/{webhook}"
WITH_TOKEN = "/webhooks/{webhook}/{token}"
ROUTES = [
    Route("POST", "/channels/{channel}/webhooks", _create),
    Route("GET", "/channels/{channel}/webhooks", _of_channel),
    Route("GET", "/guilds/{guild}/webhooks", _of_guild),
    Route("GET", _ONE, _get),
    Route("PATCH", _ONE, _change),
    Route("DELETE", _ONE, _delete),
    Route("GET", WITH_TOKEN, _get, needs_token=False),
    Route("PATCH", WITH_TOKEN, _change, needs_token=False),
    Route("DELETE", WITH_TOKEN, _delete, needs_token=False),
]
