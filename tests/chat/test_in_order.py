"""What people do is taken in lane by lane, in order, whatever goes wrong."""

from __future__ import annotations

import asyncio

import pytest

from bots.chat import in_order
from bots.chat.background import Background
from bots.chat.in_order import InOrder
from engine.adapters.system_clock import SystemClock
from engine.ports.store import StoreAway


@pytest.fixture
def lanes() -> InOrder:
    return InOrder(Background(), SystemClock())


async def test_within_a_lane_the_second_waits_for_the_first_and_other_lanes_do_not(
    lanes: InOrder,
) -> None:
    done, may_end = list[str](), asyncio.Event()

    async def slow() -> None:
        await may_end.wait()
        done.append("slow")

    async def quick(name: str) -> None:
        done.append(name)

    first = lanes.put("a", slow)
    second = lanes.put("a", lambda: quick("second"))
    other = lanes.put("b", lambda: quick("other"))
    assert first is not None
    assert second is not None
    assert other is not None
    await other
    assert done == ["other"]
    may_end.set()
    await second
    assert done == ["other", "slow", "second"]


async def test_a_store_that_is_away_holds_the_lane_up_until_it_is_there(
    lanes: InOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_order, "AGAIN_S", 0.001)
    done, tries = list[str](), 0

    async def stumbling() -> None:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise StoreAway("away")
        done.append("first")

    async def following() -> None:
        done.append("second")

    lanes.put("a", stumbling)
    last = lanes.put("a", following)
    assert last is not None
    await last
    assert (done, tries) == (["first", "second"], 3)


async def test_what_fails_is_logged_and_the_lane_goes_on(
    lanes: InOrder, capsys: pytest.CaptureFixture[str]
) -> None:
    done = list[str]()

    async def failing() -> None:
        raise ValueError("unheard of")

    async def following() -> None:
        done.append("second")

    lanes.put("a", failing)
    last = lanes.put("a", following)
    assert last is not None
    await last
    assert done == ["second"]


async def test_more_than_a_lane_holds_is_left(
    lanes: InOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_order, "MOST_WAITING", 2)
    may_end = asyncio.Event()

    async def waiting() -> None:
        await may_end.wait()

    kept = [lanes.put("a", waiting) for _ in range(3)]
    assert [one is not None for one in kept] == [True, True, False]
    may_end.set()
    last = kept[1]
    assert last is not None
    await last
