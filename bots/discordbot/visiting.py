"""An interaction from beginning to end: deferred, checked at the gate, done, and answered."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import discord

from bots.chat.desk import Answer, Asker
from bots.chat.gate import REFUSALS, Verdict
from bots.chat.i18n import Translate, translator
from bots.discordbot.answering import Answering
from bots.discordbot.heard import Spot
from bots.discordbot.parts import Parts
from bots.discordbot.people import People, Somebody, Where, card_at, where_is
from bots.discordbot.shown import Shown, shown_as, shown_in
from engine.debate.explained import marked as _

NO_DEBATE = _("There is no debate in this thread.")

Heard = discord.Interaction[Any]


@dataclass(frozen=True, slots=True)
class Visit:
    """Whoever uses a command, a button or a form, and where."""

    name: str
    """The interaction's, so that it is taken once."""
    who: Somebody
    where: Where
    shown: Shown | None
    """The debate there."""
    asker: Asker
    """At the debate's place, where there is one."""

    @property
    def payloads(self) -> list[str]:
        """What it goes by, whoever is sent it."""
        return [f"discord:interaction:{self.name}"]

    @property
    def translate(self) -> Translate:
        """Gives an English text in their language."""
        return translator(self.who.language)


Work = Callable[[Visit], Awaitable[Answer]]
Form = Callable[[Visit], Awaitable[discord.ui.Modal | Answer]]


class Visiting:
    """Sees to interactions."""

    def __init__(self, parts: Parts, people: People, answering: Answering) -> None:
        self._parts, self._people, self._answering = parts, people, answering

    async def do(self, interaction: Heard, work: Work, debate: str | None = None) -> None:
        """Defers, does it and says what came of it.

        `debate`: the one that is meant, whichever else the place shows by now.
        """
        await self._finished(self._do(interaction, work, debate))

    async def _do(self, interaction: Heard, work: Work, debate: str | None) -> None:
        if not await self._answering.defer(interaction):
            return
        who = self._people.presser(interaction)

        async def done() -> Answer:
            found = await self._visit(interaction, who, debate)
            if isinstance(found, Answer):
                return found
            answer = await work(found)
            await self._mark(found)
            return answer

        answer = await self._answering.wish(done(), translator(who.language))
        await self._answering.finish(interaction, answer)

    async def fill_in(self, interaction: Heard, form: Form, debate: str) -> None:
        """Opens a form that takes a look at the debate first, or says why there is none."""
        await self._finished(self._fill_in(interaction, form, debate))

    async def _fill_in(self, interaction: Heard, form: Form, debate: str) -> None:
        who = self._people.presser(interaction)
        shown: discord.ui.Modal | None = None

        async def done() -> Answer:
            nonlocal shown
            found = await self._visit(interaction, who, debate)
            made = found if isinstance(found, Answer) else await form(found)
            if isinstance(made, Answer):
                return made
            shown = made
            return Answer()

        answer = await self._answering.wish(done(), translator(who.language), is_form=True)
        if shown is not None:
            await self._answering.show_form(interaction, shown)
        elif await self._answering.defer(interaction):
            await self._answering.finish(interaction, answer)

    async def look(self, interaction: Heard) -> Visit | None:
        """Who it is, for what answers as they type; `None`: nobody that may use the bot.

        Raises:
            StoreAway
        """
        found = await self._visit(interaction, self._people.presser(interaction))
        return None if isinstance(found, Answer) else found

    async def _finished(self, work: Coroutine[Any, Any, None]) -> None:
        """Does it, though the bot is asked to stop meanwhile; then, it is left to others."""
        if self._parts.background.is_closing:
            work.close()
            return
        await asyncio.wait({self._parts.background.start(work)})

    async def _mark(self, visit: Visit) -> None:
        """A debate that came to a thread by a command is not told what was said there before."""
        shown = await shown_in(self._parts, visit.where) if visit.shown is None else None
        if shown is not None:
            await self._parts.debates.places.set_heard_to(shown.place, visit.name)

    async def _visit(
        self, interaction: Heard, who: Somebody, debate: str | None = None
    ) -> Visit | Answer:
        """The visit, or why they may not use the bot there."""
        where = await self._where(interaction)
        translate = translator(who.language)
        if where is None:
            return Answer(translate("The bot cannot see this channel; let it view the channel."))
        if debate is not None and interaction.message is not None:
            where = card_at(where, str(interaction.message.id))
        admitted = self._people.admits(who, where)
        if admitted is not Verdict.ADMITTED:
            return Answer(translate(REFUSALS[admitted]))
        parts = self._parts
        shown = await (shown_as(parts, debate, where) if debate else shown_in(parts, where))
        if debate is not None and shown is None:
            return Answer(translate(NO_DEBATE))
        asker = self._people.asker(who, where, shown.place if shown else None)
        return Visit(str(interaction.id), who, where, shown, asker)

    async def _where(self, interaction: Heard) -> Where | None:
        found = where_is(interaction.channel)
        if found is not None:
            return found
        guild = str(interaction.guild_id) if interaction.guild_id else None
        return await self._people.where(Spot(guild, str(interaction.channel_id)))
