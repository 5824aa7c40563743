"""Growth: what turn 1,000 of a debate costs beside turn 10, and 10,000 open debates beside 10.

A debate has twenty rounds at most, 141 turns; here that bound is lifted, and nothing else. Its
context is that of a small model, so that its heads overflow and begin anew, and turns far apart are
asked with prompts of the same length.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from engine.debate.events import Pace, Record, TurnSpoken
from engine.debate.evolve import fold
from engine.debate.panel import Panel
from engine.debate.prompt import Grown, render
from engine.debate.rules import start
from engine.panels.loader import load_panel
from tests.bench.calls import NS_A_MS, Call, by_debate, percentile
from tests.bench.cores import memory_kib
from tests.bench.house import House, house, worker_of
from tests.bench.options import Options
from tests.bench.race import Contender, Stub, alone
from tests.bench.report import Table

CONTEXT_TOKENS = 8192
ROUNDS = 150
SPANS = {10: (6, 14), 100: (70, 130), 1000: (930, 1030)}
"""The replies that stand for turn 10, 100 and 1,000; of the later ones, those whose prompt is as
long as one of the first."""
IDLE_S = 10.0
SHORT = 4
"""So many short debates after each long one: what their tenth turns cost was measured as late as
what the thousandth costs, whatever else the machine did meanwhile."""


async def run(options: Options) -> AsyncIterator[Table]:
    """Of one debate, at rest, and of many that are open."""
    async with alone() as stub:
        await stub.set("context_tokens", CONTEXT_TOKENS)
        async with house(stub.url) as at:
            yield await _one_debate(options, stub, at)
            yield await _taken_over(at)
        async with house(stub.url) as at:
            yield await _at_rest(at)
        yield await _open(options, stub)


@dataclass(frozen=True, slots=True)
class Turn:
    """One call, and what went before it since the call before."""

    number: int
    chars: int
    gap_ms: float
    cpu_ms: float


async def _one_debate(options: Options, stub: Stub, at: House) -> Table:
    calls: list[Call] = []
    ids = []
    async with worker_of(at.settings) as worker:
        await at.closed(await at.start(1))  # to warm up
        await stub.set("watched", worker.process.pid)
        await stub.calls()
        for _ in range(1 if options.quick else 4):
            ids.append(await _long_debate(at))
            for _ in range(SHORT):
                await at.closed(await at.start(1))
            calls += await stub.calls()
        await stub.set("watched", 0)
    records = await at.debates.records(ids[0])
    columns = ("turn", "prompt, chars", "gap, ms", "CPU, ms", "prompt build, ms")
    table = Table("One debate: what a turn costs outside the model, lower quartiles", columns)
    turns = list(_turns(calls))
    first = _span(turns, 10)
    shortest, longest = min(t.chars for t in first), max(t.chars for t in first)
    for number in SPANS:
        like = [t for t in _span(turns, number) if shortest <= t.chars <= longest]
        table.add(
            number,
            int(median(t.chars for t in like)),
            _quartile(t.gap_ms for t in like),
            _quartile(t.cpu_ms for t in like),
            _prompt_ms(_until_turn(records, number), load_panel("ai-en")),
        )
    rows = {row[0]: row for row in table.rows}
    for column in ("gap, ms", "CPU, ms", "prompt build, ms"):
        place = columns.index(column)
        ratio = float(rows[1000][place] or 0) / float(rows[10][place] or 1)
        table.aim(f"{column}: turn 1,000 to turn 10", ratio, most=1.2)
    return table


async def _long_debate(at: House, rounds: int = ROUNDS) -> str:
    """Perhaps more turns than anybody may ask for."""
    most, start.MOST_ROUNDS = start.MOST_ROUNDS, ROUNDS
    try:
        (debate,) = await at.start(1, rounds=rounds)
    finally:
        start.MOST_ROUNDS = most
    await at.closed([debate])
    return debate


def _turns(calls: Iterable[Call]) -> Iterable[Turn]:
    for debate in by_debate(calls):
        for number, (before, after) in enumerate(pairwise(debate), start=2):
            yield Turn(
                number,
                after.chars,
                (after.came - before.ended) / NS_A_MS,
                (after.cpu - before.cpu) / NS_A_MS,
            )


def _span(turns: Sequence[Turn], number: int) -> list[Turn]:
    first, last = SPANS[number]
    return [turn for turn in turns if first <= turn.number <= last]


def _quartile(values: Iterable[float]) -> float:
    """What it costs when nothing else is in the way."""
    return percentile(list(values), 0.25)


def _until_turn(records: Sequence[Record], number: int) -> Sequence[Record]:
    """The log up to where somebody is called on after that turn."""
    spoken = [i for i, r in enumerate(records) if isinstance(r.event, TurnSpoken)]
    return records[: spoken[min(number, len(spoken)) - 1] + 2]


def _prompt_ms(records: Sequence[Record], panel: Panel) -> float:
    """The next prompt of a debate whose head was rendered up to the turn before."""
    debate = fold(None, (record.event for record in records))
    grown = Grown()
    render(debate, panel, grown)
    return _took_ms(lambda: render(debate, panel, grown))


def _took_ms(do: Callable[[], object]) -> float:
    took = []
    for _ in range(200):
        begun = time.perf_counter()
        do()
        took.append(time.perf_counter() - begun)
    return median(took) * 1000


async def _taken_over(at: House) -> Table:
    """What a worker does with a debate that another one had, before its next turn."""
    columns = ("turns", "events", "log in Redis, kB", "bytes a turn", "load and fold, ms")
    table = Table("Whole logs, and how long a worker takes over", columns)
    async with worker_of(at.settings):
        for rounds in (1, 14, ROUNDS):
            debate = await _long_debate(at, rounds)
            size = await at.bytes_of([f"{at.key(debate)}:log"])
            took = [await _loading_ms(at, debate) for _ in range(9)]
            state = await at.debates.load(debate)
            table.add(state.turn, state.n, size / 1000, size // state.turn, median(took))
    table.notes.append("People may ask for 20 rounds at most: 141 turns.")
    return table


async def _loading_ms(at: House, debate: str) -> float:
    begun = time.perf_counter()
    await at.debates.load(debate)
    return (time.perf_counter() - begun) * 1000


async def _at_rest(at: House) -> Table:
    """What a closed debate of eight turns takes in Redis."""
    async with worker_of(at.settings):
        ids = await at.start(50, rounds=1)
        await at.closed(ids)
    table = Table("Fifty debates of eight turns at rest in Redis", ("what", "bytes", "how many"))
    each = [await at.bytes_of(await at.keys_of(debate)) for debate in ids]
    panels = [key async for key in at.redis.scan_iter("*:panel:*") if not key.endswith(b":open")]
    table.add("a debate, all its keys", int(median(each)), len(ids))
    for key in await at.keys_of(ids[0]):
        table.add(f"  …{key.removeprefix(at.key(ids[0]))}", await at.bytes_of([key]), 1)
    table.add("its panel", await at.bytes_of(k.decode() for k in panels), len(panels))
    table.aim("kB of a debate of eight turns", median(each) / 1000, most=20.0)
    table.aim("panels stored for fifty debates", len(panels), most=1)
    return table


async def _open(options: Options, stub: Stub) -> Table:
    """Debates whose next turn a person is to allow."""
    columns = ("open debates", "worker, MiB", "CPU of a core, %", "Redis, MiB", "Redis CPU, %")
    table = Table(f"Open debates that wait for a person: idle for {IDLE_S:.0f} s", columns)
    sizes = (10, 300) if options.quick else (10, 1_000, 10_000)
    idle = 0.0
    for many in sizes:
        async with house(stub.url) as at, worker_of(at.settings) as worker:
            ids = await at.start(many, pace=Pace.STEP)
            await _all_rest(at)
            row = await _idle(at, worker)
            assert len(ids) == many
            table.add(many, *row)
            idle = max(idle, row[1])
    table.aim("an idle worker, % of a core", idle, most=1.0)
    return table


async def _all_rest(at: House) -> None:
    """Waits until no wake-up is left."""
    async with asyncio.timeout(300):
        while await at.redis.xlen("tertulia:{main}:work"):  # noqa: ASYNC110 - nobody says so
            await asyncio.sleep(0.1)


async def _idle(at: House, worker: Contender) -> tuple[float, float, float, float]:
    cpu_s, server_s = worker.cpu_s(), await at.server_cpu_s()
    await asyncio.sleep(IDLE_S)
    used, server = worker.cpu_s() - cpu_s, await at.server_cpu_s() - server_s
    memory = await at.redis.info("memory")
    return (
        memory_kib(worker.process.pid, "VmRSS") / 1024,
        used / IDLE_S * 100,
        memory["used_memory"] / 2**20,
        server / IDLE_S * 100,
    )
