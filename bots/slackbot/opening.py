"""Everything that opens a debate without a thread to hang it from, and the form for it."""

from __future__ import annotations

import asyncio

from bots.chat.desk import NOTHING, Answer, Asker
from bots.chat.grammar import Start
from bots.chat.i18n import explained
from bots.chat.surface import Refused, RetryAfter, Unknown
from bots.slackbot.acking import Acking
from bots.slackbot.form import TOPIC, Origin, asked
from bots.slackbot.material import material_at
from bots.slackbot.parts import Parts
from bots.slackbot.people import People
from bots.slackbot.starting import Starting
from bots.slackbot.telling import Whom, tell
from bots.slackbot.web import Json
from bots.slackbot.wishes import Wishes
from bots.slackbot.wording import plain
from engine.debate.commands import StartDebate
from engine.ports.store import StoreAway


class Opening:
    """Slash commands, the form, and the shortcut of a message."""

    def __init__(
        self, parts: Parts, people: People, wishes: Wishes, starting: Starting, acking: Acking
    ) -> None:
        self._parts, self._people, self._wishes = parts, people, wishes
        self._starting, self._acking = starting, acking

    async def command(self, body: Json) -> Answer:
        """What to say to a slash command; its debate has begun by then, unless that takes long."""
        until = self._parts.clock.monotonic() + self._acking.answer_s
        user, channel = str(body["user_id"]), str(body["channel_id"])
        asker = await self._people.asker(user, channel, "", str(body.get("user_name") or ""))
        command: StartDebate | None = None

        async def do() -> Answer:
            nonlocal command
            found = await self._wishes.command(body, asker)
            if isinstance(found, Answer):
                return found
            command = found
            return NOTHING

        answer = await self._acking.wish(do(), asker.language, self._left_s(until))
        if command is not None:
            payloads = [f"slack:command:{body['trigger_id']}"]
            task = self._parts.background.start(self._start(command, asker, payloads))
            await asyncio.wait({task}, timeout=self._left_s(until))
        return answer

    async def shortcut(self, body: Json) -> Answer:
        """The form, for a message that is to be debated."""
        user, channel = str(body["user"]["id"]), str(body["channel"]["id"])
        message = body.get("message") or {}
        ts = str(message.get("ts") or body.get("message_ts") or "")
        thread = str(message.get("thread_ts") or ts)
        asker = await self._people.asker(user, channel, thread)
        topic = plain(str(message.get("text") or ""), {})
        origin = Origin(channel, thread, ts)
        return await self._wishes.open_form(str(body["trigger_id"]), origin, asker, topic)

    async def form(self, body: Json) -> dict[str, str]:
        """Starts what was filled in; or what is wrong with it, by field."""
        ask, origin = asked(body["view"])
        user = str(body["user"]["id"])
        asker = await self._people.asker(user, origin.channel, origin.thread)
        command: StartDebate | None = None

        async def do() -> Answer:
            nonlocal command
            found = await self._wishes.prepared(ask, asker)
            if isinstance(found, Answer):
                return found
            command = found
            return NOTHING

        answer = await self._acking.wish(do(), asker.language)
        if command is None:
            return {TOPIC: answer.text}
        payloads = [f"slack:view:{body['view']['id']}"]
        if origin.message:
            work = self._start_there(ask, asker, origin, payloads)
        else:
            work = self._start(command, asker, payloads)
        self._parts.background.start(work)
        return {}

    async def _start(self, command: StartDebate, asker: Asker, payloads: list[str]) -> None:
        """In a channel, below a card."""
        try:
            answer = await self._starting.start(command, asker, payloads)
        except StoreAway:
            answer = _later(asker)
        await self._tell(asker, answer)

    async def _start_there(
        self, ask: Start, asker: Asker, origin: Origin, payloads: list[str]
    ) -> None:
        """In a message's own thread, with what stands there as material."""
        try:
            uploads = await material_at(self._parts, self._people, origin.channel, origin.thread)
            answer = await self._parts.desk.do(ask, asker, payloads, uploads)
        except Refused as refusal:
            answer = Answer(explained(refusal, asker.language))
        except (RetryAfter, Unknown, StoreAway):
            answer = _later(asker)
        await self._tell(asker, answer)

    def _left_s(self, until: float) -> float:
        return max(0.1, until - self._parts.clock.monotonic())

    async def _tell(self, asker: Asker, answer: Answer) -> None:
        user = asker.person.id.rpartition(":")[2]
        await tell(self._parts, Whom(user, asker.place.channel, asker.place.thread), answer)


def _later(asker: Asker) -> Answer:
    return Answer(asker.translate("That could not be done just now; try again in a moment."))
