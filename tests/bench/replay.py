"""Prompts sent once more, with nothing between them: what a server makes of them at its best."""

from __future__ import annotations

import asyncio
import re
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson

from engine.adapters.openai_reply import body_for
from engine.debate.events import DebateClosed, Record, TurnSpoken
from engine.debate.evolve import fold
from engine.debate.limits import reply_chars, synthesis_tokens, turn_tokens
from engine.debate.panel import Panel
from engine.debate.prompt import render
from engine.debate.reply import synthesis_schema, turn_schema
from engine.ports.model import ModelRequest

_COUNTER = re.compile(r"(?m)^vllm:(\w+?)(?:\{[^}]*\})? (\S+)$")
_WHOSE = re.compile(r"debate number (\d+)")

Script = Sequence[bytes]
"""The bodies of one debate's requests, in their order."""


@dataclass(frozen=True, slots=True)
class Served:
    """What vLLM counted while it served them, and how long that took."""

    prompt_tokens: float
    cached_tokens: float
    completion_tokens: float
    mean_ttft_s: float
    wall_s: float

    @property
    def computed(self) -> float:
        """Prompt tokens that the cache did not have."""
        return self.prompt_tokens - self.cached_tokens


class Meter:
    """Reads vLLM's counters before and after."""

    def __init__(self, vllm: aiohttp.ClientSession) -> None:
        self._vllm = vllm

    async def begin(self) -> None:
        """From here on."""
        self._before, self._since = await self._counters(), time.perf_counter()

    async def end(self) -> Served:
        """What was served since `begin`."""
        wall_s = time.perf_counter() - self._since
        after = await self._counters()
        since = {name: value - self._before.get(name, 0.0) for name, value in after.items()}
        firsts = since["time_to_first_token_seconds_count"]
        return Served(
            since["prefix_cache_queries_total"],
            since["prefix_cache_hits_total"],
            since["generation_tokens_total"],
            since["time_to_first_token_seconds_sum"] / firsts if firsts else 0.0,
            wall_s,
        )

    async def _counters(self) -> dict[str, float]:
        async with self._vllm.get("/metrics") as response:
            text = await response.text()
        counted: defaultdict[str, float] = defaultdict(float)
        for name, value in _COUNTER.findall(text):
            counted[name] += float(value)
        return counted


async def replay(vllm: aiohttp.ClientSession, scripts: Iterable[Script]) -> Served:
    """All debates at once, the calls of each one after the other."""
    meter = Meter(vllm)
    await meter.begin()
    await asyncio.gather(*(_spoken(vllm, script) for script in scripts))
    return await meter.end()


async def _spoken(vllm: aiohttp.ClientSession, script: Script) -> None:
    headers = {"Content-Type": "application/json"}
    for body in script:
        async with vllm.post("/v1/chat/completions", data=body, headers=headers) as response:
            assert response.status == 200, await response.text()
            async for _ in response.content.iter_any():
                pass


def recorded(prompts: Iterable[Any], given: dict[str, Any]) -> list[Script]:
    """What a stub noted, as requests, by the debates' numbers."""
    scripts: defaultdict[int, list[bytes]] = defaultdict(list)
    for messages in prompts:
        text = " ".join(str(message["content"]) for message in messages)
        found = _WHOSE.search(text)
        assert found, "a prompt without a topic"
        scripts[int(found[1])].append(orjson.dumps({**given, "messages": messages}))
    return [scripts[number] for number in sorted(scripts)]


def rendered(
    debate: str, records: Sequence[Record], panel: Panel, model: str, sampling: dict[str, Any]
) -> Script:
    """What the engine asked for each turn and the close, byte for byte; repairs are left out."""
    script, calls = [], 0
    for place, record in enumerate(records):
        event = record.event
        if not isinstance(event, TurnSpoken | DebateClosed):
            continue
        before = fold(None, (r.event for r in records[:place]))
        assert before.pending is not None
        started, closes = before.started, isinstance(event, DebateClosed)
        turn = turn_tokens(started.answer_words, started.question_words)
        most = synthesis_tokens() if closes else turn
        request = ModelRequest(
            debate=debate,
            call=calls,
            messages=render(before, panel),
            schema=synthesis_schema() if closes else turn_schema(before.pending, panel),
            max_tokens=most,
            max_chars=reply_chars(most),
            seed=None if started.seed is None else started.seed + before.calls,
        )
        script.append(body_for(request, model, sampling))
        calls += 1
    return script
