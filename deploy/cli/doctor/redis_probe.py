"""Redis or Valkey: its version, what it keeps when it falls, how fast it is, what time it has."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from deploy.cli.doctor.findings import Asked, Finding, Mending, fail, ok, warn
from deploy.cli.doctor.machine import clock_finding
from engine.adapters.embedded_redis import embedded_redis
from engine.adapters.redis_server import RedisUnsuitable, check, connect, store_errors
from engine.debate.explained import Explained
from engine.ports.clock import Clock
from engine.ports.store import StoreAway
from engine.settings import Settings

QUESTIONS = 20
SLOW_MS = 5.0
FULL = 0.8
LOST = Explained("All debates are kept in Redis; what it loses is gone.")


async def redis(asked: Asked) -> AsyncIterator[Finding]:
    """The server that the settings name."""
    try:
        async with _client(asked.settings) as client:
            version = (await check(client)).version
            yield ok("redis.version", Explained("Redis answers, version {v}", v=version))
            with store_errors():
                info: dict[str, Any] = await client.info("everything")
                latency_ms = await _latency_ms(client, asked.clock)
                off_s = await _off_s(client, asked.clock)
            for finding in (
                _append_only(info, asked.settings),
                _eviction(info, asked.settings),
                _memory(info),
                _latency(latency_ms),
                clock_finding("redis.clock", off_s, "Redis"),
            ):
                yield finding
    except RedisUnsuitable as error:
        yield fail(
            "redis.unsuitable",
            error,
            Explained("Debates cannot be kept there."),
            Explained("Name a fit server: redis.url (TERTULIA_REDIS__URL), or update this one."),
        )
    except StoreAway as error:
        yield fail(
            "redis.away",
            error,
            Explained("Without it, no debate is started or goes on."),
            Explained("Start it, or name the right one: redis.url (TERTULIA_REDIS__URL)."),
        )


@asynccontextmanager
async def _client(settings: Settings) -> AsyncIterator[Redis]:
    if settings.redis.url == "embedded":
        async with embedded_redis() as url:
            client = connect(url, shard=settings.redis.shard)
            try:
                yield client
            finally:
                await client.aclose()
        return
    client = connect(settings.redis.url, shard=settings.redis.shard)
    try:
        yield client
    finally:
        await client.aclose()


def _append_only(info: dict[str, Any], settings: Settings) -> Finding:
    if info.get("aof_last_write_status", "ok") != "ok":
        return fail(
            "redis.aof_write",
            Explained("Redis could not write its append-only file"),
            LOST,
            Explained("Make room on its disk, and look into its log."),
        )
    if int(info.get("aof_enabled", 0)):
        return ok("redis.aof", Explained("its append-only file is on"))
    return fail(
        "redis.aof",
        Explained("its append-only file is off: a crash of Redis loses debates"),
        LOST,
        Explained("appendonly yes in its configuration; now: CONFIG SET appendonly yes"),
        _setting(settings, "appendonly", "yes"),
    )


def _eviction(info: dict[str, Any], settings: Settings) -> Finding:
    policy = info.get("maxmemory_policy", "noeviction")
    if policy == "noeviction":
        return ok("redis.eviction", Explained("it evicts nothing"))
    found = fail if info.get("maxmemory") else warn
    return found(
        "redis.eviction",
        Explained("its eviction policy is {policy}: it deletes debates when full", policy=policy),
        LOST,
        Explained("maxmemory-policy noeviction; now: CONFIG SET maxmemory-policy noeviction"),
        _setting(settings, "maxmemory-policy", "noeviction"),
    )


def _memory(info: dict[str, Any]) -> Finding:
    used, most = int(info.get("used_memory", 0)), int(info.get("maxmemory", 0))
    if most and used > FULL * most:
        return warn(
            "redis.memory",
            Explained("{percent} % of its memory is used", percent=round(100 * used / most)),
            Explained("When it is full, nothing can be written, and debates wait."),
            Explained("Raise maxmemory, or lower redis.keep_days."),
        )
    return ok("redis.memory", Explained("it uses {used} MB", used=used // 1_000_000))


def _latency(ms: float) -> Finding:
    if ms < SLOW_MS:
        return ok("redis.latency", Explained("it answers in {ms} ms", ms=round(ms, 1)))
    return warn(
        "redis.latency",
        Explained("it takes {ms} ms to answer", ms=round(ms, 1)),
        Explained("Every turn asks it some ten times."),
        Explained("Run it in the same network as workers and bots, and not beside the model."),
    )


async def _latency_ms(client: Redis, clock: Clock) -> float:
    """The median of some questions."""
    await client.time()
    taken = []
    for _n in range(QUESTIONS):
        began = clock.monotonic()
        await client.time()
        taken.append(clock.monotonic() - began)
    return 1000 * sorted(taken)[QUESTIONS // 2]


async def _off_s(client: Redis, clock: Clock) -> int:
    seconds, micros = await client.time()
    return round(clock.now_ms() / 1000 - (seconds + micros / 1e6))


def _setting(settings: Settings, name: str, value: str) -> Mending:
    async def mending() -> None:
        async with _client(settings) as client:
            try:
                await client.config_set(name, value)
                await client.config_rewrite()
            except RedisError as error:
                if await _is_so(client, name, value):
                    return  # until it starts again: it has no file to write it to
                raise Explained("Redis does not let us: {why}", why=error) from error

    return mending


async def _is_so(client: Redis, name: str, value: str) -> bool:
    try:
        told: dict[Any, Any] = await client.config_get(name)
    except RedisError:
        return False
    return value in {v.decode() if isinstance(v, bytes) else str(v) for v in told.values()}
