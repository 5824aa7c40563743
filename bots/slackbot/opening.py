"""Everything that opens a debate without a thread to hang it from, and the form for it."""

from __future__ import annotations

import asyncio

import structlog

from bots.chat.beginning import Beginning
from bots.chat.desk import NOTHING, Answer, Asker
from bots.chat.desk.starting import Unfit, choose_panel
from bots.chat.gate import REFUSALS, Verdict
from bots.chat.grammar import Options
from bots.chat.i18n import explained, translator
from bots.chat.starting import Starting
from bots.chat.surface import Refused, RetryAfter, Unknown
from bots.slackbot.acking import LATER, Acking, still
from bots.slackbot.form import CHANNEL, TOPIC, Origin, asked, is_asked_where, with_panel
from bots.slackbot.inputs import block_of
from bots.slackbot.parts import Parts
from bots.slackbot.people import People
from bots.slackbot.presence import come_into, is_member
from bots.slackbot.telling import Whom, tell
from bots.slackbot.web import Json
from bots.slackbot.wishes import Wishes
from bots.slackbot.wording import plain
from engine.debate.explained import Explained
from engine.ports.store import StoreAway

MOST_ERROR = 1_000

log = structlog.get_logger()


class Opening:
    """Slash commands, the form, and the shortcut of a message."""

    def __init__(
        self, parts: Parts, people: People, wishes: Wishes, starting: Starting, acking: Acking
    ) -> None:
        self._parts, self._people, self._wishes = parts, people, wishes
        self._starting, self._acking = starting, acking

    async def command(self, body: Json) -> Answer:
        """What to say to a slash command; its debate has begun by then, unless that takes long."""
        until = self._parts.clock.monotonic() + self._acking.answer_s
        user, channel = str(body["user_id"]), str(body["channel_id"])
        respond_to = str(body.get("response_url") or "")
        asker = await self._people.asker(user, channel, "", str(body.get("user_name") or ""))
        starting: asyncio.Task[None] | None = None

        async def do() -> Answer:
            nonlocal starting
            found = await self._wishes.command(body, asker)
            if isinstance(found, Answer):
                return found
            try:
                await self._come_into(channel)
            except Refused as refusal:
                return Answer(explained(refusal, asker.language))
            payloads = [f"slack:command:{body['trigger_id']}"]
            begun = await self._starting.begin(found, asker, payloads)
            starting = self._parts.background.start(self._start(begun, respond_to))
            return NOTHING

        def late(answer: Answer) -> None:
            whom = Whom(user, channel, respond_to=respond_to)
            self._parts.background.start(tell(self._parts, whom, answer))

        answer = await self._acking.wish(do(), asker.language, late, self._left_s(until))
        if starting is not None:
            await asyncio.wait({starting}, timeout=self._left_s(until))
        return still(asker.language) if answer is None else answer

    async def shortcut(self, body: Json) -> Answer:
        """The form, for a message that is to be debated."""
        user, channel = str(body["user"]["id"]), str(body["channel"]["id"])
        message = body.get("message") or {}
        ts = str(message.get("ts") or body.get("message_ts") or "")
        thread = str(message.get("thread_ts") or ts)
        asker = await self._people.asker(user, channel, thread)
        kept_out = await self._wishes.kept_out(channel, user, asker)
        if kept_out.text:
            return kept_out
        topic = plain(str(message.get("text") or ""), {})
        origin = Origin(channel, thread, ts)
        return await self._wishes.open_form(str(body["trigger_id"]), origin, asker, topic)

    async def choose(self, body: Json) -> None:
        """A panel or a language was chosen in the form: its seats are those of the panel now."""
        view, user = body["view"], str(body["user"]["id"])
        ask, _origin = asked(view)
        language = self._people.language(user)
        try:
            panel = choose_panel(self._parts.panels, ask.options, Options(), language)
            shown = with_panel(view, panel, translator(language))
            await self._parts.web.call("views.update", view_id=view["id"], view=shown)
        except Unfit:
            return  # Said beside the field, once the form is sent.
        except (Refused, RetryAfter, Unknown) as error:
            log.warning("form.not_updated", error=str(error))

    async def form(self, body: Json) -> dict[str, str]:
        """Starts what was filled in; or what is wrong with it, by field.

        What takes long is told once the form is closed: what they wrote is given back then.
        """
        view, user = body["view"], str(body["user"]["id"])
        ask, origin = asked(view)
        whom = Whom(user, origin.channel, origin.thread)
        language, field = self._people.language(user), TOPIC

        async def do() -> Answer:
            nonlocal field
            asker = await self._people.asker(user, origin.channel, origin.thread)
            try:
                await self._check_channel(view, origin, user)
                command = await self._parts.desk.prepare(ask, asker)
            except Explained as refusal:
                if isinstance(refusal, StoreAway):
                    raise
                field = refusal.option if isinstance(refusal, Unfit) else TOPIC
                return Answer(explained(refusal, asker.language))
            begun = await self._starting.begin(command, asker, [f"slack:view:{view['id']}"])
            self._parts.background.start(self._start(begun))
            return NOTHING

        def told(answer: Answer) -> None:
            self._parts.background.start(tell(self._parts, whom, answer))

        def late(answer: Answer) -> None:
            if answer.text:
                told(Answer(f"{answer.text}\n\n{ask.topic}"))

        answer = await self._acking.wish(do(), language, late)
        if answer is None:
            told(still(language))
            return {}
        return {block_of(view, field): answer.text[:MOST_ERROR]} if answer.text else {}

    async def _check_channel(self, view: Json, origin: Origin, user: str) -> None:
        """Whether they can have a debate held there; the app comes in where they are themselves.

        Raises:
            Unfit
        """
        field = CHANNEL if is_asked_where(view) else TOPIC
        verdict = await self._people.gates.admits(origin.channel, user)
        if verdict is not Verdict.ADMITTED:
            raise Unfit(REFUSALS[verdict], field)
        try:
            if not await is_member(self._parts.web, origin.channel, user):
                raise Unfit("You are not in that channel; join it first.", field)
            await self._come_into(origin.channel)
        except Refused as refusal:
            raise Unfit(refusal.text, field, **refusal.values) from refusal
        except (RetryAfter, Unknown) as error:
            raise Unfit(LATER, field) from error

    async def _come_into(self, channel: str) -> None:
        """What is refused here, people can still be told; a card that is refused later, hardly.

        Raises:
            Refused: the app is not in the channel, and has to be invited.
        """
        try:
            await come_into(self._parts.web, channel)
        except (RetryAfter, Unknown) as error:
            log.warning("channel.not_joined", channel=channel, error=str(error))

    async def _start(self, begun: Beginning, respond_to: str = "") -> None:
        await self._tell(begun.asker, await self._starting.start(begun), respond_to)

    def _left_s(self, until: float) -> float:
        return max(0.1, until - self._parts.clock.monotonic())

    async def _tell(self, asker: Asker, answer: Answer, respond_to: str) -> None:
        user, place = asker.person.id.rpartition(":")[2], asker.place
        whom = Whom(user, place.channel, place.thread, respond_to=respond_to)
        await tell(self._parts, whom, answer)
