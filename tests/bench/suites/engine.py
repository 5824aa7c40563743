"""Engine against peers: the same stub model, the same debate of 22 turns, one core each.

A turn is one reply of the model. Tertulia's debates have one more, the synthesis.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from math import nan
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.calls import Call, busy_s, gaps_ms, percentile
from tests.bench.contender import TURNS, Plan
from tests.bench.house import house, worker_of
from tests.bench.options import Options
from tests.bench.race import Contender, alone
from tests.bench.report import Table

LONGEST_S = 60.0
"""A peer is stopped after so long; what it did until then is what is measured."""
COLUMNS = ("contender", "turns/s", "gap p50, ms", "gap p99, ms", "CPU, ms a turn", "peak MiB")


@dataclass(frozen=True, slots=True)
class Peer:
    """Somebody else's engine."""

    title: str
    name: str
    saver: str = ""


FLOOR = Peer("floor: bare aiohttp", "floor")
PEERS = (
    Peer("LangGraph", "langgraph", "none"),
    Peer("LangGraph + SQLite", "langgraph", "sqlite"),
    Peer("AutoGen AgentChat", "autogen"),
    Peer("Agent Framework", "agent_framework"),
)


@dataclass(frozen=True, slots=True)
class Measured:
    """One contender's figures."""

    turns_s: float
    gap_p50_ms: float
    gap_p99_ms: float
    cpu_ms: float
    peak_mib: float


async def run(options: Options) -> AsyncIterator[Table]:
    """A table for one debate at a time, one for 20 at once, one for 200."""
    sizes = ((1, 5), (20, 1)) if options.quick else ((1, 10), (20, 1), (200, 1))
    for debates, batches in sizes:
        yield await _table(options, debates, batches)


async def _table(options: Options, debates: int, batches: int) -> Table:
    how = f"{batches} one after the other" if debates == 1 else f"{debates} at once"
    table = Table(f"Debates of {TURNS} turns, {how}, one core", COLUMNS)
    ours = await tertulia(debates, batches)
    table.add("Tertulia, durable", *_cells(ours))
    for peer in PEERS if options.peers else ():
        measured = await _peer(peer, debates, batches, str(options.peers))
        table.add(peer.title, *_cells(measured))
    table.add(FLOOR.title, *_cells(await _peer(FLOOR, debates, batches)))
    table.notes.append(f"Whoever took more than {LONGEST_S:.0f} s was measured until then.")
    if not options.peers:
        table.notes.append("Peers were left out: `make bench` installs them.")
    if debates == 1:
        table.aim("gap p50, ms", ours.gap_p50_ms, most=2.0)
        table.aim("gap p99, ms", ours.gap_p99_ms, most=10.0)
    else:
        table.aim("durable turns/s on one core", ours.turns_s, least=500)
    return table


async def tertulia(debates: int, batches: int) -> Measured:
    """A worker, its debates started by this process."""
    async with alone() as stub, house(stub.url) as at, worker_of(at.settings) as worker:
        await at.closed(await at.start(1))  # to warm up
        replies = len(await stub.calls())
        cpu_s = worker.cpu_s()
        for _ in range(batches):
            ids = await at.start(debates)
            replies += debates * (TURNS + 1)
            await stub.until(replies, worker)
            await at.closed(ids)
        return _measured(await stub.calls(), worker, cpu_s)


async def _peer(peer: Peer, debates: int, batches: int, python: str = sys.executable) -> Measured:
    with TemporaryDirectory(prefix="bench-") as folder:
        settings = {"saver": peer.saver, "file": str(Path(folder) / "checkpoints.db")}
        async with alone() as stub:
            plan = Plan(stub.url, debates, batches, settings)
            async with Contender.open(peer.name, plan, python=python) as contender:
                await stub.calls()  # of the warming up
                cpu_s = contender.cpu_s()
                contender.go()
                await contender.done(LONGEST_S)
                return _measured(await stub.calls(), contender, cpu_s)


def _measured(calls: Sequence[Call], contender: Contender, cpu_s: float) -> Measured:
    """`cpu_s`: what the contender had used before these calls."""
    gaps = gaps_ms(calls) or [nan]  # a peer may get nowhere before it is stopped
    return Measured(
        turns_s=len(calls) / (busy_s(calls) or nan),
        gap_p50_ms=percentile(gaps, 0.5),
        gap_p99_ms=percentile(gaps, 0.99),
        cpu_ms=(contender.cpu_s() - cpu_s) / (len(calls) or nan) * 1000,
        peak_mib=contender.peak_mib(),
    )


def _cells(of: Measured) -> tuple[float, ...]:
    return of.turns_s, of.gap_p50_ms, of.gap_p99_ms, of.cpu_ms, of.peak_mib
