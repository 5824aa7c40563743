"""Files into a thread: Slack's three steps."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import ClientError

from bots.chat.desk import File
from bots.chat.surface import Unknown
from bots.slackbot.web import Web


async def upload(
    web: Web, channel: str, thread: str | None, files: Sequence[File], comment: str | None = None
) -> None:
    """Shares the files in one message.

    Raises:
        Refused, RetryAfter, Unknown
    """
    given = []
    for file in files:
        length = str(len(file.content))
        slot = await web.call("files.getUploadURLExternal", filename=file.name, length=length)
        try:
            async with web.session.post(slot["upload_url"], data=file.content) as answer:
                if answer.status != 200:
                    raise Unknown(f"upload: {answer.status}")
        except (ClientError, TimeoutError) as error:
            raise Unknown(f"upload: {type(error).__name__}") from error
        given.append({"id": slot["file_id"], "title": file.name})
    await web.call(
        "files.completeUploadExternal",
        files=given,
        channel_id=channel,
        thread_ts=thread,
        initial_comment=comment,
    )
