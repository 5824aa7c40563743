"""Redis as it is deployed: keeps what it is given, and lets the engine do what it needs only."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis as clients
from redis.asyncio import Redis

from engine.adapters.embedded_redis import server_binary
from engine.adapters.redis_inspection import RedisInspection
from engine.adapters.redis_readers import RedisReaders
from engine.adapters.redis_server import connect
from engine.adapters.system_clock import SystemClock
from tests.deploy.composed import DEPLOY
from tests.fakes.model_server import FakeModelServer
from tests.redis_server import wait_until_answers
from tests.runtime.rig import Rig, client_of

APP, ADMIN = "app-word", "admin-word"
LUA = DEPLOY.parent / "engine" / "adapters" / "lua"
CALL = re.compile(r"redis\.p?call\(\s*'(\w+)'(?:,\s*'(\w+)')?")
CONTAINERS = {"XGROUP", "XINFO", "SCRIPT", "CLIENT"}


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A server started by start.sh with the deployed files; its socket lies here."""
    # A short path, as sockets need.
    here = Path(tempfile.mkdtemp(prefix="tertulia-", dir="/tmp"))
    (here / "bin").mkdir()
    (here / "bin" / "valkey-server").symlink_to(server_binary())
    environment = {
        "PATH": f"{here}/bin:{os.environ['PATH']}",
        "REDIS_PASSWORD": APP,
        "REDIS_ADMIN_PASSWORD": ADMIN,
        "REDIS_MAXMEMORY": "64mb",
        "REDIS_USERS": str(here / "users.acl"),
        "REDIS_DATA": str(here),
    }
    with (here / "log").open("wb") as log:
        process = subprocess.Popen(
            [
                *("sh", DEPLOY / "redis" / "start.sh"),
                *("--port", "0", "--unixsocket", here / "redis.sock"),
            ],
            env=environment,
            stdout=log,
            stderr=log,
        )
    try:
        wait_until_answers(here / "redis.sock", process, here / "log")
        yield here
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(here)


@pytest.fixture
def admin(folder: Path) -> Iterator[Any]:
    """Who may do all."""
    client = clients.Redis(
        unix_socket_path=str(folder / "redis.sock"),
        username="admin",
        password=ADMIN,
        decode_responses=True,
    )
    with client:
        yield client


@pytest.fixture
async def app(folder: Path) -> Any:
    """Who the workers and bots are."""
    client = connect(f"unix://tertulia@{folder}/redis.sock?password={APP}")
    yield client
    await client.aclose()


def test_what_is_acknowledged_is_kept_and_never_evicted(admin: Any) -> None:
    config = admin.config_get("*")
    assert config["appendonly"] == "yes"
    assert config["appendfsync"] == "everysec"
    assert config["maxmemory-policy"] == "noeviction"
    assert config["maxmemory"] == str(64 << 20)


def test_nobody_gets_in_without_a_password(folder: Path) -> None:
    with (
        clients.Redis(unix_socket_path=str(folder / "redis.sock")) as client,
        pytest.raises(clients.AuthenticationError),
    ):
        client.ping()


def test_passwords_are_kept_as_hashes_only(folder: Path) -> None:
    text = (folder / "users.acl").read_text()
    assert APP not in text and ADMIN not in text


def test_the_engine_may_call_what_its_scripts_call(admin: Any) -> None:
    called = {
        (command.upper(), sub.upper() if command.upper() in CONTAINERS else "")
        for script in LUA.glob("*.lua")
        for command, sub in CALL.findall(script.read_text())
    }
    assert len(called) > 25
    refused = {
        " ".join(words).strip()
        for words in called
        if "no permissions" in _tried(admin, *[word for word in words if word])
    }
    assert refused == set()


@pytest.mark.parametrize(
    "command",
    [
        ("FLUSHALL",),
        ("CONFIG", "SET", "appendonly", "no"),
        ("SHUTDOWN",),
        ("ACL", "LIST"),
        ("KEYS", "*"),
        ("EVAL", "return 1", "0"),
        ("REPLICAOF", "evil", "6379"),
        ("GET", "others:secret"),
        ("PUBLISH", "others", "x"),
    ],
)
def test_the_engine_may_not_do_what_it_never_does(admin: Any, command: tuple[str, ...]) -> None:
    assert "no permissions" in _tried(admin, *command)


async def test_a_debate_its_readers_and_its_gauges_need_no_more(
    app: Redis, admin: Any, shard: str
) -> None:
    admin.acl_log_reset()
    rig = Rig(app, shard)
    readers = RedisReaders(
        app, SystemClock(), shard=shard, platform="slack", consumer="bot", lease_ms=1_000
    )
    async with FakeModelServer.open() as model, client_of(model.url) as client:
        await readers.open()
        async with rig.worker(client):
            await rig.log_until_closed(await rig.start())
        await readers.take(1, 10)
        await readers.leave()
        assert (await RedisInspection(app, shard=shard).queue()).waiting == 0
    assert admin.acl_log() == []


def _tried(admin: Any, *command: str) -> str:
    """What `ACL DRYRUN` says of it; enough arguments are made up where there are none."""
    words = command if len(command) > 2 else (*command, *["tertulia:x"] * 6)
    for given in range(len(command), len(words) + 1):
        try:
            return str(admin.acl_dryrun("tertulia", *words[:given]))
        except clients.ResponseError as error:
            if "number of arguments" not in str(error):
                return str(error)
    raise AssertionError(f"no number of arguments will do for {command}")
