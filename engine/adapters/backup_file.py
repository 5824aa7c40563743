"""A backup in a file: gzip, a JSON document a line, the first the head, the last the sum.

The last line has the SHA-256 of all lines before it. A file is read twice: to its end, to see that
it is whole, and then for what is in it. So nothing is written from a file that is cut off.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import orjson

from engine.debate.explained import Explained, reason
from engine.ports.archive import Piece

FORMAT = 1

_NEW = os.O_CREAT | os.O_WRONLY | os.O_TRUNC
_WORDS = ("shard", "version", "at")
_PRIVATE = 0o600
"""Only its owner may read it: it has what people said."""


class BackupError(Explained):
    """The file is no backup, or cannot be used; the text says why."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a backup says of itself."""

    shard: str
    version: str
    """The program's that made it."""
    at: str
    """When: RFC 3339, UTC."""
    tertulia_backup: int = FORMAT


@contextmanager
def writing(file: Path, head: Head) -> Iterator[Callable[[Piece], None]]:
    """A backup to be: gives what adds a piece to it. The file is there whole or not at all.

    Raises:
        BackupError: there is a file of this name, or it cannot be written.
    """
    if file.exists():
        raise BackupError("{file} is there already; choose another name", file=file)
    part = file.with_name(f".{file.name}.part")
    try:
        with os.fdopen(os.open(part, _NEW, _PRIVATE), "wb") as out:
            with gzip.GzipFile(filename="", fileobj=out, mode="wb", compresslevel=6) as packed:
                lines = _Lines(packed)
                lines.add(asdict(head))
                yield lines.add
                lines.end()
            out.flush()
            os.fsync(out.fileno())
        part.replace(file)
    except OSError as error:
        raise BackupError(
            "{file} cannot be written: {why}", file=file, why=reason(error)
        ) from error
    finally:
        part.unlink(missing_ok=True)


class _Lines:
    """Lines of JSON, counted and summed up."""

    def __init__(self, out: gzip.GzipFile) -> None:
        self._out = out
        self._digest = hashlib.sha256()
        self._pieces = -1  # the head is none

    def add(self, line: Piece) -> None:
        packed = orjson.dumps(line) + b"\n"
        self._digest.update(packed)
        self._out.write(packed)
        self._pieces += 1

    def end(self) -> None:
        told = {"pieces": self._pieces, "sha256": self._digest.hexdigest()}
        self._out.write(orjson.dumps(told) + b"\n")


def read_head(file: Path) -> Head:
    """What the backup says of itself, once it was read to its end and found whole.

    Raises:
        BackupError
    """
    digest, count = hashlib.sha256(), 0
    head: Head | None = None
    last = b""
    with _opened(file) as lines:
        for line in lines:
            if last:
                head = head or _head(file, last)
                digest.update(last)
                count += 1
            last = line
    told = _json(last)
    if head is None or told != {"pieces": count - 1, "sha256": digest.hexdigest()}:
        raise BackupError("{file} is damaged or cut off: its sum is not right", file=file)
    return head


def read_pieces(file: Path) -> Iterator[Piece]:
    """The pieces of a backup that `read_head` found whole.

    Raises:
        BackupError
    """
    with _opened(file) as lines:
        last = next(lines)
        for line in lines:
            if "tertulia_backup" not in (piece := _json(last)):
                yield piece
            last = line


def _head(file: Path, line: bytes) -> Head:
    told = _json(line)
    if "tertulia_backup" not in told:
        raise BackupError("{file} is no backup of Tertulia's", file=file)
    if told["tertulia_backup"] != FORMAT:
        raise BackupError(
            "{file} was made by Tertulia {version}, in another form; restore it with that version",
            file=file,
            version=told.get("version", "?"),
        )
    is_head = told.keys() == {field.name for field in fields(Head)}
    if not is_head or not all(isinstance(told[name], str) for name in _WORDS):
        raise BackupError("{file} is no backup of Tertulia's", file=file)
    return Head(**told)


def _json(line: bytes) -> dict[str, Any]:
    try:
        value = orjson.loads(line)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


@contextmanager
def _opened(file: Path) -> Iterator[Iterator[bytes]]:
    try:
        with gzip.open(file, "rb") as lines:
            yield iter(lines)
    except gzip.BadGzipFile as error:
        raise BackupError("{file} is no backup of Tertulia's", file=file) from error
    except (EOFError, zlib.error) as error:
        raise BackupError(
            "{file} is damaged or cut off: its sum is not right", file=file
        ) from error
    except OSError as error:
        raise BackupError("{file} cannot be read: {why}", file=file, why=reason(error)) from error
