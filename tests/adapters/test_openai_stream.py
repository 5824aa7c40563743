"""The OpenAI client: what it makes of a stream, whole or broken."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from engine.adapters.openai_client import OpenAIClient
from engine.debate.events import Usage
from engine.ports.model import ModelAway
from tests.adapters.openai_given import HELLO, STOP, client_of, request, unheard
from tests.fakes.model_behaviours import DONE, chunk, repeat, say, send
from tests.fakes.model_server import FakeModelServer


@pytest.fixture
async def server() -> AsyncIterator[FakeModelServer]:
    async with FakeModelServer.open() as server:
        yield server


@pytest.fixture
async def client(server: FakeModelServer) -> AsyncIterator[OpenAIClient]:
    async with client_of(server) as client:
        yield client


# --- the stream ----------------------------------------------------------------------------------


async def test_a_reply_is_heard_while_the_rest_is_still_to_come(
    server: FakeModelServer, client: OpenAIClient
) -> None:
    server.will(send(*HELLO, then="hang"))
    heard = asyncio.Event()
    speaking = asyncio.create_task(client.reply(request(), lambda _: heard.set()))
    await asyncio.wait_for(heard.wait(), 5)
    assert not speaking.done()
    speaking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await speaking


async def test_a_cancelled_reply_is_aborted_at_the_server(
    server: FakeModelServer, client: OpenAIClient
) -> None:
    server.will(send(*HELLO, then="hang"))
    speaking = asyncio.create_task(client.reply(request(), unheard))
    await server.until(running=1)
    speaking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await speaking
    await server.until(running=0)


async def test_thinking_is_neither_heard_nor_part_of_the_reply(
    server: FakeModelServer, client: OpenAIClient
) -> None:
    thoughts = chunk({"reasoning_content": "Hm."}), chunk({"reasoning": "So.", "content": None})
    server.will(send(*thoughts, *HELLO, STOP, DONE))
    heard: list[str] = []
    assert (await client.reply(request(), heard.append)).text == "Hello"
    assert heard == ["Hel", "lo"]


async def test_a_character_may_be_cut_in_two_by_the_network(
    server: FakeModelServer, client: OpenAIClient
) -> None:
    event = b'data: {"choices":[{"delta":{"content":"' + "¿Qué? 🧠".encode() + b'"}}]}\r\n\r\n'
    server.will(send(*(event[i : i + 1] for i in range(len(event))), STOP, DONE))
    assert (await client.reply(request(), unheard)).text == "¿Qué? 🧠"


async def test_comments_and_other_fields_are_skipped(
    server: FakeModelServer, client: OpenAIClient
) -> None:
    server.will(send(b": ping\n\nevent: chunk\nid: 4\n" + HELLO[0], b"data:\n\n", HELLO[1], DONE))
    assert (await client.reply(request(), unheard)).text == "Hello"


@pytest.mark.parametrize("end", [(STOP,), (DONE,), (STOP, DONE)], ids=["finish", "DONE", "both"])
async def test_a_finish_or_a_done_ends_a_reply(
    server: FakeModelServer, client: OpenAIClient, end: tuple[bytes, ...]
) -> None:
    server.will(send(*HELLO, *end))
    reply = await client.reply(request(), unheard)
    assert (reply.text, reply.finish) == ("Hello", "stop")


async def test_a_whole_reply_counts_even_if_the_connection_then_breaks(
    server: FakeModelServer, client: OpenAIClient
) -> None:
    server.will(send(*HELLO, STOP, then="cut"))
    assert (await client.reply(request(), unheard)).text == "Hello"


async def test_a_server_that_holds_the_line_after_its_reply_is_not_waited_for(
    server: FakeModelServer, client: OpenAIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.adapters.openai_client.LINGER_S", 0.01)
    server.will(send(*HELLO, STOP, DONE, then="hang"))
    assert (await client.reply(request(), unheard)).text == "Hello"
    await server.until(running=0)


async def test_an_empty_reply_is_a_reply(server: FakeModelServer, client: OpenAIClient) -> None:
    server.will(say(""))
    reply = await client.reply(request(), unheard)
    assert (reply.text, reply.finish) == ("", "stop")


async def test_a_reply_that_reached_max_tokens_says_so(
    server: FakeModelServer, client: OpenAIClient
) -> None:
    server.will(say("half a", finish="length"))
    assert (await client.reply(request(), unheard)).finish == "length"


@pytest.mark.parametrize(
    ("part", "text"),
    [
        pytest.param(chunk({"content": "again "}), "again ag", id="text"),
        pytest.param(chunk({"reasoning_content": "hm " * 500}), "", id="thinking"),
        pytest.param(chunk({"content": ""}) * 200, "", id="nothing"),
        pytest.param(b": ping\n\n" * 500, "", id="comments"),
    ],
)
async def test_an_endless_stream_is_cut_off_and_aborted(
    server: FakeModelServer, client: OpenAIClient, part: bytes, text: str
) -> None:
    server.will(repeat(part))
    reply = await client.reply(request(max_chars=8), unheard)
    assert (reply.text, reply.finish) == (text, "length")
    await server.until(running=0)


# --- tokens --------------------------------------------------------------------------------------

COUNTED = {"prompt_tokens": 30, "completion_tokens": 2}
GUESSED = Usage(prompt_tokens=3, cached_tokens=0, completion_tokens=2)


@pytest.mark.parametrize(
    ("last", "usage"),
    [
        pytest.param(
            {"usage": {**COUNTED, "prompt_tokens_details": {"cached_tokens": 16}}},
            Usage(30, 16, 2),
            id="vLLM",
        ),
        pytest.param(
            {"usage": {**COUNTED, "prompt_tokens_details": None}}, Usage(30, 0, 2), id="not told"
        ),
        pytest.param(
            {"usage": COUNTED, "timings": {"cache_n": 24}}, Usage(30, 24, 2), id="llama.cpp"
        ),
        pytest.param(
            {"usage": COUNTED, "timings": {"cache_n": 99}}, Usage(30, 30, 2), id="more than all"
        ),
        pytest.param({"usage": None}, GUESSED, id="null"),
        pytest.param({}, GUESSED, id="never counted"),
        pytest.param({"usage": {"prompt_tokens": "many"}}, GUESSED, id="no numbers"),
    ],
)
async def test_tokens_are_taken_from_the_server_or_guessed(
    server: FakeModelServer, client: OpenAIClient, last: dict[str, object], usage: Usage
) -> None:
    server.will(send(*HELLO, STOP, chunk({}, None, **last), DONE))
    assert (await client.reply(request("twelve chars"), unheard)).usage == usage


# --- a stream that breaks ------------------------------------------------------------------------


@pytest.mark.parametrize("then", ["end", "cut"])
async def test_a_stream_that_breaks_off_is_never_sent_again(
    server: FakeModelServer, client: OpenAIClient, then: str
) -> None:
    server.will(send(*HELLO, then="cut" if then == "cut" else "end"))
    heard: list[str] = []
    with pytest.raises(ModelAway, match="broke"):
        await client.reply(request(), heard.append)
    assert "".join(heard) == "Hello"
    assert len(server.received) == 1


@pytest.mark.parametrize(
    "garbage",
    [
        pytest.param(b"data: {no json\n\n", id="no JSON"),
        pytest.param(b"data: [1]\n\n", id="a list"),
        pytest.param(b'data: {"choices":[{"delta":{"content":"\xff\xfe"}}]}\n\n', id="no UTF-8"),
        pytest.param(b'data: {"choices":[{"delta":{"content":{}}}]}\n\n', id="no text"),
        pytest.param(b'data: {"choices":{"delta":1}}\n\n', id="no choices"),
        pytest.param(b'data: {"choices":[7]}\n\n', id="no choice"),
        pytest.param(b"data: " + b"[" * 5000 + b"\n\n", id="nested too deep"),
        pytest.param(b"x" * (1 << 21), id="no end of a line"),
    ],
)
async def test_garbage_in_a_stream_is_the_servers_fault(
    server: FakeModelServer, client: OpenAIClient, garbage: bytes
) -> None:
    server.will(send(*HELLO, garbage, STOP, DONE))
    with pytest.raises(ModelAway, match="no chunk of a reply"):
        await client.reply(request(max_chars=4000), unheard)
    assert len(server.received) == 1


async def test_an_abort_by_the_server_is_no_end_of_a_reply(
    server: FakeModelServer, client: OpenAIClient
) -> None:
    server.will(send(*HELLO, chunk({}, "abort"), DONE))
    with pytest.raises(ModelAway, match=r"dropped the request \(abort\)"):
        await client.reply(request(), unheard)
