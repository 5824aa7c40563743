"""What the OpenAI client learns of the server before it asks for a reply."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from engine.adapters.openai_client import OpenAIClient, OpenAISettings
from engine.adapters.openai_models import choose
from engine.ports.model import ModelAway, ModelInfo, ModelRefused
from tests.adapters.openai_given import client_of, request, unheard
from tests.fakes.model_server import FakeModelServer

SLOTS = {"default_generation_settings": {"n_ctx": 2048}, "total_slots": 4}


@pytest.fixture
async def server() -> AsyncIterator[FakeModelServer]:
    async with FakeModelServer.open() as server:
        yield server


@pytest.mark.parametrize(
    ("told", "props", "tokens"),
    [
        pytest.param({"max_model_len": 8192}, None, 8192, id="vLLM"),
        pytest.param({"meta": {"n_ctx": 1024, "n_ctx_train": 8192}}, SLOTS, 1024, id="llama.cpp"),
        pytest.param({"meta": {"n_ctx_train": 8192}}, SLOTS, 2048, id="older llama.cpp"),
        pytest.param({}, None, 4096, id="Ollama"),
        pytest.param({"max_model_len": "long", "meta": []}, ["?"], 4096, id="nonsense"),
    ],
)
async def test_the_context_is_what_the_server_tells_or_what_is_configured(
    server: FakeModelServer, told: dict[str, Any], props: object, tokens: int
) -> None:
    server.models = [{"id": "fake", **told}]
    server.props = props
    async with client_of(server, context_tokens=4096) as client:
        assert await client.info() == ModelInfo("fake", tokens)


async def test_the_only_model_need_not_be_named(server: FakeModelServer) -> None:
    server.models = [{"id": "/models/small.gguf"}]
    async with client_of(server, model=None) as client:
        assert (await client.info()).name == "/models/small.gguf"
        await client.reply(request(), unheard)
    assert server.received[-1].body["model"] == "/models/small.gguf"


async def test_a_server_that_changed_its_only_model_is_asked_again(server: FakeModelServer) -> None:
    async with client_of(server, model=None) as client:
        await client.reply(request(), unheard)
        server.models = [{"id": "new"}]
        with pytest.raises(ModelRefused, match="answered 404"):
            await client.reply(request(), unheard)
        await client.reply(request(), unheard)
    assert server.received[-1].body["model"] == "new"


async def test_one_of_several_models_must_be_named(server: FakeModelServer) -> None:
    server.models = [{"id": "qwen"}, {"id": "gemma"}]
    async with client_of(server, model=None) as client:
        with pytest.raises(ModelRefused) as refused:
            await client.info()
    assert str(refused.value) == (f"{server.url} needs the name of a model; it serves: qwen, gemma")


async def test_a_wrong_name_is_answered_with_the_right_ones(server: FakeModelServer) -> None:
    server.models = [{"id": "qwen"}, {"id": "gemma"}]
    async with client_of(server, model="llama") as client:
        with pytest.raises(ModelRefused) as refused:
            await client.info()
    assert str(refused.value) == f"llama is not served at {server.url}; it serves: qwen, gemma"


@pytest.mark.parametrize("name", ["llama3:latest", "llama3", "meta/llama-3"])
def test_a_model_may_be_called_by_any_of_its_names(name: str) -> None:
    listed = {"id": "llama3:latest", "aliases": ["meta/llama-3"]}
    assert choose({"data": [{"id": "other"}, listed]}, name, "http://host/v1") == listed


def test_a_server_without_a_model_says_so() -> None:
    with pytest.raises(ModelRefused, match="serves no model"):
        choose({"data": []}, None, "http://host/v1")


@pytest.mark.parametrize("answer", [None, [], {"data": 1}, {"models": []}, "hello"])
def test_a_page_that_lists_no_models_is_refused(answer: object) -> None:
    with pytest.raises(ModelRefused, match="answers with no list of models"):
        choose(answer, "fake", "http://host/v1")


async def test_an_address_without_a_path_gets_its_v1(server: FakeModelServer) -> None:
    for url in (server.url, server.url + "/", server.url.removesuffix("/v1")):
        async with OpenAIClient.open(OpenAISettings(url)) as client:
            assert (await client.info()).name == "fake"


async def test_an_address_with_a_wrong_path_is_refused(server: FakeModelServer) -> None:
    async with client_of(server.url + "/chat") as client:
        with pytest.raises(ModelRefused, match="/v1/chat/models answered 404"):
            await client.info()


async def test_nobody_there_is_said() -> None:
    async with client_of("http://127.0.0.1:9/v1") as client:
        with pytest.raises(ModelAway) as away:
            await client.info()
    assert str(away.value) == "no model server answers at http://127.0.0.1:9/v1"
