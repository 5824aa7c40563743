"""The token that opens the web room to other machines: made once, kept among the person's files."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from engine.debate.explained import Explained, reason

BYTES = 24


def room_token(folder: Path) -> str:
    """The token that is kept in this folder; made now if there is none.

    It stays the same, so that a browser that was let in once still is when the room opens again;
    who deletes the file shuts all of them out.

    Raises:
        Explained: it cannot be kept.
    """
    file = folder / "room.token"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            return file.read_text().strip() or _written(os.open(file, os.O_WRONLY))
        return _written(handle)
    except OSError as error:
        raise Explained("{file} cannot be kept: {why}", file=file, why=reason(error)) from error


def _written(handle: int) -> str:
    token = secrets.token_urlsafe(BYTES)
    with os.fdopen(handle, "w") as stream:
        stream.write(token)
    return token
