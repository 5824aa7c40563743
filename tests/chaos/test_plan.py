"""A plan is drawn from its seed, kept, read, and made smaller."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tests.chaos.draw import Drawing
from tests.chaos.moments import moments
from tests.chaos.plan import Fault, Kind, read, written
from tests.chaos.scene import NAMES
from tests.chaos.shrink import around, smallest

HOUR_S = 3_600.0


def drawn(seed: int, *, replicated: bool = True) -> list[Fault]:
    return list(Drawing(seed, NAMES, replicated=replicated).plan(HOUR_S))


def test_a_seed_gives_one_plan_and_another_seed_another() -> None:
    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)


def test_in_an_hour_everything_goes_wrong_that_can() -> None:
    plan = drawn(1)
    assert set(Counter(fault.kind for fault in plan)) == set(Kind)
    killed = {fault.on for fault in plan if fault.kind is Kind.KILL}
    assert killed == {*NAMES, "redis", "replica", "model"}
    assert {fault.moment for fault in plan if fault.moment} <= set(moments())


def test_without_a_replica_nothing_fails_over_to_it() -> None:
    plan = drawn(1, replicated=False)
    assert not [f for f in plan if f.kind is Kind.FAILOVER or f.on == "replica"]


def test_a_plan_that_was_kept_is_read_as_it_was(tmp_path: Path) -> None:
    written(drawn(1), tmp_path / "plan.jsonl")
    assert read(tmp_path / "plan.jsonl") == drawn(1)


def test_what_fell_into_a_debates_life_is_told_from_its_beginning() -> None:
    near = around(drawn(1), 100.0, 160.0)
    assert near
    assert all(0.0 <= fault.at_s <= 70.0 for fault in near)


def test_a_failing_plan_is_made_as_small_as_it_can_be() -> None:
    plan = drawn(1)[:64]
    culprits = {plan[3], plan[40]}
    assert set(smallest(plan, lambda tried: culprits <= set(tried), 30.0)) == culprits
