"""Posts to threads, each through the app that it is of.

A persona's own app that Slack does not let post is stood in for by the one that listens, under the
persona's name; the first time, the post says what to do about it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import structlog

from bots.chat.i18n import explained, translator
from bots.chat.mentions import inert
from bots.chat.surface import Part, Refused, RetryAfter, Unknown
from bots.slackbot.message import Link, arguments, identity, signed
from bots.slackbot.parts import Parts
from bots.slackbot.presence import come_into
from bots.slackbot.refusals import GONE, SlackRefused
from bots.slackbot.rich import rich_text, section, text
from bots.slackbot.team import CUSTOMIZE
from bots.slackbot.voices import Voice, voice_of
from bots.slackbot.web import Web
from engine.debate.events import Place, Seat

_NOT_IN = frozenset({"not_in_channel", "channel_not_found"})
REMEMBERED = 10_000

Json = dict[str, Any]

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Post:
    """What is to stand in which thread."""

    place: Place
    part: Part
    said: Json


class Speaking:
    """Posts for all workspaces of a process."""

    def __init__(self) -> None:
        self._told: dict[tuple[Place, str], None] = {}

    async def post(self, parts: Parts, place: Place, part: Part, links: list[Link]) -> str:
        """Posts one part; answers the message's ts.

        Raises:
            Refused, RetryAfter, Unknown
        """
        post = Post(place, part, arguments(part, parts.reach, links))
        voice = voice_of(parts.voices, part.speaker)
        if voice is None:
            return await _as_listener(parts, post)
        try:
            return await _through(voice, post)
        except SlackRefused as refusal:
            log.warning("voice.refused", error=str(refusal), channel=place.channel)
            return await self._instead(parts, post, refusal)

    async def _instead(self, parts: Parts, post: Post, why: SlackRefused) -> str:
        """Through the app that listens."""
        seat = post.part.speaker.seat
        assert seat is not None  # noqa: S101 - only seats have a voice
        is_news = (post.place, seat.id) not in self._told
        if is_news:
            blocks = [*post.said["blocks"], _note(post.part, seat, why)]
            post = replace(post, said=post.said | {"blocks": blocks})
        ts = await _as_listener(parts, post)
        self._told[post.place, seat.id] = None
        if len(self._told) > REMEMBERED:
            self._told.pop(next(iter(self._told)))
        return ts


async def _as_listener(parts: Parts, post: Post) -> str:
    """By the app that listens, under the speaker's name; where it may not, the text has it."""
    speaker = post.part.speaker
    if parts.team.may(CUSTOMIZE):
        return await _posted(parts.web, post, identity(speaker))
    return await _posted(parts.web, replace(post, said=signed(post.said, speaker)), {})


async def _through(voice: Voice, post: Post) -> str:
    """By the persona's own app, which comes into a public channel by itself."""
    try:
        return await _posted(voice.web, post, {})
    except SlackRefused as refusal:
        if refusal.code not in _NOT_IN:
            raise
        try:
            await come_into(voice.web, post.place.channel)
        except Unknown as error:
            raise RetryAfter from error  # only the coming in is in doubt
        except Refused:
            raise refusal from None
    return await _posted(voice.web, post, {})


async def _posted(web: Web, post: Post, said: Json) -> str:
    channel, thread = post.place.channel, post.place.thread
    answer = await web.post(channel, thread, thread_ts=thread, **(post.said | said))
    ts = str(answer["ts"])
    if answer.get("message", {}).get("thread_ts") != post.place.thread:
        await _take_back(web, post.place, ts)
        raise Refused(GONE)
    return ts


async def _take_back(web: Web, place: Place, message: str) -> None:
    """A post that Slack put beside the thread; of one with a name, it refuses even that."""
    try:
        await web.call("chat.delete", channel=place.channel, ts=message)
    except (Refused, RetryAfter, Unknown):
        return


def _note(part: Part, seat: Seat, why: SlackRefused) -> Json:
    """What people can do about it."""
    translate = translator(part.language)
    if why.code in _NOT_IN:
        told = translate("{name} has an app of its own; invite it to the channel.")
    else:
        told = translate("{name} has an app of its own that Slack does not let post: {why}")
    words = told.format(name=seat.name, why=explained(why, part.language))
    return rich_text(section(text(inert(words), "italic")))
