"""A real server for tests: the Valkey that `tertulia try` brings along, on a folder of its own."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from engine.adapters.embedded_redis import server_binary

START_S = 20.0


class RedisServer:
    """One server with an append-only file; it can be killed and started again on its data."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "redis.sock"
        self.url = f"unix://{self.socket}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it and waits until it answers."""
        self.socket.unlink(missing_ok=True)
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    server_binary(),
                    *("--port", "0", "--unixsocket", str(self.socket), "--dir", str(self.folder)),
                    *("--appendonly", "yes", "--appendfsync", "always", "--save", ""),
                ],
                stdout=log,
                stderr=log,
            )
        wait_until_answers(self.socket, self._process, self.folder / "log")

    def kill(self) -> None:
        """kill -9."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None


@contextlib.contextmanager
def redis_server() -> Iterator[RedisServer]:
    """A server for as long as the `with` lasts; its folder's path is short, as sockets need."""
    folder = Path(tempfile.mkdtemp(prefix="tertulia-", dir=os.environ.get("TMPDIR", "/tmp")))  # noqa: S108
    server = RedisServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)


def wait_until_answers(at: Path, process: subprocess.Popen[bytes], log: Path) -> None:
    """Waits until a server on this socket answers, if only to ask for a password.

    Raises:
        RuntimeError: it ended, or took too long; the text is the end of its log.
    """
    until = time.monotonic() + START_S
    while not _answers(at):
        if time.monotonic() > until or process.poll() is not None:
            raise RuntimeError(log.read_text()[-2_000:])
        time.sleep(0.01)  # noqa: TID251 - no event loop runs here


def _answers(at: Path) -> bool:
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1.0)
        client.connect(str(at))
        client.sendall(b"PING\r\n")
        return client.recv(64).startswith((b"+PONG", b"-NOAUTH"))
    return False
