"""What the engine counts on in vLLM, asked of the real server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from time import monotonic
from typing import Any

import aiohttp
import pytest

from tests.vllm.server import CONTEXT_TOKENS, MODEL_NAME

# The first test also waits until the server is up.
pytestmark = pytest.mark.timeout(600)

TURN = {
    "type": "object",
    "properties": {
        "answer": {"type": "string", "minLength": 1, "maxLength": 60},
        "question": {"type": "string", "minLength": 1, "maxLength": 40},
    },
    "required": ["answer", "question"],
    "additionalProperties": False,
}
CARDS = " ".join(f"Seat {n} likes evidence, short sentences and hard questions." for n in range(8))


async def test_a_streamed_reply_keeps_to_its_schema(vllm: aiohttp.ClientSession) -> None:
    chunks = await whole(vllm, request("Tabs or spaces?"))

    turn = json.loads(text_of(chunks))
    assert list(turn) == ["answer", "question"]
    assert 1 <= len(turn["answer"]) <= 60
    assert 1 <= len(turn["question"]) <= 40
    assert finish_of(chunks) == "stop"


async def test_a_reply_that_is_cut_off_says_so(vllm: aiohttp.ClientSession) -> None:
    chunks = await whole(vllm, request("Tabs or spaces?", max_tokens=3))

    assert finish_of(chunks) == "length"
    assert chunks[-1]["usage"]["completion_tokens"] == 3


async def test_a_prompt_that_grew_is_served_from_the_cache(vllm: aiohttp.ClientSession) -> None:
    first = request("Should a small team own its GPU?")
    before = await whole(vllm, first)
    grown = first | {
        "messages": [
            *first["messages"],
            {"role": "assistant", "content": text_of(before)},
            {"role": "user", "content": "Seat 1, your turn."},
        ]
    }
    after = await whole(vllm, grown)

    # The reply itself may be tokenised anew, and only whole blocks of 32 tokens are kept.
    old_prompt = before[-1]["usage"]["prompt_tokens"]
    cached = after[-1]["usage"]["prompt_tokens_details"]["cached_tokens"]
    assert cached > old_prompt - 64 > 0


async def test_metrics_count_what_the_cache_served(vllm: aiohttp.ClientSession) -> None:
    asked = request("Is a monorepo worth it?")
    await whole(vllm, asked)
    before = await metrics(vllm)
    chunks = await whole(vllm, asked)
    after = await metrics(vllm)

    usage = chunks[-1]["usage"]
    queries, hits = "vllm:prefix_cache_queries_total", "vllm:prefix_cache_hits_total"
    assert after[queries] - before[queries] == usage["prompt_tokens"]
    assert after[hits] - before[hits] == usage["prompt_tokens_details"]["cached_tokens"] > 0


async def test_a_closed_connection_ends_the_generation(vllm: aiohttp.ClientSession) -> None:
    endless = request("Go on.", max_tokens=CONTEXT_TOKENS // 2) | {"ignore_eos": True}
    del endless["response_format"]
    async with vllm.post("/v1/chat/completions", json=endless) as response:
        async for chunk in chunks_of(response):
            if chunk["choices"][0]["delta"].get("content"):
                break
        assert (await metrics(vllm))["vllm:num_requests_running"] == 1
        response.close()

    give_up = monotonic() + 10
    while (await metrics(vllm))["vllm:num_requests_running"]:
        assert monotonic() < give_up, "the request still runs"


async def test_a_model_that_is_not_served_is_refused(vllm: aiohttp.ClientSession) -> None:
    asked = request("Anybody?") | {"model": "nobody"}
    async with vllm.post("/v1/chat/completions", json=asked) as response:
        assert response.status == 404
        error = (await response.json())["error"]
    assert "nobody" in error["message"]
    assert error["type"] == "NotFoundError"


async def test_a_prompt_longer_than_the_context_is_refused(vllm: aiohttp.ClientSession) -> None:
    async with vllm.post(
        "/v1/chat/completions", json=request("word " * CONTEXT_TOKENS)
    ) as response:
        assert response.status == 400
        error = (await response.json())["error"]
    assert "maximum context length" in error["message"]
    assert error["param"] == "input_tokens"


async def test_a_schema_that_cannot_be_compiled_is_refused_within_the_stream(
    vllm: aiohttp.ClientSession,
) -> None:
    nonsense = request("Tabs or spaces?", schema={"type": "nonsense"})
    chunks = await whole(vllm, nonsense)

    assert [chunk["error"]["code"] for chunk in chunks] == [400]


async def test_long_prompts_with_seeds_do_no_harm_together(vllm: aiohttp.ClientSession) -> None:
    asked = [request("word " * 3000 + str(n), max_tokens=3) | {"seed": n} for n in range(3)]
    replies = await asyncio.gather(*(whole(vllm, each) for each in asked))

    assert [finish_of(chunks) for chunks in replies] == ["length"] * 3


async def test_the_server_says_how_much_context_it_has(vllm: aiohttp.ClientSession) -> None:
    async with vllm.get("/v1/models") as response:
        models = (await response.json())["data"]
    assert [(model["id"], model["max_model_len"]) for model in models] == [
        (MODEL_NAME, CONTEXT_TOKENS)
    ]


def request(cue: str, *, max_tokens: int = 120, schema: Any = TURN) -> dict[str, Any]:
    return {
        "model": MODEL_NAME,
        "messages": [
            {"role": "system", "content": f"A panel debates. {CARDS}"},
            {"role": "user", "content": cue},
        ],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "turn", "strict": True, "schema": schema},
        },
        "max_tokens": max_tokens,
        "stream": True,
        "stream_options": {"include_usage": True},
    }


async def whole(vllm: aiohttp.ClientSession, asked: dict[str, Any]) -> list[dict[str, Any]]:
    async with vllm.post("/v1/chat/completions", json=asked) as response:
        assert response.status == 200, await response.text()
        return [chunk async for chunk in chunks_of(response)]


async def chunks_of(response: aiohttp.ClientResponse) -> AsyncIterator[dict[str, Any]]:
    async for line in response.content:
        data = line.decode().removeprefix("data: ").strip()
        if data and data != "[DONE]":
            yield json.loads(data)


def text_of(chunks: list[dict[str, Any]]) -> str:
    deltas = [choice["delta"] for chunk in chunks for choice in chunk["choices"]]
    return "".join(delta.get("content") or "" for delta in deltas)


def finish_of(chunks: list[dict[str, Any]]) -> str:
    choices = [choice for chunk in chunks for choice in chunk["choices"]]
    return str(choices[-1]["finish_reason"])


async def metrics(vllm: aiohttp.ClientSession) -> dict[str, float]:
    async with vllm.get("/metrics") as response:
        lines = (await response.text()).splitlines()
    samples = (line.rpartition(" ") for line in lines if not line.startswith("#"))
    return {name.partition("{")[0]: float(value) for name, _, value in samples}
