"""What bolt brings from Slack, each to the workspace that it is of."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse

from bots.chat.i18n import translator
from bots.chat.in_order import NotTaken
from bots.chat.metrics import Metrics
from bots.chat.surface import RetryAfter, Unknown
from bots.slackbot.acking import LATER, Acking
from bots.slackbot.card import DO, SEAT
from bots.slackbot.form import CHANGES_SEATS, FORM
from bots.slackbot.home import LIKE, NEW
from bots.slackbot.listening import Listening
from bots.slackbot.manifests import COMMAND, SHORTCUT
from bots.slackbot.parts import Parts
from bots.slackbot.seat_forms import SPEAK_FORM, TAKE_FORM
from bots.slackbot.telling import PICK
from bots.slackbot.workspaces import Origin, Workspaces
from engine.ports.store import StoreAway

_LISTENING = "listening"
"""Where `authorizing` leaves a payload's listeners, in bolt's context."""
_TALK = ("message", "app_mention", "reaction_added", "reaction_removed")
_OPENED = ("channel_unarchive", "group_unarchive")
_REMOVED = ("app_uninstalled", "tokens_revoked")
_IDLE = ("channel_archive", "group_archive", "file_shared")

Json = dict[str, Any]
Heard = Callable[[Listening, Json], Awaitable[None]]
Asked = Callable[[Listening, AsyncAck, Json], Awaitable[None]]
Authorize = Callable[[AsyncBoltContext], Awaitable[AuthorizeResult | None]]

log = structlog.get_logger()


class Listeners:
    """The listeners of each workspace, made when it is first heard of."""

    def __init__(self, make: Callable[[Parts], Listening]) -> None:
        self._make = make
        self._made: dict[str, tuple[Parts, Listening]] = {}

    def of(self, parts: Parts) -> Listening:
        """Those of the workspace that is served with these parts; others have had their day."""
        found = self._made.get(parts.team.id)
        if found is None or found[0] is not parts:
            found = self._made[parts.team.id] = (parts, self._make(parts))
        return found[1]


def authorizing(
    workspaces: Workspaces, listeners: Listeners, lose: Callable[[], None]
) -> Authorize:
    """What bolt asks first of each payload: whose it is.

    Where that cannot be told, it is not acknowledged; `lose` is told, for Slack gives up in time.
    """

    async def authorize(context: AsyncBoltContext) -> AuthorizeResult | None:
        try:
            parts = await workspaces.of(_origin(context))
        except (RetryAfter, Unknown, StoreAway):
            lose()
            raise
        if parts is None:
            log.warning("payload.of_nobody", team=context.team_id, org=context.enterprise_id)
            return None
        context[_LISTENING] = listeners.of(parts)
        # Without the token: nothing here calls Slack by way of bolt.
        return AuthorizeResult(
            enterprise_id=context.enterprise_id,
            team_id=parts.team.id,
            bot_user_id=parts.team.bot_user,
            bot_id=parts.team.bot_id,
        )

    return authorize


def in_both_languages(text: str) -> str:
    """For people of whom nothing is known yet."""
    return f"{translator('en')(text)} · {translator('es')(text)}"


def route(app: AsyncApp, workspaces: Workspaces, acking: Acking, metrics: Metrics) -> None:
    """Has the app call the listeners of each payload's workspace."""
    for name in _REMOVED:
        app.event(name)(_removed(workspaces, acking))
    for name in _TALK:
        app.event(name)(_heard(Listening.event))
    for name in _OPENED:
        app.event(name)(_heard(Listening.opened))
    for name in _IDLE:
        app.event(name)(_idle)
    app.event("member_joined_channel")(_heard(Listening.joined))
    app.event("app_home_opened")(_heard(Listening.home))
    app.event("user_change")(_heard(Listening.user))
    app.command(COMMAND)(_asked(Listening.command))
    app.action(re.compile(rf"({DO}|{PICK}):|{SEAT}$"))(_asked(Listening.press))
    app.action(re.compile(rf"^({'|'.join(CHANGES_SEATS)})$"))(_asked(Listening.choose))
    app.action(re.compile(rf"^{LIKE}:"))(_asked(Listening.like))
    app.action(NEW)(_asked(Listening.new))
    app.shortcut(SHORTCUT)(_asked(Listening.shortcut))
    app.view(FORM)(_asked(Listening.form))
    app.view(TAKE_FORM)(_asked(Listening.take_seat))
    app.view(SPEAK_FORM)(_asked(Listening.speak))
    app.error(_failing(metrics))


def _origin(context: AsyncBoltContext) -> Origin:
    is_org_wide = bool(context.is_enterprise_install)
    return Origin(context.team_id, context.enterprise_id, is_org_wide)


def _removed(
    workspaces: Workspaces, acking: Acking
) -> Callable[[AsyncBoltContext, Json], Awaitable[None]]:
    async def listen(context: AsyncBoltContext, body: Json) -> None:
        origin = _origin(context)
        lane = f"installed/{origin.enterprise}/{origin.team}"
        await acking.event(str(body["event_id"]), lane, lambda: _forget(workspaces, origin))

    return listen


async def _forget(workspaces: Workspaces, origin: Origin) -> None:
    try:
        await workspaces.removed(origin)
    except (RetryAfter, Unknown) as error:
        raise NotTaken from error


def _heard(listener: Heard) -> Callable[[AsyncBoltContext, Json], Awaitable[None]]:
    async def listen(context: AsyncBoltContext, body: Json) -> None:
        await listener(context[_LISTENING], body)

    return listen


def _asked(listener: Asked) -> Callable[[AsyncBoltContext, AsyncAck, Json], Awaitable[None]]:
    async def listen(context: AsyncBoltContext, ack: AsyncAck, body: Json) -> None:
        await listener(context[_LISTENING], ack, body)

    return listen


def _failing(metrics: Metrics) -> Callable[[Exception, Json], Awaitable[BoltResponse | None]]:
    async def failed(error: Exception, body: Json) -> BoltResponse | None:
        kind = str(body.get("type") or "command")
        metrics.heard.labels(kind, "not taken").inc()
        if isinstance(error, NotTaken | RetryAfter | StoreAway | Unknown):
            log.warning("payload.not_taken", event_id=body.get("event_id"), error=str(error))
        else:
            log.error("payload.failed", kind=kind, exc_info=error)
        if "command" not in body:
            return None
        return BoltResponse(status=200, body=in_both_languages(LATER))

    return failed


async def _idle() -> None:
    """Acknowledged; what follows from it shows when something is posted."""
