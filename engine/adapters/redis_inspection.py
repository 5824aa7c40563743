"""One shard in Redis, looked at: its queue, its mail, its open debates, its accounts."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from urllib.parse import unquote

import orjson
from redis.asyncio import Redis

from engine.adapters.redis_append import limit_named
from engine.adapters.redis_crowd import MOST, Crowd, at_ms
from engine.adapters.redis_keys import GROUP, READERS, DebateKeys, ShardKeys
from engine.adapters.redis_server import check, store_errors
from engine.debate.allowance import Used
from engine.ports.inspection import (
    AccountSeen,
    BotSeen,
    DeadLetter,
    OpenDebate,
    Server,
    Waiting,
    Wakeup,
    WorkerSeen,
)
from engine.ports.roll import Report

SCAN_COUNT = 1_000


class RedisInspection:
    """`Inspection` on Redis or Valkey."""

    def __init__(self, client: Redis, *, shard: str) -> None:
        self._client: Any = client
        self._keys = ShardKeys(shard)
        self._work = Crowd(client, self._keys.work, GROUP)

    async def server(self) -> Server:
        """See `Inspection.server`."""
        report = await check(self._client)
        with store_errors():
            info = await self._client.info("everything")
        name = "Valkey" if "valkey_version" in info else "Redis"
        return Server(name, report.version, int(info["used_memory"]), report.warnings)

    async def queue(self) -> Waiting:
        """See `Inspection.queue`."""
        with store_errors():
            return await self._work.count(await self._now_ms())

    async def wakeups(self, most: int) -> list[Wakeup]:
        """See `Inspection.wakeups`."""
        with store_errors():
            held = await self._work.held()
            entries = await self._work.entries(most)
        wakeups = []
        for entry, fields in entries:
            by = held.get(entry)
            holder, deliveries = (by.holder, by.deliveries) if by else (None, 0)
            debate = fields[b"d"].decode()
            wakeups.append(Wakeup(debate, entry.decode(), at_ms(entry), holder, deliveries))
        return wakeups

    async def timers(self) -> tuple[int, int | None]:
        """See `Inspection.timers`."""
        with store_errors():
            first = await self._client.zrange(self._keys.timers, 0, 0, withscores=True)
            count = await self._client.zcard(self._keys.timers)
        return int(count), int(first[0][1]) if first else None

    async def dead(self, most: int) -> list[DeadLetter]:
        """See `Inspection.dead`."""
        with store_errors():
            found = await self._client.xrevrange(self._keys.dead, count=most)
        return [
            DeadLetter(e.decode(), f[b"d"].decode(), f[b"why"].decode(), at_ms(e)) for e, f in found
        ]

    async def count_dead(self) -> int:
        """See `Inspection.count_dead`."""
        with store_errors():
            return int(await self._client.xlen(self._keys.dead))

    async def mail(self) -> dict[str, Waiting]:
        """See `Inspection.mail`."""
        with store_errors():
            now_ms = await self._now_ms()
            return {
                platform: await self._mail_of(platform).count(now_ms)
                for platform in await self._platforms()
            }

    async def workers(self) -> list[WorkerSeen]:
        """See `Inspection.workers`."""
        holds: defaultdict[str | None, list[str]] = defaultdict(list)
        for wakeup in await self.wakeups(MOST):
            holds[wakeup.holder].append(wakeup.debate)
        with store_errors():
            members = await self._work.members()
            async with self._client.pipeline(transaction=False) as pipe:
                for member in members:
                    pipe.hmget(self._keys.worker(member.name), "report", "drain")
                lines = await pipe.execute()
        return [
            WorkerSeen(
                name=member.name,
                idle_ms=member.idle_ms,
                report=_report(report) if report else None,
                draining=drain is not None,
                holds=holds[member.name],
            )
            for member, (report, drain) in zip(members, lines, strict=True)
        ]

    async def bots(self) -> list[BotSeen]:
        """See `Inspection.bots`."""
        with store_errors():
            return [
                BotSeen(member.name, platform, member.idle_ms, member.held)
                for platform in await self._platforms()
                for member in await self._mail_of(platform).members()
            ]

    async def open_debates(self) -> list[OpenDebate]:
        """See `Inspection.open_debates`."""
        with store_errors():
            now_ms = await self._now_ms()
            debates = await self._open()
            async with self._client.pipeline(transaction=False) as pipe:
                for debate in debates:
                    pipe.hmget(DebateKeys(debate).state, "owner", "lease", "due")
                    pipe.xrange(DebateKeys(debate).log, "1-0", "1-0")
                answers = await pipe.execute()
        found = [
            OpenDebate(
                debate,
                int(first[0][1][b"at"]),
                _holder(owner, lease, now_ms),
                int(due or 0) or None,
            )
            for debate, (owner, lease, due), first in zip(
                debates, answers[::2], answers[1::2], strict=True
            )
            if first
        ]
        return sorted(found, key=lambda one: one.started_ms, reverse=True)

    async def _open(self) -> list[str]:
        """Each is named by the panel that it is held by."""
        names = await self._names(self._keys.panel(""))
        panels = [self._keys.panel(name) for name in names if name.endswith(":open")]
        found = await self._client.sunion(panels) if panels else ()
        return [debate.decode() for debate in found]

    async def accounts(self, day: str) -> list[AccountSeen]:
        """See `Inspection.accounts`."""
        with store_errors():
            used = await self._names(self._keys.day(day, ""))
            limited = await self._names(self._keys.allowance(""))
            whose = sorted(used | limited)
            async with self._client.pipeline(transaction=False) as pipe:
                for name in whose:
                    pipe.hgetall(self._keys.day(day, "") + name)
                    pipe.scard(self._keys.open("") + name)
                    pipe.hgetall(self._keys.allowance("") + name)
                answers = await pipe.execute()
        return [_account(name, *answers[i * 3 : i * 3 + 3]) for i, name in enumerate(whose)]

    def _mail_of(self, platform: str) -> Crowd:
        return Crowd(self._client, self._keys.mail(platform), READERS)

    async def _platforms(self) -> list[str]:
        return sorted(await self._names(self._keys.mail("")))

    async def _names(self, root: str) -> set[str]:
        """What keys are called after this beginning."""
        found = self._client.scan_iter(match=f"{root}*", count=SCAN_COUNT)
        return {key.decode().removeprefix(root) async for key in found}

    async def _now_ms(self) -> int:
        seconds, micros = await self._client.time()
        return int(seconds) * 1000 + int(micros) // 1000


def _report(written: bytes) -> Report:
    """As the worker wrote it; what a newer version's says besides is passed over."""
    known = Report.__dataclass_fields__.keys()
    told = orjson.loads(written)
    return Report(**{name: told[name] for name in known & told.keys()})


def _holder(owner: bytes | None, lease: bytes | None, now_ms: int) -> str | None:
    """The worker of a claim that has not run out; a claim's owner is the worker's name and more."""
    if owner is None or int(lease or 0) <= now_ms:
        return None
    return owner.decode().rpartition(":")[0]


def _account(
    name: str, day: dict[bytes, bytes], open_debates: int, own: dict[bytes, bytes]
) -> AccountSeen:
    workspace, _, channel = name.partition("/")
    turns, tokens, ms, started = (
        int(day.get(field, 0)) for field in (b"turns", b"tokens", b"ms", b"debates")
    )
    return AccountSeen(
        workspace=unquote(workspace),
        channel=unquote(channel) or None,
        used=Used(turns, tokens, ms / 1000),
        started=started,
        open=open_debates,
        own=dict(limit_named(limit.decode(), value.decode()) for limit, value in own.items()),
    )
