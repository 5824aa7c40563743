"""How long a turn takes into its thread is told: of each turn, where the debate was started."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.adapters.system_clock import SystemClock
from engine.debate.events import MirrorOpened
from tests.chat.delivery.given import HOME, LONG, TURNS, Bench, thread
from tests.chat.logs import START_MS


async def test_each_turn_is_told_once_when_its_last_part_stands(bench: Bench) -> None:
    debate = await bench.debate(HOME)
    async with bench.process(limit=900):
        await debate.grow(LONG, *(replace(turn, turn=n) for n, turn in enumerate(TURNS[1:3], 2)))
        await bench.recorded(debate, HOME, 4)
    assert len(bench.server.threads[HOME.thread]) > 3
    assert len(bench.visible_s) == 3
    since_start_s = SystemClock().now_ms() / 1000 - START_MS / 1000
    assert bench.visible_s == pytest.approx([since_start_s] * 3, abs=60)


async def test_a_mirror_tells_nothing(bench: Bench) -> None:
    mirror = thread("200")
    debate = await bench.debate(HOME, mirror)
    async with bench.process():
        await debate.grow(TURNS[0], MirrorOpened(mirror), TURNS[1])
        await bench.recorded(debate, HOME, 4)
        await bench.recorded(debate, mirror, 4)
    assert len(bench.visible_s) == 2
