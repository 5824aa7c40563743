"""What waits for workers, what was buried and why debates closed: each worker shows it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from engine.adapters.redis_keys import ShardKeys
from engine.debate.events import Budget, Reason
from engine.runtime.worker import Worker
from tests.debate.given import start
from tests.fakes.model_behaviours import held_back_by
from tests.fakes.model_server import FakeModelServer
from tests.runtime.rig import Rig, client_of, wait_until


def shown(worker: Worker, name: str, **labels: str) -> float | None:
    return worker.registry.get_sample_value(f"tertulia_{name}", labels)


async def test_what_waits_for_a_full_worker_and_what_was_buried_is_shown(rig: Rig) -> None:
    gate = asyncio.Event()
    async with FakeModelServer.open() as model, client_of(model.url) as client:
        model.always(held_back_by(gate))
        letter: dict[Any, Any] = {"d": "gone", "why": "delivered 21 times"}
        await rig.redis.xadd(ShardKeys(rig.shard).dead, letter)
        debates = [await rig.start() for _ in range(3)]
        async with rig.worker(client, debates_at_once=1) as worker:
            await wait_until(lambda: shown(worker, "work_waiting") == 2)
            await wait_until(lambda: shown(worker, "dead_letters") == 1)
            assert shown(worker, "debates_held") == 1
            assert 0 < (shown(worker, "work_oldest_seconds") or 0) < 60
            gate.set()
            for debate in debates:
                await rig.log_until_closed(debate)
            await wait_until(lambda: shown(worker, "work_waiting") == 0)
            assert shown(worker, "work_oldest_seconds") == 0


async def test_a_debate_that_a_budget_ended_is_counted_as_such(rig: Rig) -> None:
    short = replace(start(), budget=Budget(turns=2))
    async with FakeModelServer.open() as model, client_of(model.url) as client:
        async with rig.worker(client) as worker:
            await rig.log_until_closed(await rig.start(short))
            await rig.log_until_closed(await rig.start())
        ended = {"repaired": "no", "reason": Reason.TURN_BUDGET.value}
        assert shown(worker, "debates_closed_total", **ended) == 1
        assert shown(worker, "debates_closed_total", repaired="no", reason="rounds") == 1
