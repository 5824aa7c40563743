"""A message that somebody wants debated, with its thread and files, as material."""

from __future__ import annotations

from bots.chat.desk import Upload
from bots.chat.material import MOST_BYTES
from bots.chat.surface import Refused, Unknown
from bots.slackbot.parts import Parts
from bots.slackbot.people import People
from bots.slackbot.web import Json
from bots.slackbot.wording import mentioned, plain

MOST_MESSAGES = 200
MOST_FILES = 10


async def material_at(parts: Parts, people: People, channel: str, message: str) -> list[Upload]:
    """What stands in the thread of this message; files that cannot be read are passed over.

    Raises:
        Refused, RetryAfter, Unknown
    """
    page = await parts.web.call(
        "conversations.replies", channel=channel, ts=message, limit=str(MOST_MESSAGES)
    )
    lines, files = [], []
    for said in page["messages"]:
        words = str(said.get("text") or "").strip()
        if words:
            names = await _names(people, [*mentioned(words), str(said.get("user") or "")])
            author = names.get(str(said.get("user")), str(said.get("username") or "?"))
            lines.append(f"{author}: {plain(words, names)}")
        files += list(said.get("files") or ())
    uploads = [Upload("thread.txt", "\n\n".join(lines).encode())] if lines else []
    for file in files[:MOST_FILES]:
        uploads += await _downloaded(parts, file)
    return uploads


async def _names(people: People, users: list[str]) -> dict[str, str]:
    names = {}
    for user in dict.fromkeys(users):
        profile = await people.profile(user) if user[:1] in ("U", "W") else None
        if profile is not None:
            names[user] = profile.name
    return names


async def _downloaded(parts: Parts, file: Json) -> list[Upload]:
    url = str(file.get("url_private_download") or file.get("url_private") or "")
    name = str(file.get("name") or "file")
    if not name.lower().endswith((".txt", ".md", ".markdown", ".pdf")):
        return []
    try:
        return [Upload(name, await parts.web.download(url, MOST_BYTES))]
    except (Refused, Unknown):
        return []
