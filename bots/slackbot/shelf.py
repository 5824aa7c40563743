"""The transcripts' place in Slack: files among a thread's replies."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from bots.chat.desk import File
from bots.slackbot.parts import Parts
from bots.slackbot.uploading import upload
from bots.slackbot.workspaces import Workspaces
from engine.debate.events import Place

CLAIM_S = 30.0
REMEMBERED = 10_000


class SlackShelf:
    """A `Shelf`."""

    def __init__(self, workspaces: Workspaces, claim_s: float) -> None:
        """`claim_s`: longer than files take; until then, no other process puts the same."""
        self._workspaces, self._claim_s = workspaces, claim_s
        self._who = uuid4().hex
        self._claimed: dict[tuple[Place, str], None] = {}

    async def files_after(self, place: Place, message: str) -> list[str]:
        """See `Shelf.files_after`."""
        parts = await self._workspaces.at(place)
        await self._claim(parts, place, message)
        page = await parts.web.call(
            "conversations.replies",
            channel=place.channel,
            ts=place.thread,
            oldest=message,
            limit="200",
        )
        return [
            str(file.get("name"))
            for reply in page["messages"]
            if reply.get("user") == parts.team.bot_user and reply["ts"] > message
            for file in reply.get("files") or ()
        ]

    async def _claim(self, parts: Parts, place: Place, message: str) -> None:
        """Two processes may see the same close, and both find nothing there yet."""
        if (place, message) in self._claimed:
            return
        what = f"files/{place.channel}/{place.thread}/{message}"
        await parts.web.claim(what, self._who, self._claim_s)
        self._claimed[place, message] = None
        if len(self._claimed) > REMEMBERED:
            self._claimed.pop(next(iter(self._claimed)))

    async def put(self, place: Place, files: Sequence[File], comment: str) -> None:
        """See `Shelf.put`."""
        web = (await self._workspaces.at(place)).web
        await upload(web, place.channel, place.thread, files, comment)
