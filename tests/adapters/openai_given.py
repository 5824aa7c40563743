"""What the tests of the OpenAI client start from: a client in a hurry, a request, some errors."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from engine.adapters.openai_client import OpenAIClient, OpenAISettings
from engine.ports.model import ModelRequest
from tests.fakes.model_behaviours import chunk
from tests.fakes.model_server import FakeModelServer

SCHEMA = {
    "type": "object",
    "properties": {"answer": {"type": "string"}},
    "required": ["answer"],
    "additionalProperties": False,
}

HELLO = chunk({"content": "Hel"}), chunk({"content": "lo"})
STOP = chunk({}, "stop")

VLLM_OVERFLOW = {
    "error": {
        "message": "This model's maximum context length is 8192 tokens. However, your request has "
        "9001 input tokens. Please reduce the length of the input messages.",
        "type": "BadRequestError",
        "param": "input_tokens",
        "code": 400,
    }
}
LLAMA_CPP_OVERFLOW = {
    "error": {
        "message": "request (9001 tokens) exceeds the available context size (8192 tokens), "
        "try increasing it",
        "type": "exceed_context_size_error",
        "code": 400,
    }
}
OPENAI_OVERFLOW = {
    "error": {
        "message": "Your input exceeds what fits this model. Please shorten it.",
        "type": "invalid_request_error",
        "code": "context_length_exceeded",
    }
}


def unheard(_: str) -> None:
    """Listens to nothing."""


def request(prompt: str = "Why?", **changes: Any) -> ModelRequest:
    """A request; `changes` to its fields."""
    fields: dict[str, Any] = {
        "debate": "d1",
        "call": 0,
        "messages": [{"role": "user", "content": prompt}],
        "schema": SCHEMA,
        "max_tokens": 100,
        "max_chars": 1000,
    }
    return ModelRequest(**{**fields, **changes})


@asynccontextmanager
async def client_of(server: FakeModelServer | str, **settings: Any) -> AsyncIterator[OpenAIClient]:
    """A client that waits little between its tries."""
    url = server if isinstance(server, str) else server.url
    async with OpenAIClient.open(
        OpenAISettings(**{"base_url": url, "model": "fake", "backoff_s": 0.001, **settings})
    ) as client:
        yield client
