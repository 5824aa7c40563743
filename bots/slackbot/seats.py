"""The forms of seats, once they are sent: one's own seat, and one's own turn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bots.chat.desk import Answer
from bots.slackbot.acking import Acking, still
from bots.slackbot.inputs import filled
from bots.slackbot.parts import Parts
from bots.slackbot.people import People
from bots.slackbot.seat_forms import LEAVE, Purpose
from bots.slackbot.telling import Whom, tell
from engine.debate.commands import Actor, LeaveSeat, SpeakSeat, TakeSeat, Talk

MOST_ERROR = 1_000

Json = dict[str, Any]


class Seats:
    """One workspace's. What is wrong with a form is told by field, and it stays open with it.

    A form whose answer takes long is closed before that is known: what is refused then is given
    back to whoever wrote it.
    """

    def __init__(self, parts: Parts, people: People, acking: Acking) -> None:
        self._parts, self._people, self._acking = parts, people, acking

    async def take(self, body: Json) -> dict[str, str]:
        """A seat was chosen, or one's own given back."""
        seat = filled(body["view"], "seat")

        def wish(by: Actor, _purpose: Purpose) -> Talk:
            return LeaveSeat(by) if seat in (None, LEAVE) else TakeSeat(by, str(seat))

        return await self._sent(body, "seat", wish)

    async def speak(self, body: Json) -> dict[str, str]:
        """A turn was written."""
        view = body["view"]
        answer, question = filled(view, "answer") or "", filled(view, "question")

        def wish(by: Actor, purpose: Purpose) -> Talk:
            return SpeakSeat(by, answer, question, filled(view, "next"), turn=purpose.turn)

        return await self._sent(body, "answer", wish, [answer, question or ""])

    async def _sent(
        self,
        body: Json,
        field: str,
        wish: Callable[[Actor, Purpose], Talk],
        written: list[str] | None = None,
    ) -> dict[str, str]:
        view, user = body["view"], str(body["user"]["id"])
        purpose, language = Purpose.of(view), self._people.language(user)
        channel, thread = purpose.place.channel, purpose.place.thread
        payloads = [f"slack:view:{view['id']}"]

        async def do() -> Answer:
            asker = await self._people.asker(user, channel, thread)
            command = wish(asker.actor, purpose)
            return await self._parts.desk.submit(command, asker, payloads, purpose.debate)

        def told(answer: Answer) -> None:
            work = tell(self._parts, Whom(user, channel, thread), answer)
            self._parts.background.start(work)

        def late(answer: Answer) -> None:
            if answer.text:
                given_back = "\n\n".join([answer.text, *filter(None, written or ())])
                told(replace(answer, text=given_back))

        answer = await self._acking.wish(do(), language, late)
        if answer is None:
            told(still(language))
            return {}
        return {field: answer.text[:MOST_ERROR]} if answer.text else {}
