"""What people ask for by command, brought to the desk."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import discord

from bots.chat.desk import Answer, Upload
from bots.chat.desk.starting import Unfit, choose_panel
from bots.chat.grammar import Ask, Options, Start
from bots.chat.i18n import explained, translator
from bots.chat.surface import Unknown
from bots.discordbot import forms
from bots.discordbot.answering import Answering
from bots.discordbot.heard import File
from bots.discordbot.material import NO_FILE, as_material, files_of, uploads_of
from bots.discordbot.parts import Parts
from bots.discordbot.people import People
from bots.discordbot.readable import readable
from bots.discordbot.shown import loaded
from bots.discordbot.starts import Starts, Wanted
from bots.discordbot.visiting import Visit, Visiting
from engine.debate.events import Seat
from engine.debate.explained import Explained
from engine.debate.explained import marked as _
from engine.debate.panel import Panel
from engine.ports.store import StoreAway

ELSEWHERE = _("The message stands in another channel; ask for its debate there.")
REMEMBERED = 200
"""Messages that somebody wants debated, until the form comes back."""

Heard = discord.Interaction[Any]


class Wishes:
    """Commands, and what becomes of the form that starts a debate."""

    def __init__(
        self,
        parts: Parts,
        people: People,
        visiting: Visiting,
        starts: Starts,
        answering: Answering,
    ) -> None:
        self._parts, self._people, self._visiting = parts, people, visiting
        self._starts, self._answering = starts, answering
        self._wanted: OrderedDict[str, discord.Message] = OrderedDict()

    @property
    def panels(self) -> Mapping[str, Panel]:
        """By their ids."""
        return self._parts.panels

    async def ask(self, interaction: Heard, ask: Ask) -> None:
        """Anything but a start."""

        async def do(visit: Visit) -> Answer:
            return await self._parts.desk.do(ask, visit.asker, visit.payloads)

        await self._visiting.do(interaction, do)

    async def start(
        self, interaction: Heard, ask: Start, file: discord.Attachment | None = None
    ) -> None:
        """A debate; without a topic, a form asks for one, and for what else was not said."""
        if not ask.topic:
            await self._show(interaction, forms.Origin(), ask)
            return
        files = files_of([file] if file else ())

        async def do(visit: Visit) -> Answer:
            return await self._begin(visit, ask, files)

        await self._visiting.do(interaction, do)

    async def debate_this(self, interaction: Heard, message: discord.Message) -> None:
        """The form, for a message that is to be debated."""
        origin = forms.Origin(str(message.channel.id), str(message.id))
        self._wanted[origin.message] = message
        if len(self._wanted) > REMEMBERED:
            self._wanted.popitem(last=False)
        names = {str(user.id): user.display_name for user in message.mentions}
        await self._show(interaction, origin, Start(readable(message.content, names)))

    async def filled_in(self, interaction: Heard, what: str, values: forms.Values) -> None:
        """The form came back."""
        ask, origin = forms.asked(what, values)

        async def do(visit: Visit) -> Answer:
            if not origin.message:
                return await self._begin(visit, ask)
            return await self._begin_below(visit, ask, origin)

        await self._visiting.do(interaction, do)

    def panel(self, interaction: Heard, options: Options) -> Panel | None:
        """The panel that these options mean, whatever the channel is used to; `None`: none."""
        try:
            reader = self._people.presser(interaction).language
            return choose_panel(self.panels, options, Options(), reader)
        except Unfit:
            return None

    async def seats(self, interaction: Heard) -> Sequence[Seat]:
        """Of the debate here; none, where there is none or it cannot be asked for."""
        try:
            visit = await self._visiting.look(interaction)
            shown = visit.shown if visit else None
            state = await loaded(self._parts, shown.debate) if shown else None
        except StoreAway:
            return ()
        return state.started.seats if state else ()

    async def _show(self, interaction: Heard, origin: forms.Origin, start: Start) -> None:
        options, language = start.options, self._people.presser(interaction).language
        panel = self.panel(interaction, options) if options.panel else None
        if panel is not None:
            start = replace(start, options=replace(options, panel=panel.id, language=None))
        form = forms.start_form(origin, self.panels, translator(language), start)
        await self._answering.show_form(interaction, form)

    async def _begin(self, visit: Visit, ask: Start, files: Sequence[File] = ()) -> Answer:
        async with self._parts.files if files else nullcontext():
            try:
                uploads = await uploads_of(self._parts.rest, visit.name, files)
            except Explained as refusal:
                return Answer(explained(refusal, visit.who.language))
            return await self._starts.anew(self._wanted_by(visit, ask, uploads))

    async def _begin_below(self, visit: Visit, ask: Start, origin: forms.Origin) -> Answer:
        """Below the message that is debated, with what it says and its files as material."""
        where = visit.where
        if origin.channel != (where.thread or where.channel):
            return Answer(visit.translate(ELSEWHERE))
        async with self._parts.files:
            try:
                uploads = await self._material(origin)
            except Explained as refusal:
                return Answer(explained(refusal, visit.who.language))
            except Unknown:
                return Answer(visit.translate(NO_FILE))
            wanted = self._wanted_by(visit, ask, uploads)
            return await self._starts.below(origin.message, wanted)

    def _wanted_by(self, visit: Visit, ask: Start, uploads: Sequence[Upload]) -> Wanted:
        asker = self._people.asker(visit.who, visit.where)
        return Wanted(ask, asker, visit.where, visit.payloads, uploads)

    async def _material(self, origin: forms.Origin) -> list[Upload]:
        """What the message says; Discord showed it as the form was asked for, maybe only then.

        Raises:
            Explained, Unknown
        """
        message = self._wanted.pop(origin.message, None)
        if message is None or str(message.channel.id) != origin.channel:
            message = await self._people.message(origin.channel, origin.message)
        files = files_of(message.attachments)
        uploads = await uploads_of(self._parts.rest, origin.message, files)
        return [*as_material(message), *uploads]
