"""What bolt brings from Slack, each to where it is taken in; bolt answers after that."""

from __future__ import annotations

import re
from typing import Any

import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bots.chat.desk import Answer
from bots.chat.surface import Refused, RetryAfter, Unknown
from bots.slackbot.acking import Acking, NotTaken
from bots.slackbot.card import DO, SEAT
from bots.slackbot.form import FORM
from bots.slackbot.heard import heard
from bots.slackbot.home import home, is_open_to_all
from bots.slackbot.metrics import Metrics
from bots.slackbot.opening import Opening
from bots.slackbot.parts import Parts
from bots.slackbot.people import People
from bots.slackbot.seat_forms import SPEAK_FORM, TAKE_FORM
from bots.slackbot.talk import Talk
from bots.slackbot.telling import PICK, Whom, shown, tell
from bots.slackbot.waking import rejoin, wake_channel
from bots.slackbot.wishes import Wishes

COMMAND = "/debate"
SHORTCUT = "debate_this"
_TALK = ("message", "app_mention", "reaction_added", "reaction_removed")
_OPENED = ("channel_unarchive", "group_unarchive")
_IDLE = ("app_uninstalled", "tokens_revoked", "channel_archive", "group_archive", "file_shared")
_RECENT = 100

Json = dict[str, Any]

log = structlog.get_logger()


class Listening:
    """The listeners."""

    def __init__(  # noqa: PLR0913 - one for each sort of payload
        self,
        parts: Parts,
        people: People,
        talk: Talk,
        wishes: Wishes,
        opening: Opening,
        acking: Acking,
        metrics: Metrics,
    ) -> None:
        self._parts, self._people, self._talk = parts, people, talk
        self._wishes, self._opening, self._acking = wishes, opening, acking
        self._metrics = metrics

    def register(self, app: AsyncApp) -> None:
        """Has the app call them."""
        for name in _TALK:
            app.event(name)(self._event)
        for name in _OPENED:
            app.event(name)(self._opened)
        app.event("member_joined_channel")(self._joined)
        for name in _IDLE:
            app.event(name)(_idle)
        app.event("app_home_opened")(self._home)
        app.event("user_change")(self._user)
        app.command(COMMAND)(self._command)
        app.action(re.compile(rf"({DO}|{PICK}):|{SEAT}$"))(self._press)
        app.shortcut(SHORTCUT)(self._shortcut)
        app.view(FORM)(self._form)
        app.view(TAKE_FORM)(self._take_seat)
        app.view(SPEAK_FORM)(self._speak)
        app.error(self._failed)

    async def _event(self, body: Json) -> None:
        event, event_id = body["event"], str(body["event_id"])
        what = heard(event, self._parts.team.bot_user)
        if what is None:
            return
        found = what

        async def take() -> None:
            whom, answer = await self._talk.take(found, event_id)
            self._tell(whom, answer)

        await self._acking.event(event_id, take)
        self._metrics.heard.labels(event["type"], "taken").inc()

    async def _opened(self, body: Json) -> None:
        channel = str(body["event"]["channel"])
        await self._acking.event(str(body["event_id"]), lambda: rejoin(self._parts, channel))

    async def _joined(self, body: Json) -> None:
        event = body["event"]
        if event.get("user") == self._parts.team.bot_user:
            channel, name = str(event["channel"]), str(body["event_id"])
            await self._acking.event(name, lambda: wake_channel(self._parts, channel))

    async def _user(self, body: Json) -> None:
        self._people.changed(body["event"].get("user") or {})

    async def _home(self, body: Json) -> None:
        user = str(body["event"]["user"])
        self._parts.background.start(self._show_home(user))

    async def _show_home(self, user: str) -> None:
        parts = self._parts
        profile = await self._people.profile(user)
        found = []
        for listed in await parts.debates.recent(_RECENT):
            place = listed.started.home
            is_here = place is not None and is_open_to_all(listed, parts.team)
            if is_here and place and await self._people.is_public(place.channel):
                found.append(listed)
        view = home(parts.team, found, parts.panels, profile.language if profile else "en")
        try:
            await parts.web.call("views.publish", user_id=user, view=view)
        except (Refused, RetryAfter, Unknown) as error:
            log.warning("home.lost", error=str(error))

    async def _command(self, ack: AsyncAck, body: Json) -> None:
        answer = await self._opening.command(body)
        self._metrics.heard.labels("command", "taken").inc()
        if not answer.text:
            await ack()
            return
        kind = "ephemeral" if answer.private else "in_channel"
        await ack(response_type=kind, **shown(answer))

    async def _press(self, ack: AsyncAck, body: Json) -> None:
        container, user = body.get("container") or {}, str(body["user"]["id"])
        thread = container.get("thread_ts") or container.get("message_ts") or ""
        whom = Whom(user, str(container.get("channel_id") or ""), str(thread))

        async def do() -> Answer:
            nonlocal whom
            whom, answer = await self._wishes.press(body)
            return answer

        answer = await self._acking.wish(do(), self._people.language(user))
        await ack()
        self._tell(whom, answer)

    async def _shortcut(self, ack: AsyncAck, body: Json) -> None:
        user = str(body["user"]["id"])
        language = self._people.language(user)
        answer = await self._acking.wish(self._opening.shortcut(body), language)
        await ack()
        self._tell(Whom(user, str(body["channel"]["id"])), answer)

    async def _form(self, ack: AsyncAck, body: Json) -> None:
        errors = await self._opening.form(body)
        if errors:
            await ack(response_action="errors", errors=errors)
        else:
            await ack()

    async def _take_seat(self, ack: AsyncAck, body: Json) -> None:
        await self._submitted(ack, body, "seat")

    async def _speak(self, ack: AsyncAck, body: Json) -> None:
        await self._submitted(ack, body, "answer")

    async def _submitted(self, ack: AsyncAck, body: Json, field: str) -> None:
        """A form that stays open, with what was written in it, if it cannot be taken."""
        act = self._wishes.take_seat if field == "seat" else self._wishes.speak

        async def do() -> Answer:
            return (await act(body))[1]

        language = self._people.language(str(body["user"]["id"]))
        answer = await self._acking.wish(do(), language)
        if answer.text:
            await ack(response_action="errors", errors={field: answer.text[:1_000]})
        else:
            await ack()

    def _tell(self, whom: Whom, answer: Answer) -> None:
        if answer.text or answer.files:
            self._parts.background.start(tell(self._parts, whom, answer))

    async def _failed(self, error: Exception, body: Json) -> None:
        kind = str(body.get("type") or "command")
        self._metrics.heard.labels(kind, "not taken").inc()
        if isinstance(error, NotTaken):
            log.warning("event.not_taken", event=body.get("event_id"))
        else:
            log.error("payload.failed", kind=kind, exc_info=error)


async def _idle() -> None:
    """Acknowledged; what follows from it shows when something is posted."""
