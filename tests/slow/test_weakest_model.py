"""Twenty debates in a row, spoken by the smallest model there is: each keeps the promises."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from engine.bootstrap import new_id, open_debates, open_worker
from engine.debate.commands import StartDebate
from engine.debate.events import DebateClosed, Event, Reason, Record
from engine.panels.loader import load_panel
from engine.settings import read_settings
from tests.redis_server import RedisServer
from tests.runtime.rig import close_of, turns

pytestmark = pytest.mark.timeout(1_800)

TOPICS = (
    "Should a small team run its own language models?",
    "Is remote work better for young engineers?",
    "Should code be reviewed before it is merged?",
    "Are electric cars good for cities?",
    "Should schools forbid phones?",
    "Is nuclear power worth its risks?",
    "Should every company publish its salaries?",
    "Can art be made by a machine?",
    "Should the working week have four days?",
    "Are open licences good for business?",
    "Should cities be free of cars?",
    "Is it right to eat meat?",
    "Should voting be a duty?",
    "Does social media harm young people?",
    "Should space travel be paid by taxes?",
    "Is handwriting still worth teaching?",
    "Should medicines be free for everybody?",
    "Are large offices a thing of the past?",
    "Should children learn to program?",
    "Is it wise to keep a diary?",
)


async def test_twenty_debates_with_the_smallest_model_end_whole(
    server: RedisServer, shard: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = read_settings(redis={"url": server.url, "shard": shard}, model={"url": "embedded"})
    panel = load_panel("ai-en")
    repaired: Counter[str] = Counter()
    closes: Counter[str] = Counter()
    async with open_debates(settings) as debates, open_worker(settings) as worker:
        running = asyncio.create_task(worker.run())
        for n, topic in enumerate(TOPICS):
            debate = new_id(settings)
            await debates.start(debate, StartDebate(topic, panel, seed=n))
            log: list[Event] = []
            async for item in debates.follow(debate):
                if isinstance(item, Record):
                    log.append(item.event)
                    if isinstance(item.event, DebateClosed):
                        break
            spoken = turns(log)
            assert [turn.persona for turn in spoken] == [p.id for p in panel.personas]
            assert close_of(log).reason is Reason.ROUNDS
            repaired.update(turn.repaired or "as it came" for turn in spoken)
            closes[close_of(log).repaired or "as it came"] += 1
        worker.stop()
        await running
    with capsys.disabled():
        print(  # noqa: T201 - the counts are what this run is for
            f"\n{len(TOPICS)} debates: turns {dict(repaired)}, syntheses {dict(closes)}"
        )
