"""The transcripts' place in Slack: files among a thread's replies."""

from __future__ import annotations

from collections.abc import Sequence

from bots.chat.desk import File
from bots.slackbot.uploading import upload
from bots.slackbot.workspaces import Workspaces
from engine.debate.events import Place


class SlackShelf:
    """A `Shelf`."""

    def __init__(self, workspaces: Workspaces) -> None:
        self._workspaces = workspaces

    async def files_after(self, place: Place, message: str) -> list[str]:
        """See `Shelf.files_after`."""
        parts = await self._workspaces.at(place)
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

    async def put(self, place: Place, files: Sequence[File], comment: str) -> None:
        """See `Shelf.put`."""
        web = (await self._workspaces.at(place)).web
        await upload(web, place.channel, place.thread, files, comment)
