"""What people attach, and messages that somebody wants debated, as material."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

import discord

from bots.chat.desk import Upload
from bots.chat.material import MOST_BYTES, PDF_SUFFIX, TEXT_SUFFIXES, check_size
from bots.chat.surface import Refused, Unknown
from bots.discordbot.heard import File
from bots.discordbot.readable import readable
from bots.discordbot.rest import Rest
from engine.debate.explained import marked as _

MOST_FILES = 10
NO_FILE = _("A file could not be read from Discord; share it again.")
_KINDS = TEXT_SUFFIXES | {PDF_SUFFIX}


async def uploads_of(rest: Rest, message: str, files: Iterable[File]) -> list[Upload]:
    """The files that can be read, each by an id of its own; pictures and the like are left out.

    Raises:
        Explained: one is too large, or could not be had.
    """
    found = [file for file in files if PurePosixPath(file.name).suffix.lower() in _KINDS]
    for file in found[:MOST_FILES]:
        check_size(file.name, file.size)
    try:
        return [
            Upload(file.name, await rest.download(file.url, MOST_BYTES), f"{message}:{file.id}")
            for file in found[:MOST_FILES]
        ]
    except Unknown as error:
        raise Refused(NO_FILE) from error


def files_of(attached: Iterable[discord.Attachment]) -> tuple[File, ...]:
    """Attachments, as they are heard of."""
    return tuple(File(str(a.id), a.filename, a.url, a.size) for a in attached)


def as_material(message: discord.Message) -> list[Upload]:
    """What a message says, whoever wrote it."""
    names = {str(user.id): user.display_name for user in message.mentions}
    words = [readable(message.content, names)]
    words += [text for embed in message.embeds for text in (embed.title, embed.description) if text]
    said = "\n\n".join(word for word in words if word.strip())
    if not said:
        return []
    return [Upload("message.txt", f"{message.author.display_name}: {said}".encode())]
