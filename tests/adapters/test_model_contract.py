"""What every model client promises, whichever model is behind it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.adapters.openai_client import OpenAIClient, OpenAISettings
from engine.adapters.scripted_model import ScriptedModel
from engine.ports.model import ModelClient, ModelRefused, ModelRequest
from tests.fakes.model_server import FakeModelServer

SCHEMA = {
    "type": "object",
    "properties": {"answer": {"type": "string"}, "question": {"type": "string"}},
    "required": ["answer", "question"],
    "additionalProperties": False,
}
FIRST = ModelRequest(
    debate="d1",
    call=0,
    messages=[
        {"role": "system", "content": "You are one of a panel. You reply in JSON."},
        {"role": "user", "content": "¿Qué cambia cuando una máquina decide? Answer and ask."},
    ],
    schema=SCHEMA,
    max_tokens=200,
    max_chars=4000,
    seed=7,
)


def unheard(_: str) -> None:
    return


@pytest.fixture(params=["scripted", "openai"])
async def model(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[ModelClient]:
    """A model that replies to anything in the schema's form."""
    if request.param == "scripted":
        path = tmp_path / "script.jsonl"
        replies = [{"answer": f"Número {n} 🧠.", "question": "¿Y después?"} for n in range(8)]
        path.write_text("".join(json.dumps(json.dumps(reply)) + "\n" for reply in replies))
        yield ScriptedModel.load(path)
        return
    async with (
        FakeModelServer.open() as server,
        OpenAIClient.open(OpenAISettings(server.url)) as client,
    ):
        yield client


async def test_the_pieces_heard_are_the_reply(model: ModelClient) -> None:
    heard: list[str] = []
    reply = await model.reply(FIRST, heard.append)
    assert "".join(heard) == reply.text
    assert all(heard)


async def test_a_reply_comes_in_pieces(model: ModelClient) -> None:
    heard: list[str] = []
    await model.reply(FIRST, heard.append)
    assert len(heard) > 1


async def test_a_whole_reply_has_the_fields_of_the_schema(model: ModelClient) -> None:
    reply = await model.reply(FIRST, unheard)
    assert reply.finish == "stop"
    assert json.loads(reply.text).keys() == {"answer", "question"}


async def test_a_reply_with_too_many_characters_is_cut_off_and_says_so(model: ModelClient) -> None:
    heard: list[str] = []
    reply = await model.reply(replace(FIRST, max_chars=10), heard.append)
    assert (len(reply.text), reply.finish) == (10, "length")
    assert "".join(heard) == reply.text


async def test_tokens_are_counted(model: ModelClient) -> None:
    usage = (await model.reply(FIRST, unheard)).usage
    assert usage.prompt_tokens > 0
    assert 0 <= usage.cached_tokens <= usage.prompt_tokens
    assert usage.completion_tokens > 0


async def test_tokens_of_a_reply_that_was_cut_off_are_counted_too(model: ModelClient) -> None:
    usage = (await model.reply(replace(FIRST, max_chars=10), unheard)).usage
    assert usage.prompt_tokens > 0
    assert usage.completion_tokens > 0


async def test_debates_that_speak_at_once_hear_only_their_own_text(model: ModelClient) -> None:
    heard: list[list[str]] = [[], [], []]
    replies = await asyncio.gather(
        *(
            model.reply(replace(FIRST, debate=f"d{n}", call=n), heard[n].append)
            for n in range(len(heard))
        )
    )
    assert ["".join(pieces) for pieces in heard] == [reply.text for reply in replies]


async def test_a_call_that_is_cancelled_while_it_speaks_ends_there(model: ModelClient) -> None:
    def stop(_: str) -> None:
        speaking.cancel()

    speaking = asyncio.create_task(model.reply(FIRST, stop))
    with pytest.raises(asyncio.CancelledError):
        await speaking
    assert (await model.reply(FIRST, unheard)).text


async def test_an_error_of_the_listener_comes_out_as_it_is(model: ModelClient) -> None:
    def fail(piece: str) -> None:
        raise ZeroDivisionError(piece)

    with pytest.raises(ZeroDivisionError):
        await model.reply(FIRST, fail)


async def test_it_says_its_name_and_its_context(model: ModelClient) -> None:
    info = await model.info()
    assert info.name
    assert info.context_tokens >= 1024


async def test_it_can_be_asked_again_after_a_refusal(model: ModelClient) -> None:
    hopeless = replace(FIRST, messages=[{"role": "user", "content": "\ud83d"}], call=99)
    with pytest.raises(ModelRefused):
        await model.reply(hopeless, unheard)
    assert (await model.reply(FIRST, unheard)).text
