"""At a debate's close, its transcript goes into the thread as files: once for each close."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog

from bots.chat.desk import File
from bots.chat.i18n import translator
from bots.chat.surface import Refused, RetryAfter, Unknown
from bots.chat.transcript.files import FORMS
from bots.slackbot.parts import Parts
from bots.slackbot.uploading import upload
from engine.debate.events import DebateClosed, Place, Record
from engine.debate.state import Debate, Phase
from engine.ports.store import StoreAway, UnknownDebate

TRIES = 8
LATER_S = 5.0

log = structlog.get_logger()


class Closing:
    """Uploads transcripts."""

    def __init__(self, parts: Parts, later_s: float = LATER_S) -> None:
        self._parts, self._later_s = parts, later_s
        self._seen_to: set[tuple[str, int]] = set()

    def stands(self, debate: str, place: Place, state: Debate) -> None:
        """The thread was shown everything; if that was a close, its files are due."""
        turns = len(state.turns)
        is_due = state.phase is Phase.CLOSED and place == state.started.home
        if is_due and (debate, turns) not in self._seen_to:
            self._seen_to.add((debate, turns))
            self._parts.background.start(self._upload(debate, place, state))

    async def _upload(self, debate: str, place: Place, state: Debate) -> None:
        translate = translator(state.started.language)
        for _try in range(TRIES):
            try:
                records = await self._parts.debates.records(debate)
                if not await self._are_there(debate, place, records):
                    files = await asyncio.to_thread(_files, debate, records)
                    comment = translate("The transcript of the debate.")
                    await upload(self._parts.web, place.channel, place.thread, files, comment)
                return
            except (RetryAfter, Unknown, StoreAway):
                await self._parts.clock.sleep(self._later_s)
            except (Refused, UnknownDebate) as error:
                log.warning("transcript.refused", debate=debate, error=str(error))
                return

    async def _are_there(self, debate: str, place: Place, records: Sequence[Record]) -> bool:
        """Whether files of ours stand below the last close."""
        closes = [record.n for record in records if isinstance(record.event, DebateClosed)]
        messages = await self._parts.readers.messages(debate, place)
        after = messages.get(closes[-1], [place.thread])[-1]
        page = await self._parts.web.call(
            "conversations.replies",
            channel=place.channel,
            ts=place.thread,
            oldest=after,
            limit="200",
        )
        return any(
            file.get("name") in FORMS
            for message in page["messages"]
            if message.get("user") == self._parts.team.bot_user and message["ts"] > after
            for file in message.get("files") or ()
        )


def _files(debate: str, records: Sequence[Record]) -> list[File]:
    return [File(name, form(debate, records).encode()) for name, form in FORMS.items()]
