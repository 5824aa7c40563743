"""What all downloads share: how they tell of themselves, and the check at their end."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

from engine.adapters.embedded_part import EmbeddedPartFailed
from engine.debate.explained import reason

Progress = Callable[[int, int | None], None]
"""Told the bytes that are here, and of how many if that is known."""


def size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def check(file: Path, sha256: str | None) -> None:
    with file.open("rb") as written:
        found = hashlib.file_digest(written, "sha256").hexdigest()
    if sha256 not in {None, found}:
        file.unlink()
        raise EmbeddedPartFailed(
            "{file} came damaged and was deleted: run it again", file=file.name
        )


@contextlib.contextmanager
def written_to(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise EmbeddedPartFailed(
            "{file} cannot be written: {why}", file=target, why=reason(error)
        ) from error
