"""The one place where ports and adapters are joined, from settings."""

from __future__ import annotations

import os
import re
import secrets
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import structlog
from prometheus_client import CollectorRegistry
from redis.asyncio import Redis

from engine.adapters import redis_keys
from engine.adapters.embedded_model import EMBEDDED_SAMPLING, embedded_model
from engine.adapters.embedded_redis import embedded_redis
from engine.adapters.health_server import health_server
from engine.adapters.model_files import bundled_model, hf_file
from engine.adapters.openai_client import OpenAIClient, OpenAISettings
from engine.adapters.redis_keys import new_debate_id
from engine.adapters.redis_places import RedisPlaces
from engine.adapters.redis_queue import RedisQueue
from engine.adapters.redis_readers import RedisReaders
from engine.adapters.redis_server import check, connect
from engine.adapters.redis_slots import RedisSlots, UnlimitedSlots
from engine.adapters.redis_store import RedisStore
from engine.adapters.scripted_model import ScriptedModel
from engine.adapters.system_clock import SystemClock
from engine.debate.allowance import Allowance
from engine.debate.events import Scope
from engine.ports.clock import Clock
from engine.ports.debates import Debates
from engine.ports.model import ModelClient, ModelRefused
from engine.ports.readers import Readers
from engine.ports.slots import ModelSlots
from engine.ports.store import UnknownDebate
from engine.runtime.door import Door
from engine.runtime.holding import Parts
from engine.runtime.metrics import Metrics
from engine.runtime.worker import Worker, WorkerLimits
from engine.settings import SHARD, ModelSettings, RedisSettings, Settings

DAY_MS = 86_400_000

Progress = Callable[[int, int | None], None]
"""Bytes done, bytes in all if known; called while weights are fetched."""

log = structlog.get_logger()


def _untold(done: int, whole: int | None) -> None:  # noqa: ARG001 - nobody looks
    return


@asynccontextmanager
async def open_debates(settings: Settings) -> AsyncIterator[Debates]:
    """The engine as surfaces use it: debates are started, steered and followed.

    Raises:
        RedisUnsuitable, EmbeddedPartFailed: the settings name no usable server.
        StoreAway: nobody answers there.
    """
    async with _connected(settings.redis) as client:
        yield _door(client, settings)


@asynccontextmanager
async def open_readers(settings: Settings, platform: str) -> AsyncIterator[Readers]:
    """What a platform's threads are to be shown: `slack`, `discord`.

    Raises:
        RedisUnsuitable, EmbeddedPartFailed: the settings name no usable server.
        StoreAway: nobody answers there.
    """
    async with _connected(settings.redis) as client:
        yield RedisReaders(
            client,
            SystemClock(),
            shard=settings.redis.shard,
            platform=platform,
            consumer=_process(),
            lease_ms=int(settings.worker.lease_s * 1000),
        )


@asynccontextmanager
async def open_worker(settings: Settings, progress: Progress = _untold) -> AsyncIterator[Worker]:
    """A worker, ready to `run`.

    Raises:
        RedisUnsuitable, EmbeddedPartFailed: the settings name no usable server.
        StoreAway, ModelAway: nobody answers there.
        ModelRefused: the model server does not serve the model named.
    """
    clock = SystemClock()
    lease_ms = int(settings.worker.lease_s * 1000)
    async with _connected(settings.redis) as client, _model(settings.model, progress) as model:
        store = _store(client, settings)
        shard = settings.redis.shard
        queue = RedisQueue(client, clock, shard=shard, consumer=_process(), lease_ms=lease_ms)
        parts = Parts(
            store=store,
            door=_door(client, settings, store_patience_s=float("inf")),
            queue=queue,
            live=store,
            model=model,
            info=await model.info(),
            clock=clock,
            metrics=Metrics(),
            slots=_slots(client, settings),
            allowances=_allowances(settings),
        )
        limits = WorkerLimits(
            debates_at_once=settings.worker.debates_at_once,
            lease_ms=lease_ms,
            model_patience_s=settings.model.patience_s,
            drain_s=settings.worker.drain_s,
        )
        yield Worker(parts, limits)


def open_health(
    host: str, port: int, registry: CollectorRegistry, ailing: Callable[[], str | None]
) -> AbstractAsyncContextManager[str]:
    """Serves /healthz and /metrics; gives the address, `http://host:port`.

    Raises:
        OSError: the port is taken.
    """
    return health_server(host, port, registry, ailing)


def system_clock() -> Clock:
    """The time as this machine has it."""
    return SystemClock()


def new_id(settings: Settings) -> str:
    """An id for a debate in the settings' shard."""
    return new_debate_id(settings.redis.shard)


def shard_of(debate: str) -> str:
    """The shard that a debate's id tells.

    Raises:
        UnknownDebate: no debate can have this id.
    """
    shard = redis_keys.shard_of(debate)
    if not re.fullmatch(SHARD, shard):
        raise UnknownDebate(debate)
    return shard


@asynccontextmanager
async def _connected(settings: RedisSettings) -> AsyncIterator[Redis]:
    if settings.url == "embedded":
        async with (
            embedded_redis() as url,
            _connected(settings.model_copy(update={"url": url})) as client,
        ):
            yield client
        return
    client = connect(settings.url)
    try:
        report = await check(client)
        for warning in report.warnings:
            log.warning("redis.unsafe", version=report.version, warning=warning)
        yield client
    finally:
        await client.aclose()


def _process() -> str:
    """A name that no other process has, and that tells people where it runs."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


def _door(client: Redis, settings: Settings, *, store_patience_s: float = 0.0) -> Door:
    keep_ms = int(settings.redis.keep_days * DAY_MS)
    return Door(
        _store(client, settings),
        SystemClock(),
        RedisPlaces(client, shard=settings.redis.shard, keep_ms=keep_ms),
        allowances=_allowances(settings),
        store_patience_s=store_patience_s,
    )


def _slots(client: Redis, settings: Settings) -> ModelSlots:
    if settings.model.slots is None:
        return UnlimitedSlots()
    lease_ms = int(settings.worker.lease_s * 1000)
    return RedisSlots(client, most=settings.model.slots, lease_ms=lease_ms)


def _allowances(settings: Settings) -> dict[Scope, Allowance]:
    return {
        scope: Allowance(**given.model_dump())
        for scope, given in (
            (Scope.CHANNEL, settings.channel),
            (Scope.WORKSPACE, settings.workspace),
        )
    }


def _store(client: Redis, settings: Settings) -> RedisStore:
    return RedisStore(
        client,
        shard=settings.redis.shard,
        lease_ms=int(settings.worker.lease_s * 1000),
        keep_ms=int(settings.redis.keep_days * DAY_MS),
    )


@asynccontextmanager
async def _model(settings: ModelSettings, progress: Progress) -> AsyncIterator[ModelClient]:
    kind, _, rest = settings.url.partition(":")
    if kind == "script":
        yield ScriptedModel.load(Path(rest))
    elif kind in ("http", "https"):
        async with OpenAIClient.open(_asked_at(settings)) as client:
            yield client
    else:
        file = await _weights(settings.url, progress)
        bundled = settings.url == "embedded"
        async with embedded_model(file) as url:
            sampling = {**(EMBEDDED_SAMPLING if bundled else {}), **settings.sampling}
            update = {"url": url, "name": None, "sampling": sampling}
            here = _asked_at(settings.model_copy(update=update), reuse_connections=False)
            async with OpenAIClient.open(here) as client:
                yield client


async def _weights(named: str, progress: Progress) -> Path:
    if named == "embedded":
        return await bundled_model(progress)
    if named.startswith("hf:"):
        parts = named.removeprefix("hf:").split("/", 2)
        if len(parts) != 3 or not all(parts):
            raise ModelRefused("{named}: write it as hf:OWNER/REPO/FILE.gguf", named=named)
        return await hf_file(parts[0], parts[1], parts[2], progress)
    if not named.endswith(".gguf"):
        raise ModelRefused(
            "{named} is no model: give embedded, FILE.gguf, hf:OWNER/REPO/FILE.gguf, "
            "http://HOST/v1 or script:FILE",
            named=named,
        )
    return Path(named)


def _asked_at(settings: ModelSettings, *, reuse_connections: bool = True) -> OpenAISettings:
    return OpenAISettings(
        base_url=settings.url,
        model=settings.name,
        api_key=settings.api_key.get_secret_value() if settings.api_key else None,
        sampling=settings.sampling,
        context_tokens=settings.context_tokens,
        concurrency=settings.calls_at_once,
        reuse_connections=reuse_connections,
    )
