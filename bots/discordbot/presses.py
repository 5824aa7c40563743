"""Buttons that are pressed, and the forms of seats that come back."""

from __future__ import annotations

from typing import Any

import discord

from bots.chat.desk import NOTHING, Answer
from bots.chat.grammar import Control, Verb
from bots.chat.surface import Key, Refused, Unknown
from bots.discordbot import forms
from bots.discordbot.about import about
from bots.discordbot.forms import one
from bots.discordbot.heard import said
from bots.discordbot.marks import DO, SEAT
from bots.discordbot.parts import Parts
from bots.discordbot.people import People
from bots.discordbot.shown import loaded, stands_at
from bots.discordbot.talk import Talk
from bots.discordbot.telling import PICK
from bots.discordbot.visiting import NO_DEBATE, Visit, Visiting
from bots.discordbot.wishes import Wishes
from engine.debate.commands import LeaveSeat, SpeakSeat, TakeSeat
from engine.debate.explained import marked as _

UNKNOWN = _("This button is no longer in use; write “/debate help” to see what is.")

Heard = discord.Interaction[Any]


class Presses:
    """Components and modals."""

    def __init__(
        self, parts: Parts, people: People, visiting: Visiting, wishes: Wishes, talk: Talk
    ) -> None:
        self._parts, self._people, self._visiting = parts, people, visiting
        self._wishes, self._talk = wishes, talk

    async def pressed(self, interaction: Heard, custom_id: str) -> None:
        """A button of a card, of a post or of an answer."""
        kind, _colon, what = custom_id.partition(":")
        key = Key.parse(custom_id)
        if kind == SEAT:
            await self._visiting.fill_in(interaction, self._seat_form, debate=what)
        elif kind == DO:
            named, _colon, debate = what.partition(":")
            await self._visiting.do(interaction, lambda visit: self._control(visit, named), debate)
        elif kind == PICK:
            await self._visiting.do(interaction, lambda visit: self._pick(visit, what))
        elif key is not None:
            found = key
            await self._visiting.do(interaction, lambda visit: self._about(visit, found))

    async def submitted(self, interaction: Heard, custom_id: str, values: forms.Values) -> None:
        """A form came back."""
        kind, what = forms.opened_for(custom_id)
        if kind == forms.START:
            await self._wishes.filled_in(interaction, what, values)
        elif kind == forms.TAKE:
            await self._visiting.do(interaction, lambda visit: self._take(visit, values), what)
        elif kind == forms.SPEAK:
            debate, _colon, turn = what.partition(":")
            await self._visiting.do(
                interaction, lambda visit: self._speak(visit, turn, values), debate
            )

    async def _control(self, visit: Visit, named: str) -> Answer:
        try:
            verb = Verb(named)
        except ValueError:  # a card of another version of the program
            return Answer(visit.translate(UNKNOWN))
        return await self._parts.desk.do(Control(verb), visit.asker, visit.payloads)

    async def _about(self, visit: Visit, key: Key) -> Answer:
        state = await loaded(self._parts, key.debate)
        if state is None or stands_at(state, visit.where) is None:
            return Answer(visit.translate(NO_DEBATE))
        return await about(self._parts, key.debate, key.n, visit.translate)

    async def _seat_form(self, visit: Visit) -> discord.ui.Modal | Answer:
        """The form for the turn that waits for them, else the one that gives them a seat."""
        state = await loaded(self._parts, visit.shown.debate) if visit.shown else None
        if visit.shown is None or state is None:
            return Answer(visit.translate(NO_DEBATE))
        waits = state.waiting
        is_called = waits.person is not None and waits.person.id == visit.asker.person.id
        make = forms.speak_form if is_called and not waits.lapsed else forms.take_form
        return make(visit.shown.debate, state, visit.translate)

    async def _take(self, visit: Visit, values: forms.Values) -> Answer:
        seat, by = one(values, forms.SEAT), visit.asker.actor
        wish = LeaveSeat(by) if seat in (None, forms.LEAVE) else TakeSeat(by, str(seat))
        return await self._parts.desk.submit(wish, visit.asker, visit.payloads)

    async def _speak(self, visit: Visit, turn: str, values: forms.Values) -> Answer:
        answer, question = one(values, forms.ANSWER) or "", one(values, forms.QUESTION)
        written_for = int(turn) if turn.isascii() and turn.isdecimal() else 0
        by, to = visit.asker.actor, one(values, forms.NEXT)
        spoken = SpeakSeat(by, answer, question, to, turn=written_for)
        told = await self._parts.desk.submit(spoken, visit.asker, visit.payloads)
        # What was refused is given back: the form is closed by now.
        return Answer(f"{told.text}\n\n{answer}\n\n{question or ''}") if told.text else told

    async def _pick(self, visit: Visit, what: str) -> Answer:
        seat, _colon, message = what.partition(":")
        where = visit.where
        try:
            found = said(await self._people.message(where.thread or where.channel, message))
        except (Refused, Unknown):
            return Answer(visit.translate("The message is gone."))
        if found is None or found.user != visit.who.user or visit.shown is None:
            return Answer(visit.translate("Only whoever wrote the message says whom it is for."))
        await self._talk.picked(found, where, visit.who, visit.shown, seat)
        return NOTHING
