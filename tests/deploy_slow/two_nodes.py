"""Two machines on this one: network namespaces, with a cable between them."""

from __future__ import annotations

import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

GPU, BOT = "192.0.2.1", "192.0.2.2"
"""Addresses that are nobody's (RFC 5737)."""


@dataclass(frozen=True, slots=True)
class Nodes:
    """The namespaces' names."""

    gpu: str
    bot: str


@contextmanager
def two_nodes() -> Iterator[Nodes]:
    """They reach each other at `GPU` and `BOT`, and nobody else."""
    tag = secrets.token_hex(2)
    nodes = Nodes(f"gpu{tag}", f"bot{tag}")
    try:
        for name in (nodes.gpu, nodes.bot):
            _ip("netns", "add", name)
        _ip("link", "add", nodes.gpu, "type", "veth", "peer", "name", nodes.bot)
        for name, address in ((nodes.gpu, GPU), (nodes.bot, BOT)):
            _ip("link", "set", name, "netns", name)
            _ip("-n", name, "addr", "add", f"{address}/30", "dev", name)
            _ip("-n", name, "link", "set", name, "up")
            _ip("-n", name, "link", "set", "lo", "up")
        yield nodes
    finally:
        for name in (nodes.gpu, nodes.bot):
            subprocess.run(["ip", "netns", "del", name], check=False, timeout=30)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, timeout=30)
