"""One platform's readers in Redis, for the debates of one shard: mail, leases, cursors.

It works as the workers' queue does: mail stays pending with the process that holds its thread, and
is renewed with the lease. A process that dies leaves its pending mail behind, and another one takes
that over when the lease has run out.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal, cast

import orjson
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from engine.adapters.redis_group import Consumer
from engine.adapters.redis_keys import READERS, DebateKeys, ShardKeys, place_name, place_named
from engine.adapters.redis_replica import Replica
from engine.adapters.redis_server import script, store_errors
from engine.debate.events import Place, Problem
from engine.ports.clock import Clock
from engine.ports.readers import Busy, Cursor, Hold, LeaseLost, Mail, Shown, Standing

FORGOTTEN_AFTER_MS = 86_400_000

_STANDING = ("n", "part", "offset", "message", "rest")


class RedisReaders:
    """`Readers` on Redis or Valkey."""

    def __init__(  # noqa: PLR0913 - what it stands on, and whose it is
        self,
        client: Redis,
        clock: Clock,
        *,
        shard: str,
        platform: str,
        consumer: str,
        lease_ms: int,
        replica: Replica | None = None,
    ) -> None:
        """`consumer`: this process's name, unique among all that serve the platform.

        `replica`: has to have what is to be seen before it is posted.
        """
        self._client = client
        self._mail = ShardKeys(shard).mail(platform)
        self._failed = ShardKeys(shard).failed(platform)
        self._resting = ShardKeys(shard).resting(platform)
        self._consumer = consumer
        self._lease_ms = lease_ms
        self._replica = replica
        self._letters = Consumer(
            client, clock, stream=self._mail, group=READERS, name=consumer, lease_ms=lease_ms
        )
        self._acquire = script(client, "reader_acquire")
        self._renew = script(client, "reader_renew")
        self._record = script(client, "reader_record")
        self._release = script(client, "reader_release")
        self._wake = script(client, "reader_wake")
        self._leave = script(client, "reader_leave")

    @property
    def lease_ms(self) -> int:
        """See `Readers.lease_ms`."""
        return self._lease_ms

    async def open(self) -> None:
        """See `Readers.open`."""
        await self._letters.open()
        for debate, place in await self._threads(self._failed):
            await self.wake(debate, place)

    async def take(self, most: int, wait_ms: int) -> list[Mail]:
        """See `Readers.take`."""
        taken = await self._letters.take(most, wait_ms)
        return [
            Mail(entry.fields["d"], place_named(entry.fields["p"]), entry.id, entry.deliveries)
            for entry in taken
        ]

    async def excuse(self, mail: Mail) -> None:
        """See `Readers.excuse`."""
        await self._letters.excuse(mail.entry)

    async def acquire(self, mail: Mail) -> Hold | Busy | None:
        """See `Readers.acquire`."""
        keys = DebateKeys(mail.debate)
        owner = f"{self._consumer}:{secrets.token_hex(8)}"
        with store_errors():
            answer = await self._acquire(
                keys=[keys.readers, self._mail, keys.log, keys.posts],
                args=[place_name(mail.place), owner, mail.entry, self._lease_ms, READERS],
            )
        match answer:
            case [b"held", clean, news, *where]:
                return Hold(mail.debate, mail.place, owner, _cursor(where), bool(clean), news)
            case [b"busy"]:
                return Busy()
        return None

    async def renew(self, holds: Sequence[Hold]) -> list[Hold]:
        """See `Readers.renew`."""
        with store_errors():
            async with self._client.pipeline(transaction=False) as pipe:
                for hold in holds:
                    await self._renew(
                        keys=[DebateKeys(hold.debate).readers, self._mail],
                        args=[
                            *(place_name(hold.place), hold.owner),
                            *(self._lease_ms, READERS, self._consumer),
                        ],
                        client=pipe,
                    )
                answers = await pipe.execute()
        return [hold for hold, held in zip(holds, answers, strict=True) if held]

    async def settle(self) -> None:
        """See `Readers.settle`."""
        if self._replica is not None:
            await self._replica.has_all()

    async def record(self, hold: Hold, cursor: Cursor, shown: Shown | None = None) -> None:
        """See `Readers.record`."""
        keys = DebateKeys(hold.debate)
        message = "" if cursor.message is None else cursor.message
        with store_errors():
            recorded = await self._record(
                keys=[keys.readers, keys.posts, keys.log, self._mail],
                args=[
                    *(place_name(hold.place), hold.owner),
                    *(cursor.n, cursor.part, cursor.offset),
                    *(message, f"{shown.n} {shown.part}" if shown else "", READERS),
                ],
            )
        if not recorded:
            raise LeaseLost(hold.debate)

    async def release(self, hold: Hold, shown_to: int) -> Hold | None:
        """See `Readers.release`."""
        match await self._give_back(hold, "done", hold.news, shown_to):
            case [b"news", count]:
                return replace(hold, news=count)
        return None

    async def drop(self, hold: Hold, *, clean: bool) -> None:
        """See `Readers.drop`."""
        await self._give_back(hold, "drop", hold.debate, int(clean))

    async def rest(self, hold: Hold, why: Problem, *, failed: bool = False) -> Hold | None:
        """See `Readers.rest`."""
        how = (hold.news, orjson.dumps(why), hold.debate, int(failed))
        match await self._give_back(hold, "rest", *how):
            case [b"news", count]:
                return replace(hold, news=count)
        return None

    async def wake(self, debate: str, place: Place) -> None:
        """See `Readers.wake`."""
        with store_errors():
            keys = [DebateKeys(debate).readers, self._mail, self._failed, self._resting]
            await self._wake(keys=keys, args=[place_name(place), debate])

    async def resting(self) -> list[tuple[str, Place]]:
        """See `Readers.resting`."""
        return await self._threads(self._resting)

    async def standing(self, debate: str, place: Place) -> Standing:
        """See `Readers.standing`."""
        fields = [f"{place_name(place)} {name}" for name in _STANDING]
        with store_errors():
            *where, rest = cast(
                list[Any], await cast(Any, self._client.hmget(DebateKeys(debate).readers, fields))
            )
        return Standing(_cursor(where), Problem(**orjson.loads(rest)) if rest else None)

    async def event_of(self, debate: str, place: Place, message: str) -> Shown | None:
        """See `Readers.event_of`."""
        field = f"{place_name(place)} {message}"
        with store_errors():
            shown = await cast(Any, self._client.hget(DebateKeys(debate).posts, field))
        return None if shown is None else Shown(*map(int, shown.split()))

    async def messages(self, debate: str, place: Place) -> dict[int, list[str]]:
        """See `Readers.messages`."""
        with store_errors():
            posts = await cast(Any, self._client.hgetall(DebateKeys(debate).posts))
        here = f"{place_name(place)} "
        parts = sorted(
            (Shown(*map(int, shown.split())), field.decode().removeprefix(here))
            for field, shown in posts.items()
            if field.decode().startswith(here)
        )
        messages: dict[int, list[str]] = {}
        for shown, message in parts:
            messages.setdefault(shown.n, []).append(message)
        return messages

    async def leave(self) -> None:
        """See `Readers.leave`."""
        with store_errors():
            try:
                await self._leave(
                    keys=[self._mail], args=[READERS, self._consumer, FORGOTTEN_AFTER_MS]
                )
            except ResponseError as error:
                if "NOGROUP" not in str(error) and "no such key" not in str(error):
                    raise

    async def _threads(self, key: str) -> list[tuple[str, Place]]:
        with store_errors():
            named = await cast(Any, self._client.smembers(key))
        threads = (thread.decode().split(" ") for thread in sorted(named))
        return [(debate, place_named(place)) for debate, place in threads]

    async def _give_back(
        self, hold: Hold, how: Literal["done", "rest", "drop"], *details: str | int | bytes
    ) -> Any:
        with store_errors():
            return await self._release(
                keys=[
                    *(DebateKeys(hold.debate).readers, self._mail),
                    *(self._failed, self._resting),
                ],
                args=[place_name(hold.place), hold.owner, READERS, how, *details],
            )


def _cursor(where: Sequence[Any]) -> Cursor:
    n, part, offset, message = where
    return Cursor(
        int(n or 0), int(part or 0), int(offset or 0), message.decode() if message else None
    )
