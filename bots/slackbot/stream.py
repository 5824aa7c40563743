"""One message that grows while a turn is spoken: begun, made longer, ended or taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bots.chat.i18n import translator
from bots.chat.live import Live
from bots.chat.surface import Part, RetryAfter, Speaker, Unknown
from bots.slackbot.ids import user_of
from bots.slackbot.message import LIMIT, Link, Reach, arguments, identity, length
from bots.slackbot.parts import Parts
from bots.slackbot.refusals import SlackRefused
from bots.slackbot.team import CUSTOMIZE
from bots.slackbot.voices import voice_of
from bots.slackbot.web import Web
from bots.slackbot.words import added, showable, words_of
from engine.debate.events import Place
from engine.debate.panel import Language
from engine.debate.state import Debate

LIFE_S = 240.0
"""Slack lets a message grow for five minutes, whatever is done."""

Json = dict[str, Any]


@dataclass(slots=True)
class Stream:
    """As it stands in its thread; every call may raise what `Web.call` does."""

    web: Web
    channel: str
    message: str
    cue: tuple[int, str]
    """The turn's number, and whose it is."""
    speaker: Speaker
    language: Language
    ends_at: float
    """On the monotonic clock; it is not ended as a post after that."""
    shown: str
    in_doubt: bool = False
    """What stands there is not known for sure."""

    async def grow(self, text: str) -> None:
        """Shows what is new in the words so far."""
        words = showable(text)
        news = added(self.shown, words)
        if self.in_doubt or not news or length(words) > LIMIT:
            return
        await self._call("chat.appendStream", markdown_text=news)
        self.shown = words

    async def end(self, part: Part, reach: Reach, links: list[Link], now: float) -> bool:
        """Has it be the part's post, its key with it; false: it cannot be."""
        words = words_of(part, self.speaker)
        rest = added(self.shown, words) if words is not None else None
        if rest is None or self.in_doubt or now > self.ends_at:
            return False
        try:
            await self._call("chat.stopStream", **_end(part, rest, reach, links))
        except SlackRefused:
            return False
        return True

    async def take_back(self) -> None:
        """See the function `take_back`."""
        await take_back(self.web, self.channel, self.message, self.language)

    async def _call(self, method: str, **args: object) -> None:
        self.in_doubt = True  # also if this is broken off
        try:
            await self.web.call(method, channel=self.channel, ts=self.message, **args)
        except RetryAfter:
            self.in_doubt = False
            raise
        self.in_doubt = False


def can_begin(parts: Parts, state: Debate, persona: str) -> bool:
    """Whether a turn of this persona's can grow in this workspace."""
    voice = voice_of(parts.voices, Speaker(state.seat(persona)))
    is_named = voice is not None or parts.team.may(CUSTOMIZE)
    return is_named and _reader(parts, state) is not None


async def begin(parts: Parts, place: Place, state: Debate, live: Live, now: float) -> Stream | None:
    """A message with the first words, under the speaker's name; `None`: there are none yet."""
    words, speaker = showable(live.text.get("answer", "")), Speaker(state.seat(live.persona))
    if not words or length(words) > LIMIT:
        return None
    voice = voice_of(parts.voices, speaker)
    web = voice.web if voice else parts.web
    answer = await web.call(
        "chat.startStream",
        channel=place.channel,
        thread_ts=place.thread,
        recipient_user_id=_reader(parts, state),
        recipient_team_id=parts.team.id,
        markdown_text=words,
        **({} if voice else identity(speaker)),
    )
    ts, cue, language = str(answer["ts"]), (live.turn, live.persona), state.started.language
    return Stream(web, place.channel, ts, cue, speaker, language, now + LIFE_S, words)


async def take_back(web: Web, channel: str, message: str, language: Language) -> None:
    """Has one of our messages be gone that may still be growing; else it says so itself.

    Slack edits none that grows, and deletes none with a name; an edit takes the name away.

    Raises:
        RetryAfter
    """
    here = {"channel": channel, "ts": message}
    said = translator(language)("A message was taken back.")
    steps: Mapping[str, Json] = {
        "chat.stopStream": {},
        "chat.update": {"text": said, "blocks": []},
        "chat.delete": {},
    }
    for method, args in steps.items():
        try:
            await web.call(method, **here, **args)
        except SlackRefused:
            continue
        except Unknown as error:
            raise RetryAfter from error  # once more does no harm


def _reader(parts: Parts, state: Debate) -> str | None:
    """Slack shows words that grow to somebody who asked for them: to who started the debate."""
    starter = state.started.started_by
    return user_of(parts.team.id, starter) if starter else None


def _end(part: Part, rest: str, reach: Reach, links: list[Link]) -> Json:
    """What follows the words, and the key."""
    whole = arguments(part, reach)
    others = replace(part, segments=part.segments[1:])
    follows = others.segments or links
    return {
        "markdown_text": rest or None,
        "blocks": arguments(others, reach, links)["blocks"] if follows else None,
        "metadata": whole["metadata"],
    }
