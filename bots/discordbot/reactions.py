"""What people do with messages that stand in a debate's thread: edits, deletions, reactions."""

from __future__ import annotations

from bots.chat.desk import Asker
from bots.chat.gate import Verdict
from bots.discordbot import telling
from bots.discordbot.about import about
from bots.discordbot.addressing import Addressing
from bots.discordbot.heard import Asked, Edited, Gone, Voted, at_ms
from bots.discordbot.ids import PLATFORM
from bots.discordbot.parts import Parts
from bots.discordbot.people import People, Where
from bots.discordbot.shown import Shown, loaded
from bots.discordbot.telling import Telling
from engine.debate.commands import CastVote, Correct, Erase
from engine.debate.events import Person
from engine.debate.state import Debate

EDIT_MS = 900_000
"""An update that tells of an older edit is of something else, such as a preview or a pin."""
LANDS_MS = 60_000
"""A message that was taken away so soon may not have been heard yet."""
SOMEBODY = f"{PLATFORM}:0"
"""Whoever took away a message that nobody heard; Discord does not say who."""


class Reactions:
    """Its calls raise `StoreAway`: nothing was taken then. Taken twice, nothing more is done."""

    def __init__(
        self, parts: Parts, people: People, addressing: Addressing, telling: Telling
    ) -> None:
        self._parts, self._people = parts, people
        self._addressing, self._telling = addressing, telling

    async def edited(self, what: Edited, where: Where, shown: Shown) -> None:
        """A correction."""
        said = what.said
        edited_ms = int(what.at.timestamp() * 1000)
        if self._parts.clock.now_ms() - edited_ms > EDIT_MS:
            return
        asker = await self._admitted(said.user, said.name, where, shown)
        if asker is None:
            return
        command = Correct(asker.actor, said.message, await self._addressing.words(said))
        payloads = [f"discord:edit:{said.message}:{edited_ms}"]
        answer = await self._parts.desk.submit(command, asker, payloads)
        if answer.text:
            told = self._telling.reply(said.spot.channel, said.message, answer)
            self._parts.background.start(told)

    async def gone(self, what: Gone, shown: Shown) -> None:
        """Messages were taken away, and what came along with them is, too."""
        state = await loaded(self._parts, shown.debate)
        if state is None:
            return
        for message in what.messages:
            known = [id_ for id_ in state.messages if id_.partition(":")[0] == message]
            for id_ in known or await self._unheard(message, shown):
                await self._erase(id_, state, shown)

    async def voted(self, what: Voted, where: Where, shown: Shown) -> None:
        """A thumb counts where it is put on a persona's turn."""
        turn = await self._turn(what.message, shown)
        asker = await self._admitted(what.user, "", where, shown) if turn else None
        if asker is not None:
            # By no payload: a reaction has no id, and the same vote again changes nothing.
            await self._parts.desk.submit(CastVote(asker.actor, turn, what.vote), asker)

    async def asked(self, what: Asked, where: Where, shown: Shown) -> None:
        """Answers only whoever asked: in a direct message, as a reaction has no other answer."""
        post = await self._parts.readers.event_of(shown.debate, shown.place, what.message)
        asker = await self._admitted(what.user, "", where, shown) if post else None
        if post is None or asker is None:
            return
        answer = await about(self._parts, shown.debate, post.n, asker.translate)
        if answer.text:
            name, about_it = asker.person.name, f"about:{what.message}"
            whom = telling.Asked(what.user, name, what.spot.channel, what.message, about_it)
            told = self._telling.in_private(whom, answer, asker.translate)
            self._parts.background.start(told)

    async def _admitted(self, user: str, name: str, where: Where, shown: Shown) -> Asker | None:
        who = await self._people.somebody(user, name or user, where)
        if self._people.admits(who, where) is not Verdict.ADMITTED:
            return None
        return self._people.asker(who, where, shown.place)

    async def _turn(self, message: str, shown: Shown) -> int:
        """The number of the turn that a post shows; 0: it shows none."""
        post = await self._parts.readers.event_of(shown.debate, shown.place, message)
        state = await loaded(self._parts, shown.debate) if post else None
        turns = enumerate(state.turns, 1) if state else ()
        return next((number for number, turn in turns if post and turn.n == post.n), 0)

    async def _unheard(self, message: str, shown: Shown) -> list[str]:
        """The message, if it may have been taken away before it was heard."""
        is_new = self._parts.clock.now_ms() - at_ms(message) < LANDS_MS
        readers = self._parts.readers
        is_ours = is_new and await readers.event_of(shown.debate, shown.place, message)
        return [message] if is_new and not is_ours else []

    async def _erase(self, message: str, state: Debate, shown: Shown) -> None:
        """In the author's name: whoever may take a message away in Discord, may."""
        known = state.messages.get(message)
        author = Person(known.author if known else SOMEBODY, "?")
        asker = Asker(author, shown.place, "en")
        payloads = [f"discord:delete:{message}"]
        await self._parts.desk.submit(Erase(asker.actor, message), asker, payloads)
