"""What people ask for by command, button and form, brought to the desk."""

from __future__ import annotations

import json
from typing import Any

from bots.chat.desk import NOTHING, Answer, Asker
from bots.chat.desk.starting import choose_panel
from bots.chat.gate import REFUSALS, Verdict
from bots.chat.grammar import Control, Known, Misunderstood, Options, Start, Verb, parse
from bots.chat.i18n import explained, translator
from bots.chat.surface import Refused, RetryAfter, Unknown
from bots.slackbot.card import DO, SEAT
from bots.slackbot.form import Offer, Origin, form
from bots.slackbot.parts import Parts
from bots.slackbot.people import People
from bots.slackbot.seat_forms import speak_form, take_form
from bots.slackbot.talk import Talk
from bots.slackbot.telling import PICK, Whom
from bots.slackbot.wording import plain
from engine.debate.commands import StartDebate
from engine.debate.explained import Explained
from engine.debate.explained import marked as _

Json = dict[str, Any]

NO_FORM = _("Slack did not open the form; try again.")


class Wishes:
    """One workspace's commands and clicks. Its calls raise `StoreAway`: nothing was done then."""

    def __init__(self, parts: Parts, people: People, talk: Talk) -> None:
        self._parts, self._people, self._talk = parts, people, talk

    async def command(self, body: Json, asker: Asker) -> Answer | StartDebate:
        """A slash command: its answer, or the debate that it is to start."""
        kept_out = await self.kept_out(body["channel_id"], body["user_id"], asker)
        if kept_out.text:
            return kept_out
        text = plain(str(body.get("text") or ""), {}).strip()
        try:
            ask = parse(text, Known(tuple(self._parts.panels))) if text else Start("")
        except Misunderstood as refusal:
            return Answer(explained(refusal, asker.language))
        if not isinstance(ask, Start):
            payload = f"slack:command:{body['trigger_id']}"
            return await self._parts.desk.do(ask, asker, [payload])
        if not ask.topic:
            return await self.open_form(body["trigger_id"], Origin(body["channel_id"]), asker)
        return await self._prepared(ask, asker)

    async def _prepared(self, ask: Start, asker: Asker) -> Answer | StartDebate:
        """The debate to start, or why not."""
        try:
            return await self._parts.desk.prepare(ask, asker)
        except Explained as refusal:
            return Answer(explained(refusal, asker.language))

    async def asker(self, user: str, channel: str, thread: str = "", name: str = "") -> Asker:
        """See `People.asker`."""
        return await self._people.asker(user, channel, thread, name)

    async def press(self, body: Json) -> tuple[Whom, Answer]:
        """A button of a card, or of an answer."""
        action, user = body["actions"][0], str(body["user"]["id"])
        container = body.get("container") or {}
        channel = str(container.get("channel_id") or "")
        thread = str(container.get("thread_ts") or container.get("message_ts") or "")
        whom = Whom(user, channel, thread)
        if not channel:
            return whom, NOTHING
        kept_out = await self.kept_out(channel, user, None)
        if kept_out.text:
            return whom, kept_out
        kind, _, what = str(action["action_id"]).partition(":")
        if kind == PICK:
            value = json.loads(action["value"])
            found, answer = await self._talk.pick(user, channel, value["message"], value["seat"])
            return found if found.thread else whom, answer
        asker = await self._people.asker(user, channel, thread)
        held = await self._parts.debates.places.debate_at(asker.place)
        if held is not None and str(action.get("value") or held) != held:
            return whom, Answer(asker.translate("That card is of another debate."))
        if kind == DO:
            payload = f"slack:press:{body['trigger_id']}"
            return whom, await self._parts.desk.do(Control(Verb(what)), asker, [payload])
        if kind == SEAT:
            return whom, await self._open_seat(body["trigger_id"], asker)
        return whom, NOTHING

    async def kept_out(self, channel: str, user: str, asker: Asker | None) -> Answer:
        """Why they may not use the app there; nothing, where they may."""
        admitted = await self._people.gates.admits(channel, user)
        if admitted is Verdict.ADMITTED:
            return NOTHING
        language = asker.language if asker else self._people.language(user)
        return Answer(translator(language)(REFUSALS[admitted]))

    async def open_form(
        self, trigger: str, origin: Origin, asker: Asker, topic: str = ""
    ) -> Answer:
        """The form that starts a debate, filled in as is usual there for whoever asks."""
        panels, usual = self._parts.panels, await self._parts.desk.usual(asker)
        panel = choose_panel(panels, Options(), usual, asker.language)
        view = form(origin, Offer(panels, panel, usual, topic), asker.translate)
        return await self._open(trigger, view, asker)

    async def _open_seat(self, trigger: str, asker: Asker) -> Answer:
        """The form for the turn that waits for them, else the one that gives them a seat."""
        debate = await self._parts.debates.places.debate_at(asker.place)
        if debate is None:
            return Answer(asker.translate("There is no debate in this thread."))
        state = await self._parts.debates.load(debate)
        is_called = state.waiting.person is not None and state.waiting.person.id == asker.person.id
        make = speak_form if is_called and not state.waiting.lapsed else take_form
        view = make(debate, state, asker.place, asker.translate)
        return await self._open(trigger, view, asker)

    async def _open(self, trigger: str, view: Json, asker: Asker) -> Answer:
        try:
            await self._parts.web.call("views.open", trigger_id=trigger, view=view)
        except (Refused, RetryAfter, Unknown):
            return Answer(asker.translate(NO_FORM))
        return NOTHING
