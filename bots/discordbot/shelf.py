"""The transcripts' place in Discord: files of one message in the thread."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from bots.chat.desk import File
from bots.discordbot.ids import channel_of
from bots.discordbot.message import nonce
from bots.discordbot.parts import Parts
from bots.discordbot.speaking import MESSAGES
from engine.debate.events import Place

PAGE = 100


class DiscordShelf:
    """A `Shelf`."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def files_after(self, place: Place, message: str) -> list[str]:
        """See `Shelf.files_after`."""
        page = await self._parts.rest.call(
            "GET /channels/{channel}/messages",
            query={"after": message, "limit": str(PAGE)},
            channel=channel_of(place),
        )
        return [
            str(file["filename"])
            for told in page
            if told["author"]["id"] == self._parts.us.user
            for file in told["attachments"]
        ]

    async def put(self, place: Place, files: Sequence[File], comment: str) -> None:
        """See `Shelf.put`. The same files, sent again within minutes, are posted once."""
        what = hashlib.sha256(b"\0".join(file.content for file in files)).hexdigest()
        body = {
            "content": comment,
            "allowed_mentions": {"parse": []},
            "nonce": nonce(f"files:{place.thread}:{what}"),
            "enforce_nonce": True,
        }
        await self._parts.rest.call(MESSAGES, body, files=files, channel=channel_of(place))
