"""One workspace's payloads, each brought to where it is taken in; bolt answers after that."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import replace
from functools import partial
from typing import Any

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck

from bots.chat.desk import Answer
from bots.chat.in_order import NotTaken
from bots.chat.metrics import Metrics
from bots.chat.missed import Missed
from bots.chat.surface import RetryAfter, Unknown
from bots.slackbot.acking import Acking, Overflow, still
from bots.slackbot.heard import Heard, Said, Voted, heard
from bots.slackbot.homes import Homes
from bots.slackbot.ids import place_of
from bots.slackbot.opening import Opening
from bots.slackbot.parts import Parts
from bots.slackbot.people import People
from bots.slackbot.seats import Seats
from bots.slackbot.talk import Talk
from bots.slackbot.telling import Whom, shown, tell
from bots.slackbot.waking import rejoin, wake_channel
from bots.slackbot.wishes import Wishes
from engine.debate.events import Place

TOLD_S = 600.0
"""Slack sends again for five minutes."""

Json = dict[str, Any]

log = structlog.get_logger()


class Listening:
    """One workspace's listeners: each takes one sort of payload in."""

    def __init__(  # noqa: PLR0913 - one for each sort of payload
        self,
        parts: Parts,
        people: People,
        talk: Talk,
        wishes: Wishes,
        opening: Opening,
        homes: Homes,
        acking: Acking,
        metrics: Metrics,
        missed: Missed[Json],
    ) -> None:
        self._parts, self._people, self._talk = parts, people, talk
        self._wishes, self._opening, self._acking = wishes, opening, acking
        self._homes, self._metrics, self._missed = homes, metrics, missed
        self._seats = Seats(parts, people, acking)

    async def event(self, body: Json) -> None:
        event, event_id = body["event"], str(body["event_id"])
        found = heard(event, self._parts.team.bot_user)
        if found is None:
            return
        try:
            await self._acking.event(event_id, lane_of(found), lambda: self._take(found, event_id))
        except Overflow:
            self.missing()
            raise
        self._metrics.heard.labels(event["type"], "taken").inc()

    async def _take(self, found: Heard, event_id: str) -> None:
        is_first = isinstance(found, Said) and await self._may_be_first(found)
        try:
            await self._talked(found, event_id)
        except NotTaken:
            if isinstance(found, Said):
                self.missing()
            raise
        if isinstance(found, Said):
            await self._heard(found, is_first=is_first)

    async def _talked(self, found: Heard, name: str) -> None:
        """Whoever has to be told something is told once, however often it is brought."""
        whom, answer = await self._talk.take(found, name)
        if not answer.text and not answer.files:
            return
        told = f"{found.channel}:{found.ts}" if isinstance(found, Said) else name
        try:
            await self._parts.web.claim(f"told/{told}", TOLD_S, is_strict=False)
        except RetryAfter:
            return
        self._tell(whom, answer)

    def missing(self) -> None:
        """Something was not taken in, and Slack gives up in time: it is read back once it can."""
        self._missed.lose()
        self._missed.read()

    async def again(self, said: Said) -> None:
        """What was said while nobody listened, after what waits in its thread.

        Raises:
            Unknown: it cannot be taken in just now.
        """
        name = f"missed:{said.channel}:{said.ts}"
        taking = self._acking.put(lane_of(said), lambda: self._talked(said, name))
        if taking is None or not await taking:
            raise Unknown("not taken")

    async def words(self, text: str) -> str:
        """See `Talk.words`."""
        return await self._talk.words(text)

    async def _may_be_first(self, said: Said) -> bool:
        """Whether a debate may begin in this thread by what was said."""
        asks = said.names_app or said.is_direct
        return asks and await self._parts.debates.places.debate_at(self._place(said)) is None

    async def _heard(self, said: Said, *, is_first: bool) -> None:
        """In a debate's thread, it need not be read again; nor what stood before the first."""
        place = self._place(said)
        if await self._parts.debates.places.debate_at(place) is None:
            return
        if is_first:
            await self._missed.begins(place, said.ts)
        else:
            await self._missed.heard(place, said.ts)

    def _place(self, said: Said) -> Place:
        return place_of(self._parts.team.id, said.channel, said.thread or said.ts)

    async def opened(self, body: Json) -> None:
        channel, name = str(body["event"]["channel"]), str(body["event_id"])
        await self._acking.event(name, f"in/{channel}", lambda: rejoin(self._parts, channel))

    async def joined(self, body: Json) -> None:
        event = body["event"]
        if event.get("user") == self._parts.team.bot_user:
            channel, name = str(event["channel"]), str(body["event_id"])
            waking = partial(wake_channel, self._parts, channel)
            await self._acking.event(name, f"in/{channel}", waking)

    async def user(self, body: Json) -> None:
        self._people.changed(body["event"].get("user") or {})

    async def home(self, body: Json) -> None:
        if body["event"].get("tab", "home") == "home":
            self._parts.background.start(
                self._homes.show(str(body["event"]["user"]), _team_of(body))
            )

    async def like(self, ack: AsyncAck, body: Json) -> None:
        action, user = body["actions"][0], str(body["user"]["id"])
        name, value = str(action["action_id"]), str(action["selected_option"]["value"])
        liking = self._homes.like(user, _team_of(body), name.partition(":")[2], value)
        await self._acking.wish(liking, self._people.language(user), _told_nobody)
        await ack()

    async def new(self, ack: AsyncAck, body: Json) -> None:
        user = str(body["user"]["id"])
        opening = self._homes.open_form(user, str(body["trigger_id"]))
        await self._acking.wish(opening, self._people.language(user), _told_nobody)
        await ack()

    async def command(self, ack: AsyncAck, body: Json) -> None:
        answer = await self._opening.command(body)
        self._metrics.heard.labels("command", "taken").inc()
        if not answer.text:
            await ack()
            return
        kind = "ephemeral" if answer.private else "in_channel"
        await ack(response_type=kind, **shown(answer))

    async def press(self, ack: AsyncAck, body: Json) -> None:
        container, user = body.get("container") or {}, str(body["user"]["id"])
        thread = container.get("thread_ts") or container.get("message_ts") or ""
        whom = Whom(user, str(container.get("channel_id") or ""), str(thread))

        async def do() -> Answer:
            nonlocal whom
            whom, answer = await self._wishes.press(body)
            return answer

        def told(answer: Answer) -> None:
            self._tell(_responding(whom, body), answer)

        told(await self._wished(do(), user, told))
        await ack()

    async def shortcut(self, ack: AsyncAck, body: Json) -> None:
        user = str(body["user"]["id"])
        whom = _responding(Whom(user, str(body["channel"]["id"])), body)

        def told(answer: Answer) -> None:
            self._tell(whom, answer)

        told(await self._wished(self._opening.shortcut(body), user, told))
        await ack()

    async def choose(self, ack: AsyncAck, body: Json) -> None:
        self._parts.background.start(self._opening.choose(body))
        await ack()

    async def form(self, ack: AsyncAck, body: Json) -> None:
        await _submitted(ack, await self._opening.form(body))

    async def take_seat(self, ack: AsyncAck, body: Json) -> None:
        await _submitted(ack, await self._seats.take(body))

    async def speak(self, ack: AsyncAck, body: Json) -> None:
        await _submitted(ack, await self._seats.speak(body))

    async def _wished(
        self, work: Coroutine[Any, Any, Answer], user: str, late: Callable[[Answer], None]
    ) -> Answer:
        """What came of it; or that it takes longer, and `late` is told what came of it then."""
        language = self._people.language(user)
        answer = await self._acking.wish(work, language, late)
        return still(language) if answer is None else answer

    def _tell(self, whom: Whom, answer: Answer) -> None:
        if answer.text or answer.files:
            self._parts.background.start(tell(self._parts, whom, answer))


def lane_of(what: Heard) -> str:
    """What is taken in one after the other: a thread's words, and a message's thumbs."""
    if isinstance(what, Voted):
        return f"{what.channel}/{what.ts}/votes"
    return f"{what.channel}/{what.thread or what.ts}"


async def _submitted(ack: AsyncAck, errors: dict[str, str]) -> None:
    """A form that cannot be taken stays open, with what was written in it."""
    if errors:
        await ack(response_action="errors", errors=errors)
    else:
        await ack()


def _told_nobody(answer: Answer) -> None:
    """The Home tab has no place for it."""


def _responding(whom: Whom, body: Json) -> Whom:
    return replace(whom, respond_to=str(body.get("response_url") or ""))


def _team_of(body: Json) -> str:
    """The workspace, also of a Grid, in which somebody did this."""
    team = body.get("team") or {}
    return str(body.get("team_id") or team.get("id") or "")
