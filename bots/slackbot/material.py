"""A message that somebody wants debated, with its thread and files, as material."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from bots.chat.material import MOST_BYTES, MaterialError, is_read, read_material
from bots.chat.starting import Gathered
from bots.chat.surface import Refused, RetryAfter, Unknown
from bots.slackbot.parts import Parts
from bots.slackbot.people import name_of
from bots.slackbot.web import Json
from bots.slackbot.wording import mentioned, plain
from bots.slackbot.workspaces import Workspaces
from engine.debate.commands import Material
from engine.debate.events import Place
from engine.debate.explained import Explained

PAGE = 200
MOST_PAGES = 10
MOST_MESSAGES = 200
"""The first, for it is what is debated, and the last ones."""
MOST_FILES = 10
_LEFT_OUT = "[…]"


async def material_at(workspaces: Workspaces, place: Place) -> Gathered:
    """What stands in this thread, and what of it is left out: no file stops the debate.

    None of it was said to the debate that begins there: it is read back from the next message on.

    Raises:
        Refused, RetryAfter, Unknown, StoreAway
    """
    parts = await workspaces.at(place)
    said = await _messages(parts, place)
    await _mark(parts, place, said)
    notes: list[Explained] = []
    kept = said if len(said) <= MOST_MESSAGES else [said[0], *said[1 - MOST_MESSAGES :]]
    if len(kept) < len(said):
        count = len(kept) - 1
        note = Explained(
            "The thread is long: its first message and the last {count} are debated.", count=count
        )
        notes.append(note)
    words = await _words(parts, kept, is_cut=len(kept) < len(said))
    material = [Material("thread.txt", words)] if words else []
    files = [file for message in kept for file in message.get("files") or ()]
    for file in files[:MOST_FILES]:
        try:
            material.append(await _read(parts, file))
        except Explained as why:
            notes.append(why)
    if len(files) > MOST_FILES:
        notes.append(
            Explained("The thread has many files: the first {most} are debated.", most=MOST_FILES)
        )
    return Gathered(tuple(material), tuple(notes))


async def _messages(parts: Parts, place: Place) -> list[Json]:
    """The thread, root first; where Slack lets no more of it be read now, as far as it was."""
    found: list[Json] = []
    cursor: str | None = None
    for _page in range(MOST_PAGES):
        where = {"channel": place.channel, "ts": place.thread}
        try:
            page = await parts.web.call(
                "conversations.replies", **where, limit=str(PAGE), cursor=cursor
            )
        except RetryAfter:
            if not found:
                raise
            break
        # The root comes with every page.
        found += [m for m in page["messages"] if not found or m["ts"] != place.thread]
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
        if cursor is None:
            break
    return found


async def _words(parts: Parts, said: Sequence[Json], *, is_cut: bool) -> str:
    """Who said what."""
    lines: list[str] = []
    names: dict[str, str] = {}
    for number, message in enumerate(said):
        if is_cut and number == 1:
            lines.append(_LEFT_OUT)
        words = str(message.get("text") or "").strip()
        if words:
            author = str(message.get("user") or "")
            await _learn(parts, names, [*mentioned(words), author])
            shown = names.get(author, str(message.get("username") or "?"))
            lines.append(f"{shown}: {plain(words, names)}")
    return "\n\n".join(lines)


async def _mark(parts: Parts, place: Place, said: Sequence[Json]) -> None:
    """Where a debate is held there already, what was not heard yet is said to that one."""
    places = parts.debates.places
    if await places.debate_at(place) is None:
        root: Json = next(iter(said), {})
        newest = max((str(message["ts"]) for message in said), key=float)
        await places.set_heard_to(place, str(root.get("latest_reply") or newest))


async def _learn(parts: Parts, names: dict[str, str], users: list[str]) -> None:
    """Adds what these are called, where Slack tells it."""
    for user in dict.fromkeys(users):
        if user[:1] in ("U", "W") and user not in names:
            with suppress(Refused, RetryAfter, Unknown):
                told = await parts.web.call("users.info", user=user)
                names[user] = name_of(told["user"])


async def _read(parts: Parts, file: Json) -> Material:
    """A file's text: of the file itself, nothing stays in memory.

    Raises:
        Explained: it cannot be read.
    """
    url = str(file.get("url_private_download") or file.get("url_private") or "")
    name = str(file.get("name") or "file")
    async with parts.files:
        try:
            content = await parts.web.download(url, MOST_BYTES) if is_read(name) else b""
        except (Refused, Unknown) as error:
            raise MaterialError(
                "{name} could not be read from Slack; share it again.", name=name
            ) from error
        return await asyncio.to_thread(read_material, name, content)
