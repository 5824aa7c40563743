"""The connection to Redis or Valkey, and what is asked of the server at the other end."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.connection import parse_url
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialWithJitterBackoff
from redis.commands.core import AsyncScript
from redis.exceptions import (
    AuthenticationError,
    BusyLoadingError,
    ClusterDownError,
    InvalidResponse,
    NoPermissionError,
    NoScriptError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
)
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from engine.adapters.redis_cluster import SCHEME as CLUSTER
from engine.adapters.redis_cluster import ClusterConnection, in_cluster
from engine.debate.explained import Explained
from engine.ports.store import StoreAway

FLOOR = (7, 0)
"""The oldest Redis whose commands the scripts use; every Valkey has them."""

CONNECT_TIMEOUT_S = 5.0
ANSWER_TIMEOUT_S = 10.0
"""Longer than any blocking read waits."""
POOL_TIMEOUT_S = 60.0
"""For a connection of the pool: a queue of our own says nothing about the server."""
TRIES = 5
_PASSWORD = re.compile(r"(?<=//).*(?=@)|(?<=[?&]password=)[^&#]*", re.DOTALL)
"""In an address: what stands before its last @, or among its parameters."""
_REFUSALS = (AuthenticationError, NoPermissionError)


class RedisUnsuitable(Explained):
    """The server cannot keep debates; the text says why and what to change."""


@dataclass(frozen=True, slots=True)
class ServerReport:
    """What a server said of itself."""

    version: str
    warnings: tuple[str, ...]
    """What may lose debates, in words for whoever runs the server."""


def connect(url: str, *, shard: str = "main", connections: int = 64) -> Redis:
    """A client for this URL (`redis://`, `rediss://` or `unix://`); connects when first used.

    With `redis+cluster://` or `rediss+cluster://`, it is one of the node that holds this shard.
    Commands are sent again when their answer is lost, so every write must be one that lands once.

    Raises:
        RedisUnsuitable: the URL is none.
    """
    try:
        where = in_cluster(url, shard) if CLUSTER in url else parse_url(url)
        pool = BlockingConnectionPool(
            **where,
            max_connections=connections,
            timeout=POOL_TIMEOUT_S,
            socket_connect_timeout=CONNECT_TIMEOUT_S,
            socket_timeout=ANSWER_TIMEOUT_S,
            health_check_interval=30,
            retry=Retry(ExponentialWithJitterBackoff(base=0.05, cap=1.0), TRIES),
            client_name="tertulia",
        )
    except ValueError as error:
        # What the error says may be the half of a password that was taken for a port.
        raise RedisUnsuitable(
            "{url} is no Redis URL; one looks like redis://USER:PASSWORD@HOST:6379/0, "
            "with %2F for / and %40 for @ in the password",
            url=_without_password(url),
        ) from error
    return Redis.from_pool(pool)


async def check(client: Redis) -> ServerReport:
    """Asks the server for its version and how it keeps its data.

    Raises:
        RedisUnsuitable: too old, refuses this client, or a cluster that the URL does not call one.
        StoreAway: nobody answers.
    """
    with store_errors():
        info: dict[str, Any] = await client.info("everything")
        version = str(info.get("valkey_version") or info["redis_version"])
        if "valkey_version" not in info and _numbers(version) < FLOOR:
            raise RedisUnsuitable(
                "Redis {version} is too old: Redis {floor} or newer, or any Valkey, is needed",
                version=version,
                floor=".".join(map(str, FLOOR)),
            )
        is_found = issubclass(client.connection_pool.connection_class, ClusterConnection)
        if info.get("cluster_enabled") and not is_found:
            raise RedisUnsuitable(
                "Redis is a cluster there: write {scheme} for {plain} in its URL",
                scheme="redis+cluster://",
                plain="redis://",
            )
        return ServerReport(version, tuple(_warnings(info)))


def _without_password(url: str) -> str:
    """A URL that may be shown and logged."""
    return _PASSWORD.sub("…", url)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:2] if part.isdigit())


def _warnings(info: dict[str, Any]) -> Iterator[str]:
    if not int(info.get("aof_enabled", 0)):
        yield "append-only file is off: a crash of Redis loses debates (set appendonly yes)"
    if info.get("maxmemory") and info.get("maxmemory_policy") != "noeviction":
        policy = info["maxmemory_policy"]
        yield f"eviction policy {policy} deletes debates when memory is full (set noeviction)"


@contextmanager
def store_errors() -> Iterator[None]:
    """Turns the library's errors into `StoreAway` and `RedisUnsuitable`."""
    try:
        yield
        _let_cancel_through()
    except _REFUSALS as error:
        raise _refused(error) from error
    except InvalidResponse as error:
        raise RedisUnsuitable("what answers there is no Redis: {why}", why=error) from error
    except (
        RedisConnectionError,
        RedisTimeoutError,
        BusyLoadingError,
        ClusterDownError,
        ReadOnlyError,
        OSError,
    ) as error:
        raise _unanswered(error) from error
    except NoScriptError as error:
        # It started anew between a pipeline's look for its scripts and its commands.
        raise StoreAway("Redis is not ready: {why}", why=error) from error
    except OutOfMemoryError as error:
        raise StoreAway("Redis is full (maxmemory reached): give it more memory") from error
    except RedisError as error:
        if str(error).startswith(("LOADING", "READONLY", "NOREPLICAS", "MISCONF", "BUSY ")):
            raise StoreAway("Redis is not ready: {why}", why=error) from error
        raise


def _refused(why: Exception) -> RedisUnsuitable:
    return RedisUnsuitable("Redis refuses the user or password: {why}", why=why)


def _unanswered(error: Exception) -> Explained:
    """What a connection that failed comes to; over a Unix socket, a refusal hides in it."""
    if isinstance(error.__cause__, _REFUSALS):
        return _refused(error.__cause__)
    return StoreAway("Redis does not answer: {why}", why=error)


def _let_cancel_through() -> None:
    """Raises the cancellation that redis-py lost, if it lost one.

    It waits with `asyncio.wait_for`, which until Python 3.12 drops a cancellation that comes just
    as a command ends (python/cpython#86296). A task that was to end would go on for ever.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


def script(client: Redis, name: str) -> AsyncScript:
    """The Lua script of this name, sent by its hash and loaded where the server lacks it."""
    text = files("engine.adapters").joinpath("lua", f"{name}.lua").read_text(encoding="utf-8")
    return client.register_script(text)
