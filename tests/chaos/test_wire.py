"""The wire does to a connection what a plan says, at the moment that it says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from tests.chaos.moments import SLACK
from tests.chaos.plan import Fault, Kind, Side
from tests.chaos.wire import Wire

LONG_S = 30.0
POST = "/api/chat.postMessage"
KEY = "main-1:7:0:12:0a1b2c3d"


class Hands:
    """Notes whom it would have laid hands on."""

    def __init__(self) -> None:
        self.killed: list[str] = []
        self.thaw: Callable[[], None] = lambda: None

    def kill(self, name: str) -> bool:
        self.killed.append(name)
        return True

    def freeze(self, name: str, for_s: float, then: Callable[[], None]) -> bool:
        self.thaw = then
        return True


class Place:
    """A platform behind a wire, and a client before it."""

    def __init__(self, wire: Wire, hands: Hands, url: str, http: aiohttp.ClientSession) -> None:
        self.wire, self.hands, self.url = wire, hands, url
        self.http = http
        self.posted: list[str] = []

    async def post(self, words: str = "Hello") -> int:
        async with self.http.post(f"{self.url}{POST}", data={"text": words}) as answer:
            await answer.read()
            return answer.status

    def plan(self, kind: Kind, side: Side, for_s: float = 0.0) -> None:
        self.wire.aim(Fault(0.0, kind, "slack-1", "post in Slack", side, for_s))


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    hands = Hands()
    wire = Wire(hands)
    async with aiohttp.ClientSession() as http:
        place = Place(wire, hands, "", http)
        async with served(place) as port:
            wire.targets[SLACK] = ("127.0.0.1", port)
            place.url = f"http://127.0.0.1:{await wire.listen('slack-1', SLACK)}"
            yield place
            await wire.close()


@asynccontextmanager
async def served(place: Place) -> AsyncIterator[int]:
    async def take(request: web.Request) -> web.Response:
        place.posted.append(str((await request.post())["text"]))
        return web.json_response({"ok": True})

    app = web.Application()
    app.router.add_post(POST, take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


async def until(met: Callable[[], object]) -> None:
    async with asyncio.timeout(LONG_S):
        while not met():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)


async def test_without_a_plan_all_is_well(place: Place) -> None:
    assert await place.post() == 200
    assert place.posted == ["Hello"]


@pytest.mark.parametrize(
    ("kind", "side", "landed"),
    [(Kind.CUT, Side.BEFORE, 0), (Kind.LOSE, Side.AFTER, 1)],
)
async def test_a_connection_breaks_before_or_after(
    place: Place, kind: Kind, side: Side, landed: int
) -> None:
    place.plan(kind, side)
    with pytest.raises(aiohttp.ClientError):
        await place.post()
    assert len(place.posted) == landed
    assert await place.post() == 200, "once only"


@pytest.mark.parametrize(
    ("kind", "side", "status", "landed"),
    [
        (Kind.LIMIT, Side.BEFORE, 429, 0),
        (Kind.FAIL, Side.BEFORE, 500, 0),
        (Kind.FAIL_AFTER, Side.AFTER, 500, 1),
    ],
)
async def test_a_service_refuses_or_seems_to(
    place: Place, kind: Kind, side: Side, status: int, landed: int
) -> None:
    place.plan(kind, side)
    assert await place.post() == status
    assert len(place.posted) == landed


async def test_a_request_lands_after_its_connection_broke(place: Place) -> None:
    place.plan(Kind.LATE, Side.BEFORE, 0.1)
    with pytest.raises(aiohttp.ClientError):
        await place.post()
    assert place.posted == []
    await until(lambda: place.posted == ["Hello"])


async def test_an_answer_breaks_off(place: Place) -> None:
    place.plan(Kind.BREAK_OFF, Side.AFTER)
    with pytest.raises(aiohttp.ClientError):
        await place.post()


async def test_a_process_is_killed_between_a_post_and_its_answer(place: Place) -> None:
    place.plan(Kind.KILL, Side.AFTER)
    posting = asyncio.create_task(place.post())
    await until(lambda: place.hands.killed == ["slack-1"])
    assert place.posted == ["Hello"]
    posting.cancel()


async def test_a_post_of_a_frozen_poster_lands_when_it_thaws_and_is_noted(place: Place) -> None:
    place.plan(Kind.FREEZE, Side.BEFORE)
    posting = asyncio.create_task(place.post(f"Hello {KEY}"))
    await until(lambda: place.wire.done[Kind.FREEZE])
    assert place.posted == []
    place.hands.thaw()
    assert await posting == 200
    assert place.wire.late == {KEY}


async def test_nothing_passes_a_partition_until_it_is_over(place: Place) -> None:
    place.wire.sever("slack-1", LONG_S)
    posting = asyncio.create_task(place.post())
    done, _ = await asyncio.wait([posting], timeout=0.2)
    assert not done
    place.wire.lift()
    assert await posting == 200
