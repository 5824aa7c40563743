"""A message that somebody wants debated, with its thread and files, as material."""

from __future__ import annotations

from contextlib import suppress

from bots.chat.desk import Upload
from bots.chat.material import MOST_BYTES
from bots.chat.surface import Refused, RetryAfter, Unknown
from bots.slackbot.parts import Parts
from bots.slackbot.people import name_of
from bots.slackbot.web import Json
from bots.slackbot.wording import mentioned, plain
from bots.slackbot.workspaces import Workspaces
from engine.debate.events import Place

MOST_MESSAGES = 200
MOST_FILES = 10


async def material_at(workspaces: Workspaces, place: Place) -> list[Upload]:
    """What stands in this thread; files that cannot be read are passed over.

    None of it was said to the debate that begins there: it is read back from the next message on.

    Raises:
        Refused, RetryAfter, Unknown, StoreAway
    """
    parts = await workspaces.at(place)
    page = await parts.web.call(
        "conversations.replies", channel=place.channel, ts=place.thread, limit=str(MOST_MESSAGES)
    )
    await _mark(parts, place, page)
    lines, files = [], []
    names: dict[str, str] = {}
    for said in page["messages"]:
        words = str(said.get("text") or "").strip()
        if words:
            author = str(said.get("user") or "")
            await _learn(parts, names, [*mentioned(words), author])
            shown = names.get(author, str(said.get("username") or "?"))
            lines.append(f"{shown}: {plain(words, names)}")
        files += list(said.get("files") or ())
    uploads = [Upload("thread.txt", "\n\n".join(lines).encode())] if lines else []
    for file in files[:MOST_FILES]:
        uploads += await _downloaded(parts, file)
    return uploads


async def _mark(parts: Parts, place: Place, page: Json) -> None:
    """Where a debate is held there already, what was not heard yet is said to that one."""
    places = parts.debates.places
    if await places.debate_at(place) is None:
        root: Json = next(iter(page["messages"]), {})
        newest = max((str(said["ts"]) for said in page["messages"]), key=float)
        await places.set_heard_to(place, str(root.get("latest_reply") or newest))


async def _learn(parts: Parts, names: dict[str, str], users: list[str]) -> None:
    """Adds what these are called, where Slack tells it."""
    for user in dict.fromkeys(users):
        if user[:1] in ("U", "W") and user not in names:
            with suppress(Refused, RetryAfter, Unknown):
                told = await parts.web.call("users.info", user=user)
                names[user] = name_of(told["user"])


async def _downloaded(parts: Parts, file: Json) -> list[Upload]:
    url = str(file.get("url_private_download") or file.get("url_private") or "")
    name = str(file.get("name") or "file")
    if not name.lower().endswith((".txt", ".md", ".markdown", ".pdf")):
        return []
    try:
        return [Upload(name, await parts.web.download(url, MOST_BYTES))]
    except (Refused, Unknown):
        return []
