"""An admin, and a rig beside them."""

from __future__ import annotations

from pathlib import Path

import pytest
from redis.asyncio import Redis

from tests.deploy.admin import Admin
from tests.redis_server import RedisServer
from tests.runtime.rig import Rig


@pytest.fixture
def rig(redis: Redis, shard: str) -> Rig:
    return Rig(redis, shard)


@pytest.fixture
def admin(tmp_path: Path, server: RedisServer, shard: str) -> Admin:
    return Admin(tmp_path, server, shard)
