"""Whole debates on the real vLLM: they keep their shape, and prompts come from the prefix cache."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from engine.panels.loader import load_panel
from tests.system.program import Ran, ran

pytestmark = pytest.mark.timeout(900)

TOPIC = "Should a small team run its own language models?"
SAMPLING = {"temperature": 0.7, "min_p": 0.1, "repetition_penalty": 1.1}
"""The smallest model's words then hold together for a sentence or two."""


@pytest.fixture(scope="module")
def panel_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled English panel, its answers bounded to 80 words."""
    bundled = Path(sys.modules["engine.panels.loader"].__file__ or "").with_name("ai-en.toml")
    text, changed = re.subn(r"(?m)^answer_words = \d+$", "answer_words = 80", bundled.read_text())
    assert changed == 1
    file = tmp_path_factory.mktemp("panel") / "ai-en-80.toml"
    file.write_text(text)
    return file


async def debate(home: Path, url: str, panel: Path, rounds: int) -> Ran:
    return await ran(
        home,
        *("try", TOPIC, "--panel", str(panel), "--rounds", str(rounds), "--seed", "7"),
        *("--model", f"{url}/v1", "--format", "jsonl"),
        within_s=800,
        TERTULIA_MODEL__SAMPLING=json.dumps(SAMPLING),
    )


def usage_of(ended: Ran) -> dict[str, int]:
    """Tokens of all its model calls."""
    counted: list[dict[str, int]] = [e["usage"] for e in ended.events if "usage" in e]
    return {name: sum(usage[name] for usage in counted) for name in counted[0]}


def shape_of(ended: Ran) -> list[tuple[str, str | None]]:
    """Who spoke, and whom they asked; checked to be one question each, but for the last."""
    turns: list[dict[str, Any]] = ended.named("turn.spoken")
    for turn in turns[:-1]:
        assert turn["answer"].strip() and turn["question"].strip()
    return [(turn["persona"], turn["next"]) for turn in turns]


def order_of(rounds: int) -> list[tuple[str, str | None]]:
    seats = [persona.id for persona in load_panel("ai-en").personas]
    speakers = [seats[0], *seats[1:] * rounds]
    return list(zip(speakers, [*speakers[1:], None], strict=True))


async def cache_counters(vllm: aiohttp.ClientSession) -> tuple[float, float]:
    """Prompt tokens asked of the prefix cache, and served from it, since the server started."""
    async with vllm.get("/metrics") as response:
        text = await response.text()
    queries, hits = (
        sum(float(v) for v in re.findall(rf"(?m)^vllm:prefix_cache_{name}_total\S* (\S+)$", text))
        for name in ("queries", "hits")
    )
    return queries, hits


async def test_a_debate_keeps_its_shape(tmp_path: Path, vllm_url: str, panel_file: Path) -> None:
    ended = await debate(tmp_path, vllm_url, panel_file, rounds=1)
    assert ended.status == 0, ended.err
    assert shape_of(ended) == order_of(1)
    (closed,) = ended.named("debate.closed")
    assert closed["reason"] == "rounds"
    assert closed["synthesis"]["summary"]


async def test_of_22_turns_at_least_95_percent_of_the_prompt_tokens_come_from_the_cache(
    tmp_path: Path,
    vllm_url: str,
    vllm: aiohttp.ClientSession,
    panel_file: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """As in production, another debate by the same panel ran before: they share its head."""
    queries_before, hits_before = await cache_counters(vllm)
    ended = await debate(tmp_path, vllm_url, panel_file, rounds=3)
    queries, hits = await cache_counters(vllm)
    assert ended.status == 0, ended.err
    assert shape_of(ended) == order_of(3)
    used = usage_of(ended)
    told = used["cached_tokens"] / used["prompt_tokens"]
    counted = (hits - hits_before) / (queries - queries_before)
    head = ended.named("turn.spoken")[0]["usage"]
    cold = (used["cached_tokens"] - head["cached_tokens"]) / used["prompt_tokens"]
    with capsys.disabled():
        print(  # noqa: T201 - the figure is what this run is for
            f"\n22 turns: {used['prompt_tokens']} prompt tokens, {told:.1%} from the prefix cache "
            f"by usage, {counted:.1%} by /metrics; {cold:.1%} had the head not been there before"
        )
    assert told >= 0.95
    assert counted >= 0.95
