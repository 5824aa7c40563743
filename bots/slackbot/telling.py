"""What the desk answers, brought to whoever asked: for their eyes only, or into the thread."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import structlog

from bots.chat.desk import Answer
from bots.chat.mentions import inert
from bots.chat.surface import Refused, RetryAfter, Unknown
from bots.slackbot.parts import Parts
from bots.slackbot.rich import rich_text, section, text
from bots.slackbot.uploading import upload
from bots.slackbot.web import Json
from bots.slackbot.wording import escaped
from engine.debate.events import Seat

PICK = "pick"
"""The buttons that say whom a typed name means."""
MOST_CHOICES = 25
_MOST_CHARS = 10_000

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Whom:
    """Who is told, and where; `thread` is empty beside all threads."""

    user: str
    channel: str
    thread: str = ""
    message: str | None = None
    """What they wrote, that is answered."""
    respond_to: str = field(default="", repr=False)
    """The response URL of what they did: it reaches them where the app is not in the channel."""


async def tell(parts: Parts, whom: Whom, answer: Answer) -> None:
    """Tells it; what cannot be told is logged."""
    if not answer.text and not answer.files:
        return
    try:
        if answer.text:
            await _say(parts, whom, answer)
        if answer.files:
            await upload(parts.web, whom.channel, whom.thread or None, answer.files)
    except (Refused, RetryAfter, Unknown) as error:
        log.warning("answer.lost", channel=whom.channel, error=str(error))


def shown(answer: Answer, message: str | None = None) -> Json:
    """The answer as a message's text and blocks."""
    said = answer.text[:_MOST_CHARS]
    blocks = [rich_text(section(text(inert(said))))]
    if answer.choices and message:
        buttons = [_button(seat, message) for seat in answer.choices[:MOST_CHOICES]]
        blocks.append({"type": "actions", "elements": buttons})
    return {"text": escaped(said), "blocks": blocks}


async def _say(parts: Parts, whom: Whom, answer: Answer) -> None:
    where = {"channel": whom.channel, "thread_ts": whom.thread or None}
    said = shown(answer, whom.message)
    if answer.private:
        try:
            await parts.web.call("chat.postEphemeral", user=whom.user, **where, **said)
        except Refused:
            if not whom.respond_to:
                raise
            await parts.web.respond(whom.respond_to, **said)
    else:
        await parts.web.call("chat.postMessage", unfurl_links=False, **where, **said)


def _button(seat: Seat, message: str) -> Json:
    return {
        "type": "button",
        "action_id": f"{PICK}:{seat.id}",
        "text": {"type": "plain_text", "text": f"{seat.emoji} {seat.name}"[:75], "emoji": True},
        "value": json.dumps({"seat": seat.id, "message": message}),
    }
