"""A profile of the hot path: the worker's stack, noted as it uses CPU time for twenty debates."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson

from tests.bench.contender import TURNS
from tests.bench.house import house, worker_plan
from tests.bench.options import Options
from tests.bench.race import Contender, alone
from tests.bench.report import Table

DEBATES = 20
ROWS = 14
AREAS = {
    "reading the model's reply": ("adapters/openai_", "adapters/sse", "runtime/live"),
    "asking Redis": ("adapters/redis_",),
    "rendering the prompt": ("debate/prompt", "debate/text", "debate/wording"),
    "deciding and folding": ("debate/", "panels/"),
    "the worker itself": ("runtime/",),
    "the event loop, sockets in it": ("",),
}
"""By the nearest function of the engine; the first that fits."""


async def run(options: Options) -> AsyncIterator[Table]:
    """By area, by the engine's function nearest to the top, and by the function on top."""
    batches = 2 if options.quick else 10
    with TemporaryDirectory(prefix="bench-") as folder:
        file = Path(folder) / "samples.json"
        cpu_us = await _sampled(batches, file)
        seen = orjson.loads(file.read_bytes())
    yield _table("By area", _areas(seen["nearest"]), cpu_us)
    yield _table("By the engine's function nearest to the top", seen["nearest"], cpu_us)
    yield _table("By the function on top", seen["on_top"], cpu_us)


async def _sampled(batches: int, file: Path) -> float:
    """Gives the CPU time of a turn, in microseconds."""
    async with alone() as stub, house(stub.url) as at:
        plan = worker_plan(at.settings)
        async with Contender.open("sampled", plan, str(file)) as worker:
            cpu_s = worker.cpu_s()
            for _ in range(batches):
                await at.closed(await at.start(DEBATES))
            cpu_s = worker.cpu_s() - cpu_s
            worker.process.terminate()
            await worker.line(within_s=30)
    return cpu_s / (batches * DEBATES * (TURNS + 1)) * 1_000_000


def _areas(nearest: Mapping[str, int]) -> Counter[str]:
    areas: Counter[str] = Counter()
    for name, times in nearest.items():
        inside = name.removeprefix("engine/")
        fits = (area for area, begun in AREAS.items() if inside.startswith(begun))
        areas[next(fits)] += times
    return areas


def _table(title: str, counts: Mapping[str, int], cpu_us: float) -> Table:
    table = Table(title, ("where", "share, %", "CPU, µs a turn"))
    whole = sum(counts.values())
    for name, times in Counter(counts).most_common(ROWS):
        table.add(name, times / whole * 100, times / whole * cpu_us)
    table.notes.append(f"{whole} samples; a turn takes {cpu_us:.0f} µs, the sampling in it")
    return table
