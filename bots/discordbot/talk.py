"""What people write in channels, threads and direct messages, brought to the desk."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace

from bots.chat.desk import NOTHING, Answer, Upload
from bots.chat.desk.values import both
from bots.chat.gate import REFUSALS, Verdict
from bots.chat.grammar import Help, Known, Misunderstood, Start, Verb, parse
from bots.chat.grammar.verbs import PHRASES
from bots.chat.grammar.words import words_of
from bots.chat.i18n import explained, translator
from bots.discordbot.addressing import Addressing
from bots.discordbot.heard import Said
from bots.discordbot.material import uploads_of
from bots.discordbot.parts import Parts
from bots.discordbot.people import People, Somebody, Where
from bots.discordbot.shown import Shown, loaded
from bots.discordbot.starts import Starts, Wanted
from bots.discordbot.telling import Asked, Telling
from engine.debate.explained import Explained
from engine.debate.state import Debate, Phase


@dataclass(frozen=True, slots=True)
class _Heard:
    """A message, and all that is known of it."""

    said: Said
    where: Where
    who: Somebody
    text: str
    """As it reads, without the bot's mention."""
    to_us: bool
    uploads: Sequence[Upload] = ()
    kept_out: Answer = NOTHING
    """Why its files are not among these, if they are not."""

    @property
    def payloads(self) -> list[str]:
        """What it goes by, whoever hears it."""
        return [f"discord:message:{self.said.message}"]


class Talk:
    """Words. Its calls raise `StoreAway`: nothing was taken then."""

    def __init__(
        self,
        parts: Parts,
        people: People,
        addressing: Addressing,
        starts: Starts,
        telling: Telling,
    ) -> None:
        self._parts, self._people, self._addressing = parts, people, addressing
        self._starts, self._telling = starts, telling

    async def said(self, said: Said, where: Where, shown: Shown | None) -> None:
        """Takes a message in; `shown`: the debate there. Taken twice, it does nothing more."""
        to_us = where.guild is None or await self._addressing.names_us(said)
        if not to_us and shown is None:
            return
        who = await self._people.somebody(said.user, said.name, where)
        admitted = self._people.admits(who, where)
        if admitted is not Verdict.ADMITTED:
            kept_out = Answer(translator(who.language)(REFUSALS[admitted]))
            self._tell(said, kept_out if to_us else NOTHING)
            return
        text = await self._addressing.words(said)
        async with self._parts.files if said.files else nullcontext():
            heard = await self._with_files(_Heard(said, where, who, text, to_us))
            answer = await self._done(heard, shown)
        if answer.secret and where.guild is not None:
            asked = Asked(said.user, who.name, said.spot.channel, said.message, said.message)
            told = self._telling.in_private(asked, answer, translator(who.language))
            self._parts.background.start(told)
        else:
            self._tell(said, answer)

    async def _with_files(self, heard: _Heard) -> _Heard:
        said = heard.said
        try:
            uploads = await uploads_of(self._parts.rest, said.message, said.files)
        except Explained as refusal:
            return replace(heard, kept_out=Answer(explained(refusal, heard.who.language)))
        return replace(heard, uploads=uploads)

    async def words(self, said: Said) -> str:
        """What was said, as it reads, without the bot's mention."""
        return await self._addressing.words(said)

    async def picked(
        self, said: Said, where: Where, who: Somebody, shown: Shown, seat: str
    ) -> None:
        """Says a message again, now that its author has said whom it means."""
        asker = self._people.asker(who, where, shown.place)
        text, payloads = await self._addressing.words(said), [f"discord:pick:{said.message}"]
        desk = self._parts.desk
        self._tell(said, await desk.say(text, asker, seat, said.message, payloads))

    async def _done(self, heard: _Heard, shown: Shown | None) -> Answer:
        state = await loaded(self._parts, shown.debate) if shown else None
        if shown is None or state is None or _begins_anew(heard, state):
            return await self._asked(heard)
        said, desk = heard.said, self._parts.desk
        asker = self._people.asker(heard.who, heard.where, shown.place)
        if heard.to_us and heard.where.guild is not None:
            wanted = desk.mention(heard.text, asker, said.message, heard.payloads, heard.uploads)
        elif heard.text or heard.uploads:
            to = await self._addressing.persona(said, state.started.seats)
            uploads = heard.uploads
            wanted = desk.say(heard.text, asker, to, said.message, heard.payloads, uploads)
        else:
            return heard.kept_out
        return both(heard.kept_out, await wanted)

    async def _asked(self, heard: _Heard) -> Answer:
        """What was said to the bot where there is no debate: a command, or a topic."""
        asker = self._people.asker(heard.who, heard.where)
        try:
            known = Known(tuple(self._parts.panels))
            ask = parse(heard.text, known) if heard.text else Help()
        except Misunderstood as refusal:
            return Answer(explained(refusal, asker.language))
        if not isinstance(ask, Start):
            return await self._parts.desk.do(ask, asker, heard.payloads)
        if heard.kept_out.text:
            return heard.kept_out  # a debate begins with all that is to be read, or not at all
        wanted = Wanted(ask, asker, heard.where, heard.payloads, heard.uploads)
        return await self._starts.below(heard.said.message, wanted)

    def _tell(self, said: Said, answer: Answer) -> None:
        if answer.text or answer.files:
            told = self._telling.reply(said.spot.channel, said.message, answer)
            self._parts.background.start(told)


def _begins_anew(heard: _Heard, state: Debate) -> bool:
    """Whether a further debate is asked for where one is over."""
    words = words_of(heard.text)
    starts = bool(words) and PHRASES.get((words[0].bare,)) is Verb.START
    return starts and heard.to_us and state.phase is Phase.CLOSED
