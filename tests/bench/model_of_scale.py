"""How far it scales: what many debates at once ask of each part, and a simulation that checks it.

A turn takes a slot on a GPU for as long as the model speaks, then CPU time of a worker, then of
Redis; then it is posted, and the next turn begins: at once in `live` pace, in `reading` pace once
people have read. Each part is a number of servers with one queue. By arithmetic follows how many of
each are needed; the simulation runs those debates through those queues and says how long turns
really wait, and then with half of each part in turn, to see what gives.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from math import ceil

from tests.bench.calls import percentile

FULL = 0.7
"""No part is planned to be busier than this share of its time; GPUs, which queue by design, may."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured."""

    worker_cpu_s: float
    """Of a turn."""
    redis_cpu_s: float
    worker_mib: float
    """A worker without debates."""
    speaking_mib: float
    """One debate that it speaks for."""
    resting_bytes: float
    """One debate in Redis."""


@dataclass(frozen=True, slots=True)
class Assumed:
    """What was not measured here; a team puts in its own."""

    tokens: int = 120
    """Of a turn."""
    gpu_slots: int = 256
    slot_tokens_s: float = 40.0
    """One GPU then gives ten thousand tokens a second: a model of 8B on a card of the H200's kind.
    Prompts are left out: prefix caching has them cost next to nothing."""
    reading_s: float = 35.0
    """For 120 tokens, at the pace of `reading`."""
    posts_s: float = 50.0
    """Of one Discord bot, in all its servers: its global limit."""
    workspace_posts_s: float = 5.0
    """Of one Slack app in one workspace: "several hundred a minute"."""

    @property
    def speaking_s(self) -> float:
        """How long the model speaks in a turn."""
        return self.tokens / self.slot_tokens_s


@dataclass(frozen=True, slots=True)
class Needs:
    """How many of each part."""

    gpus: int
    worker_cores: int
    redis_shards: int
    bots: int
    """Discord bots: each with servers of its own."""
    workspaces: int
    """Slack workspaces that the debates must be spread over."""


@dataclass(frozen=True, slots=True)
class Load:
    """So many debates at once, in one pace."""

    debates: int
    reading: bool

    def turn_s(self, assumed: Assumed) -> float:
        """From one turn to the next, where nothing has to wait."""
        return assumed.speaking_s + (assumed.reading_s if self.reading else 0.0)

    def turns_s(self, assumed: Assumed) -> float:
        """All debates together."""
        return self.debates / self.turn_s(assumed)


def shares(load: Load, figures: Figures, assumed: Assumed) -> dict[str, float]:
    """How much of one of each part is asked for; the largest is what breaks first."""
    turns_s = load.turns_s(assumed)
    return {
        "GPU": turns_s * assumed.speaking_s / assumed.gpu_slots,
        "worker core": turns_s * figures.worker_cpu_s,
        "Redis": turns_s * figures.redis_cpu_s,
        "Discord bot": turns_s / assumed.posts_s,
    }


def needs(load: Load, figures: Figures, assumed: Assumed) -> Needs:
    """How many of each part carry this load."""
    asked = shares(load, figures, assumed)
    return Needs(
        gpus=ceil(asked["GPU"]),
        worker_cores=ceil(asked["worker core"] / FULL),
        redis_shards=ceil(asked["Redis"] / FULL),
        bots=ceil(asked["Discord bot"] / FULL),
        workspaces=ceil(load.turns_s(assumed) / assumed.workspace_posts_s / FULL),
    )


def redis_gib(load: Load, figures: Figures) -> float:
    """What the open debates take there; with closed ones that are kept, more."""
    return load.debates * figures.resting_bytes / 2**30


def worker_gib(load: Load, figures: Figures, assumed: Assumed) -> float:
    """What the debates that speak at this moment take in all workers together."""
    speaking = load.turns_s(assumed) * assumed.speaking_s
    cores = needs(load, figures, assumed).worker_cores
    return (speaking * figures.speaking_mib + cores * figures.worker_mib) / 1024


@dataclass(frozen=True, slots=True)
class Waited:
    """What the simulation saw."""

    turns_s: float
    late_p50_s: float
    """How much longer than without any wait it took from turn to turn."""
    late_p99_s: float
    unposted: int
    """Posts that were still waiting at the end."""


class _Servers:
    """So many, with one queue; who comes first is served first."""

    def __init__(self, many: int) -> None:
        self._free_at = [0.0] * max(1, many)

    def done_at(self, now: float, takes_s: float) -> float:
        begun = max(now, self._free_at[0])
        heapq.heapreplace(self._free_at, begun + takes_s)
        return begun + takes_s

    def waiting(self, now: float, takes_s: float) -> int:
        """How many are in the queue."""
        return int(sum(max(0.0, free - now) for free in self._free_at) / takes_s)


def simulate(
    load: Load, have: Needs, figures: Figures, assumed: Assumed, *, for_s: float, seed: int = 1
) -> Waited:
    """Runs the debates through the queues for so long; they begin spread over one turn's time."""
    chance = random.Random(seed)  # noqa: S311 - spreads beginnings, guards nothing
    gpus = _Servers(have.gpus * assumed.gpu_slots)
    workers, bots = _Servers(have.worker_cores), _Servers(have.bots)
    shards = [_Servers(1) for _ in range(have.redis_shards)]
    plain_s = load.turn_s(assumed) + figures.worker_cpu_s + figures.redis_cpu_s
    order = count()
    due: list[tuple[float, int, int, int, float]] = [
        (chance.uniform(0, plain_s), next(order), debate, 0, 0.0) for debate in range(load.debates)
    ]
    heapq.heapify(due)
    late: list[float] = []
    while due and due[0][0] < for_s:
        now, _, debate, stage, began = heapq.heappop(due)
        if stage == 0:
            speaks_s = assumed.speaking_s * chance.uniform(0.6, 1.4)
            began, after = now + speaks_s - assumed.speaking_s, gpus.done_at(now, speaks_s)
        elif stage == 1:
            after = workers.done_at(now, figures.worker_cpu_s)
        elif stage == 2:
            after = shards[debate % len(shards)].done_at(now, figures.redis_cpu_s)
        else:
            bots.done_at(now, 1 / assumed.posts_s)
            after = now + (assumed.reading_s if load.reading else 0.0)
            if now > for_s / 3:  # the queues have found their length by then
                late.append(max(0.0, after - began - plain_s))
        heapq.heappush(due, (after, next(order), debate, (stage + 1) % 4, began))
    posts = bots.waiting(for_s, 1 / assumed.posts_s)
    turns_s = len(late) / (for_s * 2 / 3)
    return Waited(turns_s, percentile(late, 0.5), percentile(late, 0.99), posts)


def with_less(have: Needs) -> Iterator[tuple[str, Needs]]:
    """The same with half of one part, each in turn, where there are two of it."""
    parts = ("gpus", "worker_cores", "redis_shards", "bots")
    for part in parts:
        if (many := getattr(have, part)) > 1:
            yield f"{many // 2} {part.replace('_', ' ')}", replace(have, **{part: many // 2})
