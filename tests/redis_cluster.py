"""A real cluster for tests: three servers that share the slots, two replicas of the first."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import redis

from engine.adapters.embedded_redis import server_binary

SLOTS = 16_384
MASTERS = 3
REPLICAS = 2
NODE_TIMEOUT_MS = 1_000
FORMED_S = 60.0


class Node:
    """One server of a cluster."""

    def __init__(self, folder: Path, port: int) -> None:
        self.port, self.bus = port, _free_port()
        folder.mkdir()
        with (folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [
                    server_binary(),
                    *("--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)),
                    *("--cluster-enabled", "yes", "--cluster-port", str(self.bus)),
                    *("--cluster-node-timeout", str(NODE_TIMEOUT_MS)),
                    *("--appendonly", "yes", "--save", "", "--repl-diskless-sync-delay", "0"),
                ],
                stdout=log,
                stderr=log,
            )
        self.client = redis.Redis(port=port, decode_responses=True)

    def ask(self, *words: object) -> str:
        """A command's answer, as text."""
        return str(cast(Any, self.client).execute_command(*words))

    def tells(self, name: str) -> object:
        """What it says of its replication."""
        return self.client.info("replication").get(name)

    def answers(self) -> bool:
        """Whether it has started."""
        with contextlib.suppress(redis.ConnectionError, redis.BusyLoadingError):
            return bool(self.client.ping())
        return False

    def kill(self) -> None:
        """kill -9."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.client.close()


class RedisCluster:
    """Its nodes; the last ones are replicas of the first."""

    def __init__(self, folder: Path, replicas: int) -> None:
        ports = [_free_port() for _ in range(MASTERS + replicas)]
        self.nodes = [Node(folder / str(port), port) for port in ports]
        self.masters, self.replicas = self.nodes[:MASTERS], self.nodes[MASTERS:]
        self.url = f"redis+cluster://127.0.0.1:{ports[1]},127.0.0.1:{ports[2]}"

    def form(self) -> None:
        """Joins them, and waits until the replicas have followed."""
        _until(lambda: all(node.answers() for node in self.nodes))
        for n, node in enumerate(self.masters):
            first, last = n * SLOTS // MASTERS, (n + 1) * SLOTS // MASTERS - 1
            node.ask("CLUSTER", "ADDSLOTSRANGE", first, last)
        first_node = self.nodes[0]
        for node in self.nodes[1:]:
            node.ask("CLUSTER", "MEET", "127.0.0.1", first_node.port, first_node.bus)
        name = first_node.ask("CLUSTER", "MYID")
        for node in self.replicas:
            _until(lambda: name in node.ask("CLUSTER", "NODES"))  # noqa: B023 - at once
            node.ask("CLUSTER", "REPLICATE", name)
        _until(lambda: all("cluster_state:ok" in n.ask("CLUSTER", "INFO") for n in self.nodes))
        _until(lambda: all(node.tells("master_link_status") == "up" for node in self.replicas))

    def fail_over(self) -> None:
        """A replica takes the first node's slots, in good order."""
        replica = self.replicas[0]
        replica.ask("CLUSTER", "FAILOVER")
        _until(lambda: replica.tells("role") == "master")


@contextlib.contextmanager
def redis_cluster(replicas: int = REPLICAS) -> Iterator[RedisCluster]:
    """A cluster for as long as the `with` lasts."""
    folder = Path(tempfile.mkdtemp(prefix="tertulia-", dir=os.environ.get("TMPDIR", "/tmp")))  # noqa: S108
    cluster = RedisCluster(folder, replicas)
    try:
        cluster.form()
        yield cluster
    finally:
        for node in cluster.nodes:
            node.kill()
        shutil.rmtree(folder, ignore_errors=True)


def _until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + FORMED_S
    while not holds():
        if time.monotonic() > until:
            raise TimeoutError("the cluster did not form")
        time.sleep(0.02)  # noqa: TID251 - no event loop runs here


def _free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])
