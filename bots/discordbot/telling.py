"""What the desk answers to messages: below what was written, or to its author alone.

Discord shows nothing in a thread to one person only, but to who used a command or a button. So an
answer to a message stands below it for all to see, and calls nobody; what is for one person's eyes
is written to them.
"""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from bots.chat.desk import Answer, File
from bots.chat.i18n import Translate
from bots.chat.split import split
from bots.chat.surface import Refused, RetryAfter, Unknown
from bots.discordbot.markdown import length, plain
from bots.discordbot.marks import BUTTON, GREY, ROW
from bots.discordbot.message import LIMIT, nonce
from bots.discordbot.parts import Parts
from bots.discordbot.rest import Json
from engine.debate.events import Seat
from engine.debate.explained import marked as _
from engine.debate.explained import one_line

PICK = "pick"
"""`pick:<seat>:<message>`, the buttons that say whom a typed name means."""
TRIES = 5
LATER_S = 1.0
MOST_CHOICES = 25
_IN_A_ROW = 5
_LABEL_CHARS = 80

NO_MESSAGES = _(
    "{name}, I could not write to you: allow direct messages from this server's members, and ask"
    " again."
)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Asked:
    """A message, or a reaction to one, that asks for what is for one person's eyes."""

    user: str
    name: str
    channel: str
    message: str
    about: str
    """What makes the answer unique."""


class Telling:
    """Tells people; what cannot be told is logged."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def reply(self, channel: str, message: str, answer: Answer) -> None:
        """Below this message; delivered again, the answer still stands there once."""
        if not answer.text and not answer.files:
            return
        to = {"message_id": message, "fail_if_not_exists": False}
        try:
            await self._post(channel, answer, message, {"message_reference": to})
        except Refused as refusal:
            log.warning("answer.lost", channel=channel, error=str(refusal))

    async def in_private(self, asked: Asked, answer: Answer, translate: Translate) -> None:
        """To who asked alone; where they take no messages, that is said below what it is about.

        That may be somebody else's message, so they are named; they are not called.
        """
        if not await self.write_to(asked.user, answer, asked.about):
            sorry = translate(NO_MESSAGES).format(name=one_line(asked.name))
            await self.reply(asked.channel, asked.message, Answer(sorry))

    async def write_to(self, user: str, answer: Answer, about: str = "") -> bool:
        """In a direct message; whether the person takes any. `about`: what makes it unique."""
        try:
            channel = await self._retried(
                "POST /users/@me/channels", {"recipient_id": user}, files=()
            )
            if channel is not None:
                await self._post(str(channel["id"]), answer, about, {})
        except Refused as refusal:
            log.info("answer.not_taken", error=str(refusal))
            return False
        return True

    async def _post(self, channel: str, answer: Answer, about: str, how: Json) -> None:
        texts = [plain(piece.text) for piece in split(answer.text, LIMIT, length)] or [""]
        for number, text in enumerate(texts):
            is_last = number == len(texts) - 1
            body: Json = {"content": text, "allowed_mentions": {"parse": []}}
            body |= how if number == 0 else {}
            if about:
                once = nonce(f"answer:{channel}:{about}:{number}")
                body |= {"nonce": once, "enforce_nonce": True}
            if is_last and answer.choices:
                body["components"] = _rows(answer.choices[:MOST_CHOICES], about)
            files = answer.files if is_last else ()
            await self._retried(
                "POST /channels/{channel}/messages", body, files=files, channel=channel
            )

    async def _retried(
        self, route: str, body: Json, *, files: tuple[File, ...], **ids: str
    ) -> Json | None:
        """What Discord answers; `None`: it did not, however often it was asked.

        Raises:
            Refused
        """
        for _try in range(TRIES):
            try:
                answer: Json = await self._parts.rest.call(
                    route, body, query=None, files=files, **ids
                )
                return answer
            except RetryAfter as error:
                await self._parts.clock.sleep(error.seconds or LATER_S)
            except Unknown as error:
                log.info("answer.unknown", error=str(error))
                await self._parts.clock.sleep(LATER_S)
        return None


def _rows(seats: tuple[Seat, ...], message: str) -> list[Json]:
    buttons = [
        {
            "type": BUTTON,
            "style": GREY,
            "custom_id": f"{PICK}:{seat.id}:{message}",
            "label": f"{seat.emoji} {seat.name}"[:_LABEL_CHARS],
        }
        for seat in seats
    ]
    starts = range(0, len(buttons), _IN_A_ROW)
    return [{"type": ROW, "components": buttons[n : n + _IN_A_ROW]} for n in starts]
