"""`tertulia try --web` as a process: what it prints, keeps, refuses, and how it ends."""

from __future__ import annotations

import asyncio
import re
import signal
import socket
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.fakes.model_server import FakeModelServer
from tests.redis_server import RedisServer
from tests.system.program import ran, start
from tests.webroom.rig import Visitor
from tests.webroom.speaker import Speaker

WITHIN_S = 30.0


@asynccontextmanager
async def opened(home: Path, *words: str) -> AsyncIterator[tuple[Process, str]]:
    """The command, and the link that it prints; it must end well when it is asked to."""
    process = await start(home, "try", "--web", *words)
    assert process.stdout is not None
    try:
        async with asyncio.timeout(WITHIN_S):
            while not (found := re.search(r"http\S+", (await process.stdout.readline()).decode())):
                assert process.returncode is None
        yield process, found[0]
        process.send_signal(signal.SIGINT)
        async with asyncio.timeout(WITHIN_S):
            _, err = await process.communicate()
        assert (process.returncode, err) == (0, b"")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.fixture
async def model() -> AsyncIterator[FakeModelServer]:
    """A model server."""
    async with FakeModelServer.open() as running:
        running.always(Speaker())
        yield running


async def test_a_debate_is_there_again_when_the_room_opens_again(
    tmp_path: Path, server: RedisServer, model: FakeModelServer
) -> None:
    words = ("--port", "0", "--model", model.url, "--redis", server.url)
    async with opened(tmp_path, *words) as (_, link):
        url = link.rstrip("/")
        async with Visitor.of(url, "Ana") as ana:
            debate = await ana.start()
            posts = await ana.posts(debate, "debate.closed")
    async with opened(tmp_path, *words, "Tea or coffee?") as (_, link):
        url, _, asked = link.partition("/?")
        assert asked == "topic=Tea+or+coffee%3F"
        async with Visitor.of(url) as guest:
            assert await guest.posts(debate, "debate.closed") == posts
            assert debate in (await guest.get("/debates"))[1]


async def test_other_machines_get_in_by_a_link_that_stays_the_same(
    tmp_path: Path, server: RedisServer, model: FakeModelServer
) -> None:
    everywhere = "0.0.0.0"  # noqa: S104
    words = ("--host", everywhere, "--port", "0", "--model", model.url, "--redis", server.url)
    tokens = []
    for _ in range(2):
        async with opened(tmp_path, *words) as (_, link):
            found = re.fullmatch(r"http://[\w.:-]+:(\d+)/\?token=([\w-]{32})", link)
            assert found
            assert everywhere not in link, "nobody reaches that"
            async with Visitor.of(f"http://127.0.0.1:{found[1]}") as guest:
                assert (await guest.get("/debates"))[0] == 401
                assert (await guest.get(f"/debates?token={found[2]}"))[0] == 200
            tokens.append(found[2])
    assert tokens[0] == tokens[1]
    file = tmp_path / "tertulia" / "room.token"
    assert file.stat().st_mode & 0o077 == 0


async def test_another_of_the_machines_own_names_opens_by_its_link(
    tmp_path: Path, server: RedisServer, model: FakeModelServer
) -> None:
    words = ("--host", "127.0.0.2", "--port", "0", "--model", model.url, "--redis", server.url)
    async with opened(tmp_path, *words) as (_, link), Visitor.of(link.rstrip("/"), "Ana") as ana:
        assert (await ana.get("/"))[0] == 200


async def test_a_port_that_is_taken_is_told_in_one_line(
    tmp_path: Path, server: RedisServer, model: FakeModelServer
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        words = ("--web", "--port", port, "--model", model.url, "--redis", server.url)
        ended = await ran(tmp_path, "try", *words)
    assert (ended.status, ended.out) == (2, "")
    assert re.fullmatch(rf"tertulia: the room .* 127\.0\.0\.1, port {port}: .*\n", ended.err)


async def test_what_does_not_go_with_the_room_is_refused(tmp_path: Path) -> None:
    ended = await ran(tmp_path, "try", "--web", "--rounds", "2")
    assert ended.status == 2
    assert ended.err == "tertulia: --rounds does not go with --web; leave it out\n"
