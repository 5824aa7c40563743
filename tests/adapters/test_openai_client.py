"""The OpenAI client: what it sends, and how."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from engine.adapters.openai_client import OpenAIClient, OpenAISettings
from engine.ports.model import ModelRefused
from tests.adapters.openai_given import HELLO, SCHEMA, STOP, client_of, request, unheard
from tests.fakes.model_behaviours import DONE, send
from tests.fakes.model_server import FakeModelServer


@pytest.fixture
async def server() -> AsyncIterator[FakeModelServer]:
    async with FakeModelServer.open() as server:
        yield server


@pytest.fixture
async def client(server: FakeModelServer) -> AsyncIterator[OpenAIClient]:
    async with client_of(server) as client:
        yield client


async def test_the_request_asks_for_a_counted_stream_in_the_schema(
    server: FakeModelServer, client: OpenAIClient
) -> None:
    await client.reply(request(seed=7), unheard)
    assert server.received[-1].body == {
        "model": "fake",
        "messages": [{"role": "user", "content": "Why?"}],
        "max_tokens": 100,
        "seed": 7,
        "stream": True,
        "stream_options": {"include_usage": True},
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "reply", "strict": True, "schema": SCHEMA},
        },
    }


async def test_configured_sampling_is_sent_but_never_against_the_request(
    server: FakeModelServer,
) -> None:
    sampling = {"temperature": 0.7, "min_p": 0.05, "max_tokens": 9, "seed": 1}
    async with client_of(server, sampling=sampling) as client:
        await client.reply(request(), unheard)
    body = server.received[-1].body
    assert (body["temperature"], body["min_p"], body["seed"]) == (0.7, 0.05, 1)
    assert body["max_tokens"] == 100


async def test_without_a_seed_none_is_sent(server: FakeModelServer, client: OpenAIClient) -> None:
    await client.reply(request(), unheard)
    assert "seed" not in server.received[-1].body


async def test_a_router_is_told_the_debate(server: FakeModelServer, client: OpenAIClient) -> None:
    await client.reply(request(debate="{ab}cd"), unheard)
    assert server.received[-1].headers["X-Session-Id"] == "{ab}cd"


async def test_the_api_key_is_sent_and_never_shown(server: FakeModelServer) -> None:
    settings = OpenAISettings(server.url, model="fake", api_key="sk-123")
    async with OpenAIClient.open(settings) as client:
        await client.reply(request(), unheard)
    assert server.received[-1].headers["Authorization"] == "Bearer sk-123"
    assert "sk-123" not in repr(settings)


async def test_without_an_api_key_no_header_is_sent(
    server: FakeModelServer, client: OpenAIClient
) -> None:
    await client.reply(request(), unheard)
    assert "Authorization" not in server.received[-1].headers


async def test_a_connection_is_used_again(server: FakeModelServer, client: OpenAIClient) -> None:
    server.will(*[send(*HELLO, STOP, DONE)] * 3)
    for _ in range(3):
        await client.reply(request(), unheard)
    assert len({received.peer for received in server.received}) == 1


async def test_a_server_that_hangs_up_unannounced_gets_a_connection_for_each_request(
    server: FakeModelServer,
) -> None:
    async with client_of(server, reuse_connections=False) as client:
        for _ in range(3):
            await client.reply(request(), unheard)
    assert {received.headers["Connection"] for received in server.received} == {"close"}
    assert len({received.peer for received in server.received}) == 3


async def test_no_more_replies_than_agreed_are_streamed_at_once(server: FakeModelServer) -> None:
    server.will(send(then="hang"), send(then="hang"))
    async with client_of(server, concurrency=2) as client:
        calls = [asyncio.create_task(client.reply(request(), unheard)) for _ in range(8)]
        await server.until(running=2)
        for call in calls[:2]:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)
    assert (len(server.received), server.most_running) == (8, 2)


async def test_a_request_that_is_no_text_is_refused_before_it_is_sent(
    server: FakeModelServer, client: OpenAIClient
) -> None:
    with pytest.raises(ModelRefused, match="cannot be written as JSON"):
        await client.reply(request("\ud83d"), unheard)
    assert not server.received
