"""The keeper: the process that starts the embedded Redis and ends it when nobody uses it any more.

Three locks in the data folder say who lives. The system frees them however a process dies, so there
are no process ids to trust and nothing to clean up:

- `users.lock`, shared: one holder per process that uses the server. The keeper ends the server once
  it has this lock for itself alone, and keeps newcomers waiting at it until the server is gone.
- `keeper.lock`: the one keeper. A second keeper that finds it taken goes home.
- `server.lock`: held by the keeper and, inherited, by the server. Whoever gets it knows that no
  server writes in the folder, not even one whose keeper was killed.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

USERS_LOCK = "users.lock"
LOG = "redis.log"
READY = "ready"
"""The keeper's word once its server answers."""
KEPT = "kept"
"""Its word when another keeper is there."""

_KEEPER_LOCK = "keeper.lock"
_SERVER_LOCK = "server.lock"
_SOCKET_PATH_BYTES = 100
"""Linux takes 107 bytes, macOS 103."""
_LOOK_S = 0.1
_START_S = 60
"""A long log takes its time to load."""
_END_S = 10


def socket_path(folder: Path) -> Path:
    """The server's socket: in its folder, or under /tmp when that path is too long for a socket."""
    path = folder / "redis.sock"
    if len(os.fsencode(path)) <= _SOCKET_PATH_BYTES:
        return path
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    # Not $TMPDIR: whoever shares the folder must come to the same path.
    return Path(f"/tmp/tertulia-{os.getuid()}") / f"{name}.sock"  # noqa: S108 - owner is checked


def lock(file: IO[bytes], kind: int) -> bool:
    """Takes the lock (`fcntl.LOCK_SH` or `LOCK_EX`) if it can be had now, until the file closes."""
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def answers(path: Path) -> bool:
    """Whether a server listens there and has its data loaded."""
    return _said(path, b"PING\r\n") == b"+PONG\r\n"


def keep(folder: Path, binary: Path) -> str | None:
    """Starts the server, says so, and stays until nobody uses it.

    Answers at once with `KEPT` if there is a keeper already, and with `None` if the server does not
    start; the log in the folder says why.
    """
    # Closed from the last to the first: whoever waits for users.lock finds the others free.
    with (
        (folder / USERS_LOCK).open("ab") as users,
        (folder / _KEEPER_LOCK).open("ab") as keeper,
        (folder / _SERVER_LOCK).open("ab") as held,
    ):
        if not lock(keeper, fcntl.LOCK_EX):
            return KEPT
        path = socket_path(folder)
        if not _abandoned_server_ended(held, path):
            return None
        server = _start(folder, binary, held)
        if server is None:
            return None
        _say(READY)
        while not lock(users, fcntl.LOCK_EX):
            if _ended(server, _LOOK_S):
                server = _start(folder, binary, held)
                if server is None:
                    return None
        _end(server)
        path.unlink(missing_ok=True)
    return None


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    if not _ended(server, _END_S):
        server.kill()
        server.wait()


def _start(folder: Path, binary: Path, held: IO[bytes]) -> subprocess.Popen[bytes] | None:
    path = socket_path(folder)
    if path.parent != folder:
        _private(path.parent)
    path.unlink(missing_ok=True)
    settings = {
        "dir": folder,
        "port": 0,
        "unixsocket": path,
        "unixsocketperm": 700,
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "logfile": folder / LOG,
    }
    words = [word for name, value in settings.items() for word in (f"--{name}", str(value))]
    server = subprocess.Popen(  # noqa: S603 - the packaged binary, our own words
        [binary, *words], stdin=subprocess.DEVNULL, stdout=sys.stderr, pass_fds=[held.fileno()]
    )
    waited = 0.0
    while not answers(path):
        if _ended(server, 0.01):
            return None
        waited += 0.01
        if waited > _START_S:
            _end(server)
            return None
    return server


def _abandoned_server_ended(held: IO[bytes], path: Path) -> bool:
    """Takes the server's lock, if need be after a server whose keeper was killed has shut down."""
    if lock(held, fcntl.LOCK_EX):
        return True
    _said(path, b"SHUTDOWN\r\n", _END_S)
    for _ in range(int(_END_S / 0.02)):
        if lock(held, fcntl.LOCK_EX):
            return True
        time.sleep(0.02)  # noqa: TID251 - no event loop runs in this process
    return False


def _private(folder: Path) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.lstat().st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to somebody else")


def _said(path: Path, words: bytes, limit_s: float = 1) -> bytes:
    with socket.socket(socket.AF_UNIX) as talk, contextlib.suppress(OSError):
        talk.settimeout(limit_s)
        talk.connect(str(path))
        talk.sendall(words)
        return talk.recv(64)
    return b""


def _ended(server: subprocess.Popen[bytes], within_s: float) -> bool:
    try:
        server.wait(within_s)
    except subprocess.TimeoutExpired:
        return False
    return True


def _say(word: str) -> None:
    # The one who asked may be dead by now; then the locks tell, too.
    with contextlib.suppress(BrokenPipeError):
        os.write(1, word.encode())
    with Path(os.devnull).open("wb") as nothing:
        os.dup2(nothing.fileno(), 1)


def main() -> None:
    """`python -m engine.adapters.redis_keeper FOLDER BINARY`: keeps, as a process of its own."""
    folder, binary = (Path(word) for word in sys.argv[1:])
    # Forked, so that it is no child of its first user: nobody has to wait for it to end.
    if os.fork():
        os._exit(0)
    os.setsid()
    word = keep(folder, binary)
    if word:
        _say(word)


if __name__ == "__main__":
    main()
