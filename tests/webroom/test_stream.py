"""What a browser gets of a debate: every record once, whatever breaks; and live text meanwhile."""

from __future__ import annotations

import asyncio
import socket
import time
from contextlib import aclosing
from typing import Any

import pytest

from bots.webroom import sse
from tests.webroom.rig import LONG_S, House, Room, Told, Visitor

MESSAGES = 45


async def test_every_record_comes_once_in_order_and_then_what_stands_beside(room: Room) -> None:
    async with Visitor.of(room.url, "Ana") as ana:
        debate = await ana.start()
        posts = await ana.posts(debate, "debate.closed")
        assert [post["n"] for post in posts] == list(range(1, len(posts) + 1))
        assert sum(post["name"] == "turn.spoken" for post in posts) == 8
        view = await ana.view(debate)
    assert (view["n"], view["phase"], view["turn"]) == (len(posts), "closed", 8)
    assert view["status"] == {
        "kind": "closed",
        "text": "The debate is closed: everybody has spoken.",
        "until_ms": None,
    }


async def test_a_browser_that_comes_back_gets_what_it_missed_and_no_more(room: Room) -> None:
    async with Visitor.of(room.url, "Ana") as ana:
        debate = await ana.start()
        whole = await ana.posts(debate, "debate.closed")
        for had in (1, len(whole) // 2, len(whole) - 1):
            rest = await ana.posts(debate, "debate.closed", after=had)
            assert [post["n"] for post in rest] == [post["n"] for post in whole[had:]]


async def test_two_browsers_see_the_same_while_it_happens(room: Room) -> None:
    room.speaker.hold()
    async with Visitor.of(room.url, "Ana") as ana, Visitor.of(room.url) as guest:
        debate = await ana.start()
        both = asyncio.gather(*(who.posts(debate, "debate.closed") for who in (ana, guest)))
        await asyncio.wait_for(_live(ana, debate), LONG_S)
        room.speaker.go_on()
        one, other = await both
    assert one == other


async def _live(visitor: Visitor, debate: str) -> Told:
    async with aclosing(visitor.events(debate)) as events:
        async for told in events:
            if told.name == "live":
                return told
    raise AssertionError


async def test_who_comes_in_mid_turn_gets_the_text_so_far(room: Room) -> None:
    room.speaker.hold()
    async with Visitor.of(room.url, "Ana") as ana, asyncio.timeout(LONG_S):
        debate = await ana.start()
        first = await _live(ana, debate)
        again = await _live(ana, debate)
        room.speaker.go_on()
    assert first.id is None, "live text must not move the browser's cursor"
    assert (again.data["part"], again.data["offset"]) == ("answer", 0)
    assert again.data == first.data


async def _fill(visitor: Visitor, debate: str) -> None:
    """More words than the system keeps for a browser that does not read them."""
    for n in range(MESSAGES):
        await visitor.say(debate, f"{n} " + "🙂" * 39_000)


async def test_a_browser_that_does_not_read_holds_up_nobody(room: Room) -> None:
    room.speaker.hold()
    async with Visitor.of(room.url, "Ana") as ana, asyncio.timeout(LONG_S):
        debate = await ana.start()
        await _fill(ana, debate)
        with _deaf(room, debate):
            reading = asyncio.create_task(ana.posts(debate, "debate.closed"))
            while room.site.streams < 2:  # noqa: ASYNC110 - the server counts
                await asyncio.sleep(0.01)
            room.speaker.go_on()
            posts = await reading
    assert sum(post["name"] == "message.heard" for post in posts) == MESSAGES


async def test_a_browser_that_stops_reading_is_let_go(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sse, "SEND_S", 0.2)
    room.speaker.hold()
    async with Visitor.of(room.url, "Ana") as ana, asyncio.timeout(LONG_S):
        debate = await ana.start()
        await _fill(ana, debate)
        with _deaf(room, debate):
            while not room.site.streams:  # noqa: ASYNC110 - the server counts
                await asyncio.sleep(0.01)
            while room.site.streams:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        room.speaker.go_on()


def _deaf(room: Room, debate: str) -> socket.socket:
    """A browser that asks for the stream and never reads a byte of it."""
    browser = socket.socket()
    browser.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    browser.connect(("127.0.0.1", room.port))
    host = f"127.0.0.1:{room.port}"
    browser.sendall(f"GET /d/{debate}/events HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    return browser


async def test_a_room_that_opens_again_goes_on_in_mid_debate(house: House) -> None:
    house.speaker.hold(1)
    async with house.room() as room, Visitor.of(room.url, "Ana") as ana:
        debate = await ana.start()
        await asyncio.wait_for(_live(ana, debate), LONG_S)
        before = await ana.posts(debate, "turn.spoken")
    house.speaker.go_on()
    async with house.room(port=room.port) as room, Visitor.of(room.url) as ana:
        rest = await ana.posts(debate, "debate.closed", after=before[-1]["n"])
    numbers = [post["n"] for post in (*before, *rest)]
    assert numbers == list(range(1, len(numbers) + 1))


async def test_a_room_that_closes_waits_for_no_stream(house: House) -> None:
    streaming: asyncio.Task[list[dict[str, Any]]] | None = None
    async with house.room(speaks=False) as room, Visitor.of(room.url, "Ana") as ana:
        debate = await ana.start()
        streaming = asyncio.create_task(_all(ana, debate))
        while not room.site.streams:  # noqa: ASYNC110 - the server counts
            await asyncio.sleep(0.01)
        begun = time.monotonic()
        room.site.closing.set()
        told = await asyncio.wait_for(streaming, LONG_S)
        assert time.monotonic() - begun < 2
    assert told[-1]["n"] == 2, "what was told before the end is whole"


async def _all(visitor: Visitor, debate: str) -> list[dict[str, Any]]:
    return [told.data async for told in visitor.events(debate)]


async def test_a_full_room_says_so_and_a_place_that_is_left_is_free(room: Room) -> None:
    room.site.most_streams = 1
    async with Visitor.of(room.url, "Ana") as ana, asyncio.timeout(LONG_S):
        debate = await ana.start()
        async with aclosing(ana.events(debate)) as events:
            await anext(events)
            [told] = [told async for told in ana.events(debate)]
            assert (told.name, "The room is full" in told.data["error"]) == ("refused", True)
        while room.site.streams:  # noqa: ASYNC110 - the server counts
            await asyncio.sleep(0.01)
        await ana.view(debate)


async def test_a_debate_that_is_not_here_is_told_in_the_readers_language(room: Room) -> None:
    async with Visitor.of(room.url) as guest, Visitor.of(room.url, lang="es-MX") as invitada:
        assert await guest.get("/d/nope/events") == (
            404,
            '{"error":"There is no debate nope here.","kind":"UnknownDebate"}',
        )
        status, body = await invitada.get("/d/nope/events")
        assert (status, "ningún debate" in body) == (404, True)


async def test_a_number_that_is_none_is_refused(room: Room) -> None:
    async with Visitor.of(room.url, "Ana") as ana:
        debate = await ana.start()
        for wrong in ("-1", "x", "1e9", "٣", "9" * 40):
            status, _ = await ana.get(f"/d/{debate}/events", **{"Last-Event-ID": wrong})
            assert status == 400
