"""The benchmarks' own promises: what they count is what happened."""

from __future__ import annotations

import json

import pytest

from engine.panels.loader import load_panel
from tests.bench import cores
from tests.bench.calls import Call, busy_s, by_debate, gaps_ms, percentile
from tests.bench.contender import TURNS, Plan
from tests.bench.house import house, worker_of
from tests.bench.model_of_scale import Assumed, Figures, Load, needs, simulate, with_less
from tests.bench.race import Contender, alone
from tests.bench.replay import rendered

FIGURES = Figures(
    worker_cpu_s=0.001, redis_cpu_s=0.0001, worker_mib=60, speaking_mib=0.2, resting_bytes=20_000
)


def call(debate: int, came_ms: int, ended_ms: int) -> Call:
    return Call(debate, came_ms * 1_000_000, ended_ms * 1_000_000, 0, 0)


def _needs_two_cores() -> None:
    try:
        cores.check()
    except cores.TooFewCores as error:
        pytest.skip(str(error))


def test_a_gap_is_between_two_calls_of_one_debate() -> None:
    calls = [call(1, 0, 10), call(2, 11, 12), call(1, 13, 14), call(2, 20, 21)]
    assert gaps_ms(calls) == [3.0, 8.0]


def test_time_in_which_no_debate_went_on_is_not_counted() -> None:
    one, other, later = call(1, 0, 1_000), call(2, 500, 1_500), call(3, 9_000, 10_000)
    assert busy_s([later, one, other]) == 2.5


def test_a_percentile_is_a_value_that_was_seen() -> None:
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile([3.0, 1.0, 2.0], 0.99) == 3.0
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)


async def test_every_call_of_a_contender_is_noted() -> None:
    _needs_two_cores()
    async with alone() as stub, Contender.open("floor", Plan(stub.url, debates=2)) as floor:
        await stub.calls()
        floor.go()
        await floor.done()
        debates = by_debate(await stub.calls())
        assert floor.cpu_s() > 0
        assert floor.peak_mib() > 1
    assert [[c.debate for c in calls] for calls in debates] == [[0] * TURNS, [1] * TURNS]
    for calls in debates:
        assert [c.chars for c in calls] == sorted(c.chars for c in calls), "prompts grow"
        assert all(c.came <= c.ended for c in calls)


@pytest.mark.parametrize("reading", [True, False])
def test_what_the_model_says_is_needed_carries_the_load(reading: bool) -> None:
    load, assumed = Load(500, reading), Assumed()
    need = needs(load, FIGURES, assumed)
    saw = simulate(load, need, FIGURES, assumed, for_s=120)
    assert saw.turns_s == pytest.approx(load.turns_s(assumed), rel=0.05)
    assert saw.late_p50_s < 0.1


def test_half_of_what_is_needed_does_not_carry_it() -> None:
    load, assumed = Load(1_000, reading=False), Assumed()
    need = needs(load, FIGURES, assumed)
    less = dict(with_less(need))
    gpus = simulate(load, less[f"{need.gpus // 2} gpus"], FIGURES, assumed, for_s=60)
    bots = simulate(load, less[f"{need.bots // 2} bots"], FIGURES, assumed, for_s=60)
    assert gpus.late_p50_s > 1
    assert bots.unposted > 1_000


async def test_a_replay_asks_what_the_engine_asked() -> None:
    _needs_two_cores()
    async with alone() as stub:
        await stub.set("recording", 1)
        async with house(stub.url) as at, worker_of(at.settings):
            (debate,) = await at.start(1, rounds=1)
            await at.closed([debate])
            records = await at.debates.records(debate)
        asked = await stub.told("prompts")
    script = rendered(debate, records, load_panel("ai-en"), "stub", {})
    assert len(script) == 9
    assert [json.loads(body)["messages"] for body in script] == asked
