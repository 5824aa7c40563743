"""The vault in Redis: documents sealed by Fernet, each together with its own name."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import cast

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from redis.asyncio import Redis

from engine.adapters.redis_keys import ShardKeys
from engine.adapters.redis_server import script, store_errors
from engine.ports.vault import VaultLocked

_NAMED = b"\0"


class RedisVault:
    """`Vault` on Redis or Valkey, for one shard."""

    def __init__(self, client: Redis, keys: Sequence[str], *, shard: str) -> None:
        """`keys`: Fernet's, 32 bytes in base64. The first one seals, all of them open.

        Raises:
            VaultLocked: there is none, or one is no key.
        """
        self._client = client
        self._fernet = _fernet(keys)
        self._keys = ShardKeys(shard)
        self._put = script(client, "vault_put")
        self._reseal = script(client, "vault_reseal")

    async def put(self, name: str, content: bytes, ttl_s: float | None = None) -> None:
        """See `Vault.put`."""
        await self._keep(name, content, "put", ttl_s)

    async def add(self, name: str, content: bytes, ttl_s: float) -> bool:
        """See `Vault.add`."""
        return await self._keep(name, content, "add", ttl_s)

    async def get(self, name: str) -> bytes | None:
        """See `Vault.get`."""
        with store_errors():
            sealed = cast(bytes | None, await self._client.get(self._keys.document(name)))
        return None if sealed is None else self._opened(name, sealed)

    async def take(self, name: str) -> bytes | None:
        """See `Vault.take`."""
        with store_errors():
            async with self._client.pipeline(transaction=True) as pipe:
                pipe.getdel(self._keys.document(name))
                pipe.zrem(self._keys.vault, name)
                sealed = cast(bytes | None, (await pipe.execute())[0])
        return None if sealed is None else self._opened(name, sealed)

    async def delete(self, name: str) -> None:
        """See `Vault.delete`."""
        with store_errors():
            async with self._client.pipeline(transaction=True) as pipe:
                pipe.delete(self._keys.document(name))
                pipe.zrem(self._keys.vault, name)
                await pipe.execute()

    async def names(self, prefix: str = "") -> list[str]:
        """See `Vault.names`."""
        with store_errors():
            seconds, micros = await self._client.time()
            now = seconds * 1000 + micros // 1000
            found = await self._client.zrangebyscore(self._keys.vault, now, "+inf")
        names = sorted(cast(bytes, name).decode() for name in found)
        return [name for name in names if name.startswith(prefix)]

    async def rotate(self) -> int:
        """See `Vault.rotate`."""
        names = await self.names()
        for name in names:
            key = self._keys.document(name)
            with store_errors():
                sealed = cast(bytes | None, await self._client.get(key))
                if sealed is None:
                    continue
                self._opened(name, sealed)
                await self._reseal(keys=[key], args=[sealed, self._fernet.rotate(sealed)])
        return len(names)

    async def _keep(self, name: str, content: bytes, how: str, ttl_s: float | None) -> bool:
        sealed = self._fernet.encrypt(name.encode() + _NAMED + content)
        ttl_ms = 0 if ttl_s is None else max(1, math.ceil(ttl_s * 1000))
        keys = [self._keys.document(name), self._keys.vault]
        with store_errors():
            return bool(await self._put(keys=keys, args=[name, sealed, ttl_ms, how]))

    def _opened(self, name: str, sealed: bytes) -> bytes:
        """The content; its name is sealed along, so that none passes for another."""
        try:
            named, _, content = self._fernet.decrypt(sealed).partition(_NAMED)
        except InvalidToken as error:
            raise VaultLocked(
                "none of secrets.keys opens {name}: add the key that it was sealed with", name=name
            ) from error
        if named != name.encode():
            raise VaultLocked("{name} holds the document of another name: delete it", name=name)
        return content


def _fernet(keys: Sequence[str]) -> MultiFernet:
    if not keys:
        raise VaultLocked(
            "secrets.keys (TERTULIA_SECRETS__KEYS) is not set: give a list with one key, as of "
            "{command}",
            command="head -c 32 /dev/urandom | base64 | tr +/ -_",
        )
    try:
        return MultiFernet([Fernet(key.strip()) for key in keys])
    except ValueError:
        # Without its cause: that one may show a part of the key.
        raise VaultLocked(
            "secrets.keys (TERTULIA_SECRETS__KEYS): a key is 32 bytes in URL-safe base64, as of "
            "{command}",
            command="head -c 32 /dev/urandom | base64 | tr +/ -_",
        ) from None
