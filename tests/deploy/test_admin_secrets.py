"""`tertulia secrets reseal`: keys change, and nothing that was sealed is lost."""

from __future__ import annotations

import json

import pytest
from cryptography.fernet import Fernet

from engine.bootstrap import open_vault
from engine.ports.vault import VaultLocked
from engine.settings import Settings, read_settings
from tests.deploy.admin import Admin

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def settings(admin: Admin, *keys: str) -> Settings:
    redis = {"url": admin.server.url, "shard": admin.shard}
    return read_settings(redis=redis, secrets={"keys": keys})


async def reseal(admin: Admin, *keys: str) -> int:
    told = await admin.json("secrets", "reseal", TERTULIA_SECRETS__KEYS=json.dumps(keys))
    return int(told["resealed"])


async def test_what_was_sealed_with_the_old_key_opens_with_the_new_one_alone(
    admin: Admin, redis: object
) -> None:
    async with open_vault(settings(admin, OLD)) as vault:
        await vault.put("token", b"xoxb-1", ttl_s=600)
    assert await reseal(admin, NEW, OLD) == 1
    async with open_vault(settings(admin, NEW)) as vault:
        assert await vault.get("token") == b"xoxb-1"
    async with open_vault(settings(admin, OLD)) as vault:
        with pytest.raises(VaultLocked):
            await vault.get("token")


async def test_without_keys_and_with_the_wrong_ones_it_says_what_to_do(
    admin: Admin, redis: object
) -> None:
    assert "secrets.keys" in await admin.fails("secrets", "reseal")
    async with open_vault(settings(admin, OLD)) as vault:
        await vault.put("token", b"xoxb-1", ttl_s=600)
    wrong = json.dumps([NEW])
    assert "secrets.keys" in await admin.fails("secrets", "reseal", TERTULIA_SECRETS__KEYS=wrong)
