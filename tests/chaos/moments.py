"""The moments at which a fault can be aimed: what a process asks of a service, seen on its wire.

A process can be told from a dead one only by what it sends. So every point between two of its
steps is on the wire before one request or after another one, and a fault there needs no line in
the program that it befalls.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

REDIS, MODEL, SLACK, DISCORD = "redis", "model", "slack", "discord"
SERVICES = (REDIS, MODEL, SLACK, DISCORD)
ANY = "anything"


@dataclass(frozen=True, slots=True)
class Moment:
    """A request that can be told from others."""

    service: str
    sign: bytes
    """What is in its first bytes."""


def _script(name: str) -> Moment:
    text = files("engine.adapters").joinpath("lua", f"{name}.lua").read_text(encoding="utf-8")
    return Moment(REDIS, hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest().encode())


@cache
def moments() -> dict[str, Moment]:
    """All of them, by name."""
    return {
        "claim": _script("claim"),
        "append": _script("append"),
        "renew": _script("renew"),
        "release": _script("release"),
        "mail": _script("reader_acquire"),
        "record": _script("reader_record"),
        "give back": _script("reader_release"),
        "reply": Moment(MODEL, b"POST /v1/chat/completions"),
        "post in Slack": Moment(SLACK, b"POST /api/chat.postMessage"),
        "post in Discord": Moment(DISCORD, b"POST /api/v10/webhooks/"),
        "message in Discord": Moment(DISCORD, b"/messages HTTP/1.1"),
        **{f"{ANY} of {service}": Moment(service, b"") for service in SERVICES},
    }


POSTS = ("post in Slack", "post in Discord", "message in Discord")
"""What people come to see."""
OF_WORKERS = ("claim", "append", "renew", "release", "reply")
OF_BOTS = ("mail", "record", "give back", "append")
