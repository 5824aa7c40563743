"""The one place where ports and adapters are joined, from settings.

What only a worker needs takes long to import, and is imported when one is opened.
"""

from __future__ import annotations

import os
import re
import secrets
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version

from prometheus_client import CollectorRegistry
from redis.asyncio import Redis

from engine.adapters import redis_keys
from engine.adapters.redis_archive import RedisArchive
from engine.adapters.redis_inspection import RedisInspection
from engine.adapters.redis_keys import new_debate_id
from engine.adapters.redis_limits import RedisLimits
from engine.adapters.redis_places import RedisPlaces
from engine.adapters.redis_queue import RedisQueue
from engine.adapters.redis_readers import RedisReaders
from engine.adapters.redis_replica import Replica
from engine.adapters.redis_roll import RedisRoll
from engine.adapters.redis_slots import RedisSlots, UnlimitedSlots
from engine.adapters.redis_store import RedisStore
from engine.adapters.redis_upkeep import RedisUpkeep
from engine.adapters.system_clock import SystemClock
from engine.bootstrap.progress import Progress, untold
from engine.bootstrap.server import connected
from engine.debate.allowance import Allowance
from engine.debate.events import Scope
from engine.ports.archive import Archive
from engine.ports.clock import Clock
from engine.ports.debates import Debates
from engine.ports.inspection import Inspection
from engine.ports.limits import Limits
from engine.ports.readers import Readers
from engine.ports.slots import ModelSlots
from engine.ports.store import UnknownDebate
from engine.ports.upkeep import Upkeep
from engine.ports.vault import Vault
from engine.runtime.door import Door
from engine.runtime.holding import Parts
from engine.runtime.metrics import Metrics
from engine.runtime.rehearsal import Rehearsal
from engine.runtime.worker import Worker, WorkerLimits
from engine.settings import SHARD, Settings

PROGRAM = "tertulia"
DAY_MS = 86_400_000


@asynccontextmanager
async def open_debates(settings: Settings) -> AsyncIterator[Debates]:
    """The engine as surfaces use it: debates are started, steered and followed.

    Raises:
        RedisUnsuitable, EmbeddedPartFailed: the settings name no usable server.
        StoreAway: nobody answers there.
    """
    async with connected(settings.redis) as client:
        yield _door(client, settings)


@dataclass(frozen=True, slots=True)
class Premises:
    """A shard, as whoever looks after it has it."""

    debates: Debates
    inspection: Inspection
    upkeep: Upkeep
    archive: Archive


@asynccontextmanager
async def open_premises(settings: Settings) -> AsyncIterator[Premises]:
    """What an admin sees and does.

    Raises:
        RedisUnsuitable, EmbeddedPartFailed: the settings name no usable server.
        StoreAway: nobody answers there.
    """
    shard = settings.redis.shard
    async with connected(settings.redis) as client:
        yield Premises(
            _door(client, settings),
            RedisInspection(client, shard=shard),
            RedisUpkeep(client, _store(client, settings), shard=shard),
            RedisArchive(client, shard=shard),
        )


@asynccontextmanager
async def open_readers(settings: Settings, platform: str) -> AsyncIterator[Readers]:
    """What a platform's threads are to be shown: `slack`, `discord`.

    Raises:
        RedisUnsuitable, EmbeddedPartFailed: the settings name no usable server.
        StoreAway: nobody answers there.
    """
    async with connected(settings.redis) as client:
        yield RedisReaders(
            client,
            SystemClock(),
            shard=settings.redis.shard,
            platform=platform,
            consumer=_process(),
            lease_ms=int(settings.worker.lease_s * 1000),
            replica=_replica(client, settings),
        )


@asynccontextmanager
async def open_limits(settings: Settings) -> AsyncIterator[Limits]:
    """How often platforms may be called, all processes of the shard together.

    Raises:
        RedisUnsuitable, EmbeddedPartFailed: the settings name no usable server.
        StoreAway: nobody answers there.
    """
    async with connected(settings.redis) as client:
        yield RedisLimits(client, shard=settings.redis.shard)


@asynccontextmanager
async def open_vault(settings: Settings) -> AsyncIterator[Vault]:
    """Documents that only who has `secrets.keys` can read.

    Raises:
        VaultLocked: there are no keys, or one is none.
        RedisUnsuitable, EmbeddedPartFailed: the settings name no usable server.
        StoreAway: nobody answers there.
    """
    from engine.adapters.redis_vault import RedisVault  # of an extra, as the platforms are

    keys = [key.get_secret_value() for key in settings.secrets.keys]
    async with connected(settings.redis) as client:
        yield RedisVault(client, keys, shard=settings.redis.shard)


@asynccontextmanager
async def open_worker(
    settings: Settings, progress: Progress = untold, metrics: Metrics | None = None
) -> AsyncIterator[Worker]:
    """A worker, ready to `run`; it counts in `metrics`.

    Raises:
        RedisUnsuitable, EmbeddedPartFailed: the settings name no usable server.
        StoreAway, ModelAway: nobody answers there.
        ModelRefused: the model server does not serve the model named.
    """
    from engine.bootstrap.models import open_model

    clock = SystemClock()
    lease_ms = int(settings.worker.lease_s * 1000)
    async with (
        connected(settings.redis) as client,
        open_model(settings.model, progress) as model,
        _slots(settings) as slots,
    ):
        store = _store(client, settings)
        shard = settings.redis.shard
        name = _process()
        queue = RedisQueue(client, clock, shard=shard, consumer=name, lease_ms=lease_ms)
        parts = Parts(
            store=store,
            door=_door(client, settings, store_patience_s=float("inf")),
            queue=queue,
            live=store,
            model=model,
            info=await model.info(),
            clock=clock,
            metrics=metrics or Metrics(),
            slots=slots,
            roll=RedisRoll(client, shard=shard, worker=name),
            inspection=RedisInspection(client, shard=shard),
            version=version(PROGRAM),
        )
        limits = WorkerLimits(
            debates_at_once=settings.worker.debates_at_once,
            lease_ms=lease_ms,
            model_patience_s=settings.model.patience_s,
            drain_s=settings.worker.drain_s,
        )
        yield Worker(parts, limits)


@asynccontextmanager
async def open_rehearsal(
    settings: Settings, progress: Progress = untold
) -> AsyncIterator[Rehearsal]:
    """The model alone, to hear a panel with.

    Raises:
        ModelAway: nobody answers there.
        ModelRefused: the model server does not serve the model named.
    """
    from engine.bootstrap.models import open_model

    async with open_model(settings.model, progress) as model:
        await model.info()
        yield Rehearsal(model, SystemClock())


def open_health(
    host: str, port: int, registry: CollectorRegistry, ailing: Callable[[], str | None]
) -> AbstractAsyncContextManager[str]:
    """Serves /healthz and /metrics; gives the address, `http://host:port`.

    Raises:
        OSError: the port is taken.
    """
    from engine.adapters.health_server import health_server

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


def _process() -> str:
    """A name that no other process has, and that tells people where it runs."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


def _door(client: Redis, settings: Settings, *, store_patience_s: float = 0.0) -> Door:
    keep_ms = int(settings.redis.keep_days * DAY_MS)
    return Door(
        _store(client, settings),
        SystemClock(),
        RedisPlaces(
            client,
            shard=settings.redis.shard,
            keep_ms=keep_ms,
            replica=_replica(client, settings),
        ),
        allowances=_allowances(settings),
        store_patience_s=store_patience_s,
    )


@asynccontextmanager
async def _slots(settings: Settings) -> AsyncIterator[ModelSlots]:
    most, lease_ms = settings.model.slots, int(settings.worker.lease_s * 1000)
    if most is None:
        yield UnlimitedSlots()
        return
    async with connected(settings.redis, shard=redis_keys.MODEL) as client:
        yield RedisSlots(client, most=most, lease_ms=lease_ms)


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
        replica=_replica(client, settings),
    )


def _replica(client: Redis, settings: Settings) -> Replica | None:
    is_needed = settings.redis.durability == "replicated"
    return Replica(client, shard=settings.redis.shard) if is_needed else None
