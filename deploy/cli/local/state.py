"""What other terminals know of `up --local`: a folder with its state, its log, and who holds it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from engine.debate.explained import Explained, reason

FOLDER = Path(".tertulia")
STATE, LOG, HELD = "state.json", "log", "held"
MOST_LOG_BYTES = 32 << 20


class RunsAlready(Explained):
    """Another `up --local` runs in this folder."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A process as its keeper sees it."""

    name: str
    words: tuple[str, ...]
    pid: int | None
    """`None`: it does not run just now."""
    state: str
    """`starts`, `runs`, `waits` to be started again, `failed` for good, `ended`."""
    starts: int = 0


@dataclass(frozen=True, slots=True)
class State:
    """All of them, and their keeper."""

    keeper: int
    is_up: bool
    """Each has said that it works, or has failed for good."""
    processes: tuple[Seen, ...]


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """The folder is this process's for as long as it lives; what was logged before is kept once.

    Raises:
        RunsAlready, Explained
    """
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        (folder / ".gitignore").write_text("*\n")
        lock = (folder / HELD).open("ab")
    except OSError as error:
        raise Explained(
            "{file} cannot be written: {why}", file=folder, why=reason(error)
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RunsAlready("it runs here already; end it with `tertulia down`") from None
        log = folder / LOG
        if log.exists() and log.stat().st_size > MOST_LOG_BYTES:
            log.replace(folder / f"{LOG}.1")
        yield


def is_held(folder: Path) -> bool:
    """Whether a keeper lives."""
    try:
        lock = (folder / HELD).open("rb")
    except OSError:
        return False
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def write(folder: Path, state: State) -> None:
    """Puts it in the place of the one before, whole."""
    beside = folder / f"{STATE}.{os.getpid()}"
    beside.write_bytes(orjson.dumps(asdict(state)))
    beside.replace(folder / STATE)


def read(folder: Path) -> State | None:
    """The last one; `None`: nothing was started here, or nothing that can be read."""
    try:
        told = orjson.loads((folder / STATE).read_bytes())
        seen = tuple(Seen(**(one | {"words": tuple(one["words"])})) for one in told["processes"])
        return State(told["keeper"], told["is_up"], seen)
    except (OSError, ValueError, LookupError, TypeError):
        return None
