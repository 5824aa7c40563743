"""A share of the simulation for every run of the tests, and what makes it worth believing."""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
import sys
from collections.abc import Callable
from importlib.resources import files

import pytest
from redis.asyncio import Redis

from bots.chat.delivery.landing import Landing
from engine.adapters.redis_queue import RedisQueue
from engine.debate.events import Pace
from engine.debate.panel import Handoff
from tests.simulation.draw import draw
from tests.simulation.faults import Faults
from tests.simulation.loop import SimulatedLoop, Stuck
from tests.simulation.plan import Fault, Kind, Plan, Start
from tests.simulation.processes import SimulatedClock
from tests.simulation.redis_client import simulated_client
from tests.simulation.redis_host import RedisHost
from tests.simulation.seeded import seeded
from tests.simulation.shrink import shrink
from tests.simulation.trace import Trace
from tests.simulation.world import run, run_seed

DEBATES = 4
"""Few, so that a test takes a second."""

ASK = "from tests.simulation.world import run_seed; print(run_seed({seed}, {debates}).digest)"


@pytest.mark.parametrize("seed", range(1, 4))
def test_every_promise_is_kept_whatever_the_seed_brings(seed: int) -> None:
    outcome = run_seed(seed, DEBATES)
    assert outcome.broken is None
    assert outcome.figures["closed"] == outcome.figures["debates"] == DEBATES


def test_a_seed_replays_to_the_byte() -> None:
    first, second = (run(draw(3, 2), whole_trace=True) for _ in range(2))
    assert len(first.trace) > 500
    assert first.trace == second.trace
    assert first.digest == second.digest


def test_another_seed_is_another_story() -> None:
    assert run_seed(3, 1).digest != run_seed(4, 1).digest


@pytest.mark.parametrize("at", range(60, 84, 8))
def test_a_store_that_starts_anew_between_a_script_and_its_call_ends_no_process(at: int) -> None:
    debate = Start(0, 1.0, Handoff.RING, Pace.LIVE, turns=None)
    assert run(Plan(1, (debate, Fault(Kind.DOWN, at, for_s=0.2)))).broken is None


def test_a_worker_that_waits_while_the_last_one_leaves_goes_on_waiting() -> None:
    loop, chance = SimulatedLoop(random.Random(1)), random.Random(1)  # noqa: S311 - a seeded run
    redis = RedisHost(loop, chance, Faults(()), Trace(loop.time), lambda *_: None)

    def worker(name: str) -> RedisQueue:
        clock = SimulatedClock(loop)
        client = simulated_client(redis)
        return RedisQueue(client, clock, shard="sim", consumer=name, lease_ms=10_000)

    async def live() -> None:
        leaving, waiting = worker("leaving"), worker("waiting")
        assert await leaving.take(1, 1) == []
        taking = asyncio.create_task(waiting.take(1, 5_000))
        await asyncio.sleep(1.0)
        await leaving.leave()
        assert await taking == []
        redis.ask("XADD", "tertulia:{sim}:work", "*", "d", "sim-x")
        assert [wakeup.debate for wakeup in await waiting.take(1, 1)] == ["sim-x"]

    with seeded(chance, loop.time):
        loop.run_until_complete(loop.world.run(live()))
        loop.bury()
    loop.close()


def test_a_seed_replays_in_another_process_whose_hashes_are_others() -> None:
    asked = ASK.format(seed=3, debates=2)
    digests = [
        subprocess.run(
            [sys.executable, "-c", asked],
            env={**os.environ, "PYTHONHASHSEED": hashes},
            check=True,
            capture_output=True,
            timeout=60,
            text=True,
        ).stdout
        for hashes in ("1", "2")
    ]
    assert digests == [f"{run_seed(3, 2).digest}\n"] * 2


def test_a_poster_that_does_not_look_before_it_posts_again_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Landing, "_doubt", lambda self: None)
    assert "is shown twice" in _first_broken()


@pytest.mark.parametrize(
    ("script", "line", "without", "found"),
    [
        (
            "append",
            "redis.call('XADD', KEYS[3], '*', 'd', debate)",
            "do end",
            "does not come to rest",
        ),
        ("reader_release", "news ~= tonumber(ARGV[5])", "false", "is not shown"),
    ],
)
def test_a_script_that_forgets_a_line_is_found(
    script: str, line: str, without: str, found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgetful = _scripts_with(script, line, without)
    for adapter in ("redis_store", "redis_queue", "redis_readers"):
        monkeypatch.setattr(f"engine.adapters.{adapter}.script", forgetful)
    assert found in _first_broken()


def test_a_failing_plan_is_made_as_small_as_it_can_be() -> None:
    plan = draw(1, 4)
    culprits = {plan.starts[1], plan.faults[3]}
    small = shrink(plan, lambda tried: culprits <= set(tried.items), within_s=30.0)
    assert set(small.items) == culprits


def test_time_jumps_and_nobody_waits_for_ever() -> None:
    loop = SimulatedLoop(random.Random(1))  # noqa: S311 - a seeded run
    began = loop.time()
    loop.run_until_complete(asyncio.sleep(86_400.0))
    assert 86_400.0 <= loop.time() - began < 86_401.0
    with pytest.raises(Stuck):
        loop.run_until_complete(loop.create_future())
    loop.bury()
    loop.close()


def _first_broken() -> str:
    """What the first of some worlds that fails says."""
    for seed in range(1, 20):
        broken = run(draw(seed, DEBATES), patience_s=200.0).broken
        if broken is not None:
            return broken
    return "nothing"


def _scripts_with(script: str, line: str, without: str) -> Callable[[Redis, str], object]:
    def load(client: Redis, name: str) -> object:
        text = files("engine.adapters").joinpath("lua", f"{name}.lua").read_text(encoding="utf-8")
        assert name != script or line in text
        return client.register_script(text.replace(line, without) if name == script else text)

    return load
