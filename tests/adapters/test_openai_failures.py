"""The OpenAI client when the server fails: what is tried again, what is not, and what is said."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import orjson
import pytest

from engine.adapters.openai_client import OpenAIClient, OpenAISettings
from engine.adapters.openai_errors import RETRY_AFTER_CAP_S, retry_after_s
from engine.ports.model import ContextOverflow, ModelAway, ModelRefused
from tests.adapters.openai_given import (
    HELLO,
    LLAMA_CPP_OVERFLOW,
    OPENAI_OVERFLOW,
    STOP,
    VLLM_OVERFLOW,
    client_of,
    request,
    unheard,
)
from tests.fakes.model_behaviours import DONE, Behaviour, chunk, fail, hang_up, say, send
from tests.fakes.model_server import FakeModelServer

BUSY = {"error": {"message": "Too many requests\n  in the queue.", "code": 429}}
BROKEN = {"error": {"message": "EngineCore died.", "type": "InternalServerError", "code": 500}}
NOWHERE = "http://127.0.0.1:9/v1"  # the discard port: nobody listens


@pytest.fixture
async def server() -> AsyncIterator[FakeModelServer]:
    async with FakeModelServer.open() as server:
        yield server


@pytest.fixture
async def client(server: FakeModelServer) -> AsyncIterator[OpenAIClient]:
    async with client_of(server) as client:
        yield client


def event(payload: object) -> bytes:
    return b"data: " + orjson.dumps(payload) + b"\n\n"


# --- tried again ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(hang_up(), id="the connection is dropped"),
        pytest.param(send(then="cut"), id="the connection is dropped after the headers"),
        pytest.param(send(then="end"), id="the stream is empty"),
        pytest.param(fail(429, BUSY), id="429"),
        pytest.param(fail(429, BUSY, {"Retry-After": "0"}), id="429 with Retry-After"),
        pytest.param(fail(500, BROKEN), id="500"),
        pytest.param(fail(503, "Loading model"), id="503"),
        pytest.param(send(event(BROKEN)), id="an error in the stream"),
        pytest.param(send(b"data: {garbage\n\n"), id="garbage"),
    ],
)
async def test_trouble_before_the_first_token_is_tried_again(
    server: FakeModelServer, client: OpenAIClient, trouble: Behaviour
) -> None:
    server.will(trouble, trouble, say("Hello"))
    heard: list[str] = []
    assert (await client.reply(request(), heard.append)).text == "Hello"
    assert heard == ["Hello"]
    assert len(server.received) == 3


async def test_tries_are_bounded_and_the_last_error_is_told(
    server: FakeModelServer, client: OpenAIClient
) -> None:
    server.will(*[fail(500, BROKEN)] * 5)
    with pytest.raises(ModelAway) as away:
        await client.reply(request(), unheard)
    assert str(away.value) == f"{server.url} answered 500: EngineCore died."
    assert len(server.received) == 3


async def test_a_server_that_asks_for_more_time_than_a_call_may_wait_gets_it_from_the_caller(
    server: FakeModelServer, client: OpenAIClient
) -> None:
    server.will(fail(429, BUSY, {"Retry-After": "40"}))
    with pytest.raises(ModelAway, match="Too many requests in the queue") as away:
        await client.reply(request(), unheard)
    assert away.value.retry_after_s == 40
    assert len(server.received) == 1


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "0.5"}, 0.5),
        ({"Retry-After": "-3"}, 0),
        ({"Retry-After": "999999"}, RETRY_AFTER_CAP_S),
        (
            {
                "Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT",
                "Date": "Fri, 31 Dec 1999 23:59:29 GMT",
            },
            30,
        ),
        ({"Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "nan"}, None),
        ({}, None),
    ],
)
def test_retry_after_is_seconds_or_a_date_beside_the_servers_own(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert retry_after_s(headers) == seconds


# --- not tried again -----------------------------------------------------------------------------


async def test_an_error_in_the_stream_after_the_first_token_is_not_tried_again(
    server: FakeModelServer, client: OpenAIClient
) -> None:
    server.will(send(*HELLO, event({"error": {"message": "out of memory"}}), DONE))
    with pytest.raises(ModelAway, match="answered 500: out of memory"):
        await client.reply(request(), unheard)
    assert len(server.received) == 1


@pytest.mark.parametrize(
    ("before", "late"),
    [((), "the first word"), ((chunk({"role": "assistant"}),), "the next words")],
    ids=["from the start", "once it had begun"],
)
async def test_a_model_that_falls_silent_is_given_up(
    server: FakeModelServer, before: tuple[bytes, ...], late: str
) -> None:
    server.will(send(*before, then="hang"))
    patience = {"first_token_timeout_s": 0.05, "idle_timeout_s": 0.02}
    async with client_of(server, **patience) as client:
        with pytest.raises(ModelAway, match=f"took too long over {late} of a reply"):
            await client.reply(request(), unheard)
    await server.until(running=0)
    assert len(server.received) == 1


async def test_the_first_token_may_take_longer_than_the_next(server: FakeModelServer) -> None:
    server.will(send(b": still in the queue\n\n", then="hang"))
    patience = {"first_token_timeout_s": 0.08, "idle_timeout_s": 0.001}
    now = asyncio.get_running_loop().time
    asked = now()
    async with client_of(server, **patience) as client:
        with pytest.raises(ModelAway, match="the first word"):
            await client.reply(request(), unheard)
    assert now() - asked >= 0.08


async def test_a_silence_after_the_last_word_is_no_failure(server: FakeModelServer) -> None:
    server.will(send(*HELLO, STOP, then="hang"))
    async with client_of(server, idle_timeout_s=0.02) as client:
        assert (await client.reply(request(), unheard)).text == "Hello"


# --- refused -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "message"),
    [
        pytest.param({"error": {"message": "bad\n schema"}}, "bad schema", id="OpenAI"),
        pytest.param({"object": "error", "message": "bad schema"}, "bad schema", id="old vLLM"),
        pytest.param({"detail": "bad schema"}, "bad schema", id="FastAPI"),
        pytest.param({"error": "bad schema"}, "bad schema", id="Ollama"),
        pytest.param({"error": {"message": "long " * 999}}, "long long", id="long"),
        pytest.param(["bad schema"], "bad schema", id="a list"),
        pytest.param({}, "{}", id="nothing"),
    ],
)
async def test_a_request_that_is_wrong_is_refused_at_once_in_the_servers_words(
    server: FakeModelServer, client: OpenAIClient, error: object, message: str
) -> None:
    server.will(fail(400, error))
    with pytest.raises(ModelRefused) as refused:
        await client.reply(request(), unheard)
    text = str(refused.value)
    assert text.startswith(f"{server.url} answered 400: ")
    assert message in text
    assert "\n" not in text
    assert len(text) < 400
    assert len(server.received) == 1
    assert not isinstance(refused.value, ContextOverflow)


@pytest.mark.parametrize(
    "overflow",
    [VLLM_OVERFLOW, LLAMA_CPP_OVERFLOW, OPENAI_OVERFLOW],
    ids=["vLLM", "llama.cpp", "OpenAI"],
)
@pytest.mark.parametrize("streamed", [False, True])
async def test_a_prompt_that_does_not_fit_is_told_apart(
    server: FakeModelServer, client: OpenAIClient, overflow: dict[str, object], streamed: bool
) -> None:
    server.will(send(event(overflow)) if streamed else fail(400, overflow))
    with pytest.raises(ContextOverflow):
        await client.reply(request(), unheard)
    assert len(server.received) == 1


async def test_a_refused_key_is_said(server: FakeModelServer, client: OpenAIClient) -> None:
    server.will(fail(401, {"error": "Unauthorized"}))
    with pytest.raises(ModelRefused, match="answered 401: Unauthorized"):
        await client.reply(request(), unheard)


async def test_a_page_that_is_no_stream_is_refused(
    server: FakeModelServer, client: OpenAIClient
) -> None:
    server.will(fail(200, {"hello": "world"}))
    with pytest.raises(ModelRefused, match="application/json, not a stream of events"):
        await client.reply(request(), unheard)


async def test_a_model_that_is_not_served_is_refused_with_those_that_are(
    server: FakeModelServer,
) -> None:
    server.models = [{"id": "qwen"}, {"id": "gemma"}]
    async with client_of(server, model="llama") as client:
        with pytest.raises(ModelRefused) as refused:
            await client.reply(request(), unheard)
    assert str(refused.value) == f"llama is not served at {server.url}; it serves: qwen, gemma"


# --- nobody there --------------------------------------------------------------------------------


async def test_nobody_there_is_said() -> None:
    async with client_of(NOWHERE) as client:
        with pytest.raises(ModelAway) as away:
            await client.reply(request(), unheard)
        assert str(away.value) == f"no model server answers at {NOWHERE}"


async def test_a_server_without_tls_asked_for_tls_is_refused(server: FakeModelServer) -> None:
    async with client_of(server.url.replace("http:", "https:")) as client:
        with pytest.raises(ModelRefused, match="no way to https:"):
            await client.reply(request(), unheard)


@pytest.mark.parametrize(
    "url", ["localhost:8000", "ftp://host/v1", "http://", "http://host:port/v1", "http://[::1/v1"]
)
async def test_an_address_that_is_none_is_refused_before_anything_is_sent(url: str) -> None:
    with pytest.raises(ModelRefused, match="is no address of a model server"):
        async with OpenAIClient.open(OpenAISettings(url)):
            pass


async def test_a_password_in_the_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(ModelRefused) as refused:
        async with OpenAIClient.open(OpenAISettings("http://me:hunter2@host/v1")):
            pass
    assert "hunter2" not in str(refused.value)
