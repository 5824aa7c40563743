"""What the fake model server may do with a request, well or badly."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import orjson
from aiohttp import web

DONE = b"data: [DONE]\n\n"

_HEAD = b'data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"fake",'
_PIECE = (_HEAD + b'"choices":[{"index":0,"delta":{"content":', b'},"finish_reason":null}]}\n\n')
_ROLE = _HEAD + b'"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}\n\n'
_WORDS = ("cost", "safety", "trust", "speed", "error", "doubt", "power", "habit", "risk", "proof")


@dataclass(frozen=True, slots=True)
class Received:
    """One chat request as it came in."""

    headers: Mapping[str, str]
    body: Mapping[str, Any]
    n: int
    """Counts from 1."""
    peer: object
    """The client's end of the connection it came by."""

    @property
    def prompt_tokens(self) -> int:
        """A guess: four characters each."""
        return sum(len(message["content"]) for message in self.body["messages"]) // 4


Behaviour = Callable[[web.Request, Received], Awaitable[web.StreamResponse]]
"""What becomes of one request."""


def chunk(delta: Mapping[str, Any], finish: str | None = None, **more: Any) -> bytes:
    """One event of a stream."""
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return b"data: " + orjson.dumps({"choices": [choice], **more}) + b"\n\n"


def stream_of(pieces: Iterable[str], usage: Mapping[str, Any] | None, finish: str) -> bytes:
    """A whole reply as one run of bytes."""
    before, after = _PIECE
    events = [_ROLE, *(before + orjson.dumps(piece) + after for piece in pieces)]
    events.append(chunk({}, finish))
    if usage is not None:
        events.append(b"data: " + orjson.dumps({"choices": [], "usage": usage}) + b"\n\n")
    return b"".join((*events, DONE))


def say(text: str | None = None, *, finish: str = "stop", counted: bool = True) -> Behaviour:
    """Replies with this text, word by word; `None`: one that fits the schema, new every time."""

    async def behave(request: web.Request, received: Received) -> web.StreamResponse:
        whole = made_up(received) if text is None else text
        words = [word + " " for word in whole.split(" ")]
        words[-1] = words[-1][:-1]
        usage = {
            "prompt_tokens": received.prompt_tokens,
            "completion_tokens": len(words),
            "prompt_tokens_details": {"cached_tokens": received.prompt_tokens // 2},
        }
        body = stream_of(words, usage if counted else None, finish)
        return web.Response(body=body, content_type="text/event-stream")

    return behave


def held_back_by(gate: asyncio.Event) -> Behaviour:
    """Replies like `say()` once the gate is open."""

    async def behave(request: web.Request, received: Received) -> web.StreamResponse:
        await gate.wait()
        return await say()(request, received)

    return behave


def send(*parts: bytes, then: Literal["end", "cut", "hang"] = "end") -> Behaviour:
    """Streams exactly these bytes, each written apart.

    `then`: `end` the response, `cut` the connection, or `hang` until the client leaves.
    """

    async def behave(request: web.Request, received: Received) -> web.StreamResponse:
        response = await _started(request)
        for part in parts:
            await response.write(part)
            await asyncio.sleep(0)
        if then == "hang":
            await asyncio.Event().wait()
        elif then == "cut" and request.transport is not None:
            request.transport.close()
        return response

    return behave


def repeat(part: bytes) -> Behaviour:
    """Streams the same bytes until the client has had enough."""

    async def behave(request: web.Request, received: Received) -> web.StreamResponse:
        response = await _started(request)
        while True:
            await response.write(part)
            await asyncio.sleep(0)

    return behave


def fail(status: int, error: object, headers: Mapping[str, str] | None = None) -> Behaviour:
    """Answers with an HTTP error and this JSON."""

    async def behave(request: web.Request, received: Received) -> web.StreamResponse:
        return json_answer(error, status, headers)

    return behave


def hang_up() -> Behaviour:
    """Closes the connection without a word."""

    async def behave(request: web.Request, received: Received) -> web.StreamResponse:
        if request.transport is not None:
            request.transport.close()
        return web.Response()

    return behave


def made_up(received: Received) -> str:
    """A reply that fits the request's schema and that no other request gets."""
    schema = received.body["response_format"]["json_schema"]["schema"]
    return orjson.dumps(_value(schema, received.n)).decode()


def _value(schema: Mapping[str, Any], n: int, name: str = "reply") -> object:
    if "enum" in schema:
        return schema["enum"][n % len(schema["enum"])]
    if schema.get("type") == "object":
        fields: Mapping[str, Any] = schema["properties"]
        return {key: _value(fields[key], n, key) for key in schema.get("required", fields)}
    if schema.get("type") == "array":
        return [_value(schema["items"], n + i, name) for i in range(2)]
    first, second, third = (_WORDS[(n * step + step) % len(_WORDS)] for step in (1, 3, 7))
    if name == "question":
        return f"In case {n}, what does {first} change about {second}?"
    return (
        f"The {name} number {n} is that {first} and {second} have to be weighed together. "
        f"Whoever forgets {third} pays for it later, and that was so in every case we know."
    )


async def _started(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    return response


def json_answer(
    answer: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> web.Response:
    """An answer that is no stream."""
    return web.Response(
        body=orjson.dumps(answer), status=status, headers=headers, content_type="application/json"
    )
