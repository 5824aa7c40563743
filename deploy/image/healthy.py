"""The image's health check: the process that runs in this container says that it is well.

It runs every few seconds, so it reads no settings (that takes ten times as long as the question):
in a container, the processes keep their ports.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException

PORTS = (9464, 9465, 9466)
"""The worker's, the Slack bot's, the Discord bot's."""
TIMEOUT_S = 3.0


def main(ports: Sequence[int] = PORTS) -> int:
    """The exit status: 0 if the process here is well; 1 if it ails or none answers."""
    for port in ports:
        try:
            status, text = _asked(port)
        except (OSError, HTTPException):
            continue  # another process's port
        return 0 if status == 200 else _ill(text)
    return _ill(f"nobody answers on {', '.join(map(str, ports))}")


def _asked(port: int) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    try:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        return answer.status, answer.read(200).decode("utf-8", "replace")
    finally:
        connection.close()


def _ill(why: str) -> int:
    sys.stderr.write(f"{why}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
