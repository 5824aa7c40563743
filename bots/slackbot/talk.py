"""What people write and do in channels and threads, brought to the desk."""

from __future__ import annotations

from contextlib import nullcontext

from bots.chat.desk import NOTHING, Answer, Asker, Upload
from bots.chat.desk.values import both
from bots.chat.gate import REFUSALS, Verdict
from bots.chat.i18n import translator
from bots.chat.in_order import NotTaken
from bots.chat.material import MOST_BYTES, is_read
from bots.chat.surface import Refused, RetryAfter, Unknown
from bots.slackbot.acking import LATER
from bots.slackbot.heard import Edited, Erased, Heard, Json, Said, Voted, heard
from bots.slackbot.ids import place_of
from bots.slackbot.message import key_of
from bots.slackbot.parts import Parts
from bots.slackbot.people import People
from bots.slackbot.reading import message_at
from bots.slackbot.telling import Whom
from bots.slackbot.wording import mentioned, plain
from engine.debate.commands import CastVote, Correct, Erase
from engine.debate.events import Place

MOST_FILES = 10


class Talk:
    """One workspace's words and thumbs.

    Its calls raise `StoreAway`, and `take` raises `NotTaken`: nothing was taken then.
    """

    def __init__(self, parts: Parts, people: People) -> None:
        self._parts, self._people = parts, people
        self._bot = parts.team.bot_user
        reach = parts.reach
        mentions = [*reach.groups.items(), *reach.users.items()]
        self._ours = {self._bot, *reach.users.values()}
        self._personas = {mentioned: persona for persona, mentioned in mentions}

    async def take(self, what: Heard, event_id: str) -> tuple[Whom, Answer]:
        """Takes it in; answers whom to tell what. Delivered again, it does nothing."""
        payloads = [f"slack:event:{event_id}"]
        whom = Whom(what.user, what.channel)
        if not await self._concerns_us(what):
            return whom, NOTHING
        admitted = await self._admitted(what)
        if admitted is not Verdict.ADMITTED:
            return whom, self._kept_out(what, admitted)
        match what:
            case Said():
                return await self._said(what, payloads)
            case Edited() | Erased():
                whom = Whom(what.user, what.channel, what.thread)
                return whom, await self._changed(what, payloads)
            case Voted():
                return await self._voted(what, payloads)

    async def _concerns_us(self, what: Heard) -> bool:
        """Whether anything can come of it; of most that is said in a workspace, nothing does."""
        if isinstance(what, Voted):
            return what.author is None or what.author in self._ours
        if isinstance(what, Said) and (what.names_app or what.is_direct):
            return True
        place = self._place(what.channel, what.thread or what.ts)
        return await self._parts.debates.places.debate_at(place) is not None

    async def _admitted(self, what: Heard) -> Verdict:
        try:
            return await self._people.gates.admits_or_waits(what.channel, what.user)
        except RetryAfter as error:
            raise NotTaken("who is in the user groups") from error

    async def words(self, text: str) -> str:
        """A text of Slack's as it reads."""
        return plain(text, await self._names(text))

    def _kept_out(self, what: Heard, admitted: Verdict) -> Answer:
        """Told only to who spoke to the app itself, and only where it may change."""
        is_told = isinstance(what, Said) and what.names_app and admitted is Verdict.CANNOT_TELL
        translate = translator(self._people.language(what.user))
        return Answer(translate(REFUSALS[admitted])) if is_told else NOTHING

    async def _said(self, said: Said, payloads: list[str]) -> tuple[Whom, Answer]:
        thread = said.thread or said.ts
        whom = Whom(said.user, said.channel, said.thread or "", said.ts)
        place = self._place(said.channel, thread)
        is_shown = await self._parts.debates.places.debate_at(place) is not None
        to_app = said.names_app or (said.is_direct and not is_shown and said.thread is None)
        if not to_app and not is_shown:
            return whom, NOTHING
        payloads = [*payloads, *_names_of(said, place)]
        asker = await self._people.asker(said.user, said.channel, thread)
        async with self._parts.files if said.files else nullcontext():
            if is_shown:
                answer = await self._to_debate(said, asker, payloads)
                uploads, refusal = await self._uploads(said, asker)
                return whom, both(both(refusal, await self._attach(uploads, asker)), answer)
            return whom, await self._to_app(said, asker, payloads)

    async def _to_app(self, said: Said, asker: Asker, payloads: list[str]) -> Answer:
        """Where no debate is yet."""
        uploads, refusal = await self._uploads(said, asker)
        text, _to = await self._words(said)
        readable = [upload for upload in uploads if is_read(upload.name)]
        answer = await self._parts.desk.mention(text, asker, said.ts, payloads, readable)
        if answer.debate is not None:
            others = [upload for upload in uploads if not is_read(upload.name)]
            refusal = both(refusal, await self._attach(others, asker))
        return both(refusal, answer)

    async def _to_debate(self, said: Said, asker: Asker, payloads: list[str]) -> Answer:
        """The words, whatever becomes of the files."""
        desk = self._parts.desk
        text, to = await self._words(said)
        if said.names_app:
            return await desk.mention(text, asker, said.ts, payloads)
        return await desk.say(text, asker, to, said.ts, payloads) if text else NOTHING

    async def _attach(self, uploads: list[Upload], asker: Asker) -> Answer:
        """Each by itself."""
        told = NOTHING
        for upload in uploads:
            name = upload.message
            attached = await self._parts.desk.attach(upload, asker, name, [f"slack:file:{name}"])
            told = both(told, attached)
        return told

    async def _changed(self, what: Edited | Erased, payloads: list[str]) -> Answer:
        place = self._place(what.channel, what.thread)
        if await self._parts.debates.places.debate_at(place) is None:
            return NOTHING
        asker = await self._people.asker(what.user, what.channel, what.thread)
        if isinstance(what, Erased):
            for file in what.files:
                erase = Erase(asker.actor, _file_message(what.ts, file))
                await self._parts.desk.submit(erase, asker)
            return await self._parts.desk.submit(Erase(asker.actor, what.ts), asker, payloads)
        command = Correct(asker.actor, what.ts, await self.words(what.text))
        return await self._parts.desk.submit(command, asker, payloads)

    async def _voted(self, voted: Voted, payloads: list[str]) -> tuple[Whom, Answer]:
        """A thumb counts where it is put on a persona's turn."""
        whom = Whom(voted.user, voted.channel)
        try:
            message = await message_at(self._parts, voted.channel, voted.ts)
        except Refused:
            return whom, NOTHING
        except (RetryAfter, Unknown) as error:
            raise NotTaken from error
        key = key_of(message) if message and self._parts.is_ours(message) else None
        if message is None or key is None:
            return whom, NOTHING
        thread = str(message.get("thread_ts") or "")
        place = self._place(voted.channel, thread)
        if await self._parts.debates.places.debate_at(place) != key.debate:
            return whom, NOTHING
        state = await self._parts.debates.load(key.debate)
        turn = next((n for n, turn in enumerate(state.turns, 1) if turn.n == key.n), None)
        if turn is None:
            return whom, NOTHING
        asker = await self._people.asker(voted.user, voted.channel, thread)
        vote = CastVote(asker.actor, turn, voted.vote)
        whom = Whom(voted.user, voted.channel, thread)
        return whom, await self._parts.desk.submit(vote, asker, payloads)

    async def pick(self, user: str, channel: str, ts: str, seat: str) -> tuple[Whom, Answer]:
        """Says a message again, now that its author has said whom it means."""
        try:
            message = await message_at(self._parts, channel, ts)
        except (RetryAfter, Unknown):
            translate = translator(self._people.language(user))
            return Whom(user, channel), Answer(translate(LATER))
        except Refused:
            message = None
        if message is None or message.get("user") != user:
            return Whom(user, channel), NOTHING
        said = heard(message | {"type": "app_mention", "channel": channel}, self._bot)
        admitted = await self._people.gates.admits(channel, user)
        if not isinstance(said, Said) or admitted is not Verdict.ADMITTED:
            return Whom(user, channel), NOTHING
        thread = said.thread or said.ts
        asker = await self._people.asker(user, channel, thread)
        text, _to = await self._words(said)
        answer = await self._parts.desk.say(text, asker, seat, ts, [f"slack:pick:{channel}:{ts}"])
        return Whom(user, channel, thread), answer

    async def _words(self, said: Said) -> tuple[str, str | None]:
        """What they wrote, as it reads, and the persona whose user group or app they mentioned."""
        words = said.text.replace(f"<@{self._bot}>", "", 1)
        named = (self._personas.get(name) for name in mentioned(words))
        to = next((persona for persona in named if persona), None)
        return plain(words, await self._names(words)).strip(), to

    async def _names(self, text: str) -> dict[str, str]:
        names = {}
        for user in dict.fromkeys(mentioned(text)):
            profile = await self._people.profile(user) if user[:1] in "UW" else None
            if profile is not None:
                names[user] = profile.name
        return names

    async def _uploads(self, said: Said, asker: Asker) -> tuple[list[Upload], Answer]:
        """The files that came along, empty if of a kind that is not read; and why one is not."""
        uploads, refusal = list[Upload](), NOTHING
        for file in said.files[:MOST_FILES]:
            try:
                uploads.append(await self._download(said.ts, file))
            except (Refused, Unknown):
                text = asker.translate("The file could not be read from Slack; share it again.")
                refusal = Answer(text)
        return uploads, refusal

    async def _download(self, ts: str, file: Json) -> Upload:
        url = str(file.get("url_private_download") or file.get("url_private") or "")
        name = str(file.get("name") or "file")
        content = await self._parts.web.download(url, MOST_BYTES) if is_read(name) else b""
        return Upload(name, content, _file_message(ts, file))

    def _place(self, channel: str, thread: str) -> Place:
        return place_of(self._parts.team.id, channel, thread)


def _names_of(said: Said, place: Place) -> list[str]:
    """What a message goes by, whichever event it came with."""
    where = f"{place.workspace}:{said.channel}"
    names = [f"slack:message:{where}:{said.ts}"]
    return [*names, f"slack:gesture:{where}:{said.gesture}"] if said.gesture else names


def _file_message(ts: str, file: Json) -> str:
    """What a file goes by, beside the message that it came with."""
    return f"{ts}:{file.get('id')}"
