"""The model: whether it answers, keeps to a schema, caches what it has read, and how fast it is."""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from deploy.cli.doctor.findings import Asked, Finding, fail, ok, warn
from engine.bootstrap.models import open_model
from engine.bootstrap.progress import untold
from engine.debate.explained import Explained
from engine.ports.clock import Clock
from engine.ports.model import (
    Message,
    ModelAway,
    ModelClient,
    ModelInfo,
    ModelRefused,
    ModelReply,
    ModelRequest,
)

LEAST_CONTEXT, SMALL_CONTEXT = 4096, 8192
LEAST_CACHED = 0.3
SLOW_TOKENS_S = 10.0
ANSWER_TOKENS = 64
_LEGEND = 60
"""Lines of a prompt long enough to fill some blocks of any cache."""
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "answer": {"type": "string", "enum": ["agree", "disagree"]},
        "next": {"type": "string", "enum": ["skeptic", "optimist"]},
    },
    "required": ["answer", "next"],
    "additionalProperties": False,
}
WORDS: dict[str, Any] = {
    "type": "object",
    "properties": {"answer": {"type": "string"}},
    "required": ["answer"],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True)
class Heard:
    """A reply, and how long its words took."""

    reply: ModelReply
    seconds: float


async def model(asked: Asked) -> AsyncIterator[Finding]:
    """The model that the settings name; one that speaks from a script needs no look."""
    if asked.settings.model.url.startswith("script:"):
        yield ok("model.served", Explained("what is said is read from a script"))
        return
    try:
        async with open_model(asked.settings.model, untold) as client:
            info = await client.info()
            yield ok("model.served", Explained("{model} answers", model=info.name))
            yield _context(info)
            async for finding in _replies(client, asked.clock):
                yield finding
    except ModelAway as error:
        yield fail(
            "model.away",
            error,
            Explained("Debates wait for it, and close after model.patience_s."),
            Explained("Start it (tertulia model serve), or set model.url (TERTULIA_MODEL__URL)."),
        )
    except ModelRefused as error:
        yield fail(
            "model.refused",
            error,
            Explained("Debates close with a summary that no model wrote."),
            Explained("Check model.url, model.name and model.api_key."),
        )


async def _replies(client: ModelClient, clock: Clock) -> AsyncIterator[Finding]:
    prompt = _prompt()
    first = await _heard(client, clock, prompt, SCHEMA, 0)
    yield _keeps_to_schema(first.reply.text)
    if whitespace := _whitespace(first.reply.text):
        yield whitespace
    grown = [
        *prompt,
        {"role": "assistant", "content": first.reply.text},
        {"role": "user", "content": "Say in two sentences why. Answer in JSON."},
    ]
    second = await _heard(client, clock, grown, WORDS, 1)
    yield _caches(second.reply)
    yield _speed(second)


def _context(info: ModelInfo) -> Finding:
    tokens = info.context_tokens
    if tokens >= SMALL_CONTEXT:
        return ok("model.context", Explained("its context is {tokens} tokens", tokens=tokens))
    found = fail if tokens < LEAST_CONTEXT else warn
    return found(
        "model.context",
        Explained("its context is only {tokens} tokens", tokens=tokens),
        Explained("A debate that does not fit is summed up again and again, and forgets."),
        Explained("Serve it with a longer one: --max-model-len 32768, or set model.context_tokens"),
    )


def _keeps_to_schema(text: str) -> Finding:
    try:
        told = json.loads(text)
        fits = set(told) == set(SCHEMA["required"]) and all(
            told[name] in about["enum"] for name, about in SCHEMA["properties"].items()
        )
    except (ValueError, TypeError):
        fits = False
    if fits:
        return ok("model.schema", Explained("it keeps to a JSON schema"))
    return fail(
        "model.schema",
        Explained(
            "it was given a JSON schema, and wrote what does not fit it: {reply}", reply=text
        ),
        Explained("Turns cannot be read then; each is asked for twice and then made up."),
        Explained("Use a server with response_format json_schema: vLLM, llama.cpp, Ollama."),
    )


def _whitespace(text: str) -> Finding | None:
    """`None`: there is none that could be left out, or it is no JSON at all."""
    try:
        written = json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":"))
    except ValueError:
        return None
    if written == text:
        return None
    return warn(
        "model.whitespace",
        Explained("it puts spaces into its JSON"),
        Explained("Each costs a token, and where it is not kept, the cache ends there."),
        Explained(
            "vLLM: --structured-outputs-config"
            ' {{"backend":"xgrammar","disable_any_whitespace":true}}'
        ),
    )


def _caches(reply: ModelReply) -> Finding:
    usage = reply.usage
    share = usage.cached_tokens / usage.prompt_tokens if usage.prompt_tokens else 0.0
    if share >= LEAST_CACHED:
        percent = round(100 * share)
        return ok(
            "model.cache",
            Explained("what it read before it does not read again: {percent} %", percent=percent),
        )
    return fail(
        "model.cache",
        Explained("it read the same prompt twice: nothing of it came from its prefix cache"),
        Explained("Every turn repeats the whole debate: without the cache each takes far longer."),
        Explained("vLLM: --enable-prefix-caching --enable-prompt-tokens-details"),
    )


def _speed(heard: Heard) -> Finding:
    speed = heard.reply.usage.completion_tokens / max(heard.seconds, 1e-3)
    shown = round(speed, 1)
    if speed >= SLOW_TOKENS_S:
        return ok("model.speed", Explained("it writes {speed} tokens/s", speed=shown))
    return warn(
        "model.speed",
        Explained("it writes only {speed} tokens/s", speed=shown),
        Explained("People read faster than that; debates drag on."),
        Explained("A GPU, a smaller model, or a quantised one."),
    )


async def _heard(
    client: ModelClient, clock: Clock, messages: list[Message], schema: dict[str, Any], call: int
) -> Heard:
    began: list[float] = []

    def hear(_piece: str) -> None:
        if not began:
            began.append(clock.monotonic())

    request = ModelRequest(
        debate="doctor",
        call=call,
        messages=messages,
        schema=schema,
        max_tokens=ANSWER_TOKENS,
        max_chars=4_000,
    )
    reply = await client.reply(request, hear)
    return Heard(reply, clock.monotonic() - (began or [clock.monotonic()])[0])


def _prompt() -> list[Message]:
    """New every time, so that nothing of it can be in the cache yet."""
    salt = secrets.token_hex(8)
    lines = [
        f"Note {n} of {salt}: the team weighs cost {n} against safety." for n in range(_LEGEND)
    ]
    question = "Do you agree, and who is to speak next? Answer in JSON."
    return [
        {"role": "system", "content": "\n".join(lines)},
        {"role": "user", "content": question},
    ]
