"""Scale-out: more workers on this machine; then, by a model with these figures, 100,000 debates."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from statistics import median

from tests.bench.bots import CHANNELS, showed
from tests.bench.calls import busy_s, gaps_ms, percentile
from tests.bench.contender import TURNS
from tests.bench.cores import memory_kib
from tests.bench.house import house, worker_of
from tests.bench.model_of_scale import (
    Assumed,
    Figures,
    Load,
    needs,
    redis_gib,
    shares,
    simulate,
    with_less,
    worker_gib,
)
from tests.bench.options import Options
from tests.bench.race import alone
from tests.bench.report import Table

LOADS = tuple(Load(many, reading) for many in (1_000, 100_000) for reading in (True, False))
SIMULATED_S = 90.0


@dataclass(frozen=True, slots=True)
class Ran:
    """So many workers, measured together."""

    turns_s: float
    gap_p50_ms: float
    worker_cpu_s: float
    redis_cpu_s: float
    idle_mib: float
    peak_mib: float
    resting_bytes: float


async def run(options: Options) -> AsyncIterator[Table]:
    """Measured; by the model; and what gives where something is missing."""
    debates = 40 if options.quick else 200
    columns = (
        *("workers", "Redis", "turns/s", "gap p50, ms"),
        *("worker CPU, ms a turn", "Redis CPU, ms a turn"),
    )
    table = Table(f"{debates} debates at once on both cores, with model and Redis", columns)
    ran = {}
    for many, clustered in ((1, False), (2, False), (4, False), (2, True)):
        ran[many, clustered] = one = await _workers(many, debates, clustered=clustered)
        cpu_ms = (one.worker_cpu_s * 1000, one.redis_cpu_s * 1000)
        redis = "three nodes, TCP" if clustered else "one server"
        table.add(many, redis, one.turns_s, one.gap_p50_ms, *cpu_ms)
    table.notes.append("Of a cluster, a shard uses one node: the row says what finding it costs.")
    yield table
    yield await _bots(debates // 2)
    first = ran[1, False]
    figures = Figures(
        worker_cpu_s=first.worker_cpu_s,
        redis_cpu_s=first.redis_cpu_s,
        worker_mib=first.idle_mib,
        speaking_mib=(first.peak_mib - first.idle_mib) / debates,
        resting_bytes=first.resting_bytes,
    )
    yield _needed(figures)
    yield _missing(figures, LOADS[0] if options.quick else LOADS[2])


async def _workers(many: int, debates: int, *, clustered: bool) -> Ran:
    async with AsyncExitStack() as stack:
        stub = await stack.enter_async_context(alone())
        at = await stack.enter_async_context(house(stub.url, clustered=clustered))
        workers = [
            await stack.enter_async_context(worker_of(at.settings, core=None)) for _ in range(many)
        ]
        await at.closed(await at.start(many))
        await stub.calls()
        idle = memory_kib(workers[0].process.pid) / 1024
        cpu_s, server_s = sum(w.cpu_s() for w in workers), await at.server_cpu_s()
        ids = await at.start(debates)
        await at.closed(ids)
        turns = debates * (TURNS + 1)
        calls = await stub.calls()
        rest = [await at.bytes_of(await at.keys_of(debate)) for debate in ids[:5]]
        return Ran(
            turns_s=turns / busy_s(calls),
            gap_p50_ms=percentile(gaps_ms(calls), 0.5),
            worker_cpu_s=(sum(w.cpu_s() for w in workers) - cpu_s) / turns,
            redis_cpu_s=(await at.server_cpu_s() - server_s) / turns,
            idle_mib=idle,
            peak_mib=max(w.peak_mib() for w in workers),
            resting_bytes=median(rest),
        )


async def _bots(debates: int) -> Table:
    """Of the platform nothing is measured, but it shares the cores."""
    title = f"{debates} debates started at once in {CHANNELS} channels of a Slack without limits"
    table = Table(title, ("bot processes", "posts/s", "their CPU, ms a post"))
    for many in (1, 2):
        ran = await showed(many, debates)
        table.add(many, ran.posts_s, ran.cpu_ms)
    return table


def _name(load: Load) -> str:
    return f"{load.debates:,} {'reading' if load.reading else 'live'}"


def _needed(figures: Figures) -> Table:
    columns = (
        *("at once", "turns/s", "GPUs", "cores", "Redis", "bots", "workspaces"),
        *("workers, GiB", "Redis, GiB", "breaks first"),
    )
    table = Table("What they need, by the model", columns)
    assumed = Assumed()
    for load in LOADS:
        need = needs(load, figures, assumed)
        asked = shares(load, figures, assumed)
        table.add(
            *(_name(load), load.turns_s(assumed), need.gpus, need.worker_cores),
            *(need.redis_shards, need.bots, need.workspaces),
            worker_gib(load, figures, assumed),
            *(redis_gib(load, figures), max(asked, key=lambda part: asked[part])),
        )
    table.notes.append(
        "Cores are the workers', bots Discord's, workspaces Slack's, each its own. "
        f"Assumed: {assumed.tokens} tokens a turn; a GPU speaks {assumed.gpu_slots} turns at once "
        f"at {assumed.slot_tokens_s:g} tokens/s; reading takes {assumed.reading_s:g} s."
    )
    return table


def _missing(figures: Figures, load: Load) -> Table:
    columns = ("with", "turns/s", "late p50, s", "late p99, s", "posts that wait")
    table = Table(f"{_name(load)}, simulated for {SIMULATED_S:.0f} s", columns)
    assumed = Assumed()
    need = needs(load, figures, assumed)
    saw = simulate(load, need, figures, assumed, for_s=SIMULATED_S)
    table.add("what the model says", saw.turns_s, saw.late_p50_s, saw.late_p99_s, saw.unposted)
    share = saw.turns_s / load.turns_s(assumed)
    table.aim("turns/s, of what the model says", share, least=0.95)
    for what, have in with_less(need):
        saw = simulate(load, have, figures, assumed, for_s=SIMULATED_S)
        table.add(what, saw.turns_s, saw.late_p50_s, saw.late_p99_s, saw.unposted)
    return table
