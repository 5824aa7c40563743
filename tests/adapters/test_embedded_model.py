"""The embedded model: real weights, spoken to over HTTP."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from engine.adapters.embedded_model import (
    CONTEXT_TOKENS,
    EMBEDDED_SAMPLING,
    embedded_model,
)
from engine.adapters.embedded_part import EmbeddedPartFailed, EmbeddedPartMissing
from engine.adapters.model_files import bundled_model

ROOT = Path(__file__).parents[2]
SCHEMA = {
    "type": "object",
    "properties": {
        "answer": {"type": "string", "maxLength": 80},
        "question": {"type": "string", "maxLength": 60},
    },
    "required": ["answer", "question"],
    "additionalProperties": False,
}
USER = """
import asyncio, sys
from pathlib import Path
from engine.adapters.embedded_model import embedded_model

async def main():
    async with embedded_model(Path(sys.argv[1])) as url:
        print(url, flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def weights() -> Path:
    return await bundled_model(lambda done, total: None)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def url(weights: Path) -> AsyncIterator[str]:
    async with embedded_model(weights) as url:
        yield url
    # It takes seconds to start, so the promise that it ends with its user is checked here.
    await refused(url)


def request(**more: object) -> dict[str, Any]:
    return {
        "messages": [{"role": "user", "content": "Should schools have AI? Answer, then ask Ann."}],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "reply", "strict": True, "schema": SCHEMA},
        },
        "max_tokens": 120,
        **EMBEDDED_SAMPLING,
        **more,
    }


async def posted(url: str, body: dict[str, Any]) -> tuple[int, bytes]:
    async with (
        aiohttp.ClientSession(headers={"Connection": "close"}) as session,
        session.post(f"{url}/chat/completions", json=body) as response,
    ):
        return response.status, await response.read()


async def refused(url: str, limit_s: float = 5) -> None:
    """Waits until nobody listens there any more."""
    port = int(url.removesuffix("/v1").rpartition(":")[2])
    async with asyncio.timeout(limit_s):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                return
            writer.close()
            await asyncio.sleep(0.02)


async def test_it_streams_a_reply_that_keeps_to_its_schema_and_counts_tokens(url: str) -> None:
    body = request(stream=True, stream_options={"include_usage": True}, seed=1)
    status, answer = await posted(url, body)
    assert status == 200
    lines = [line.removeprefix(b"data: ") for line in answer.splitlines() if line]
    assert lines[-1] == b"[DONE]"
    chunks = [json.loads(line) for line in lines[:-1]]
    deltas = [choice["delta"] for chunk in chunks for choice in chunk["choices"]]
    reply = json.loads("".join(delta.get("content") or "" for delta in deltas))
    assert list(reply) == ["answer", "question"]
    assert len(reply["answer"]) <= 80
    assert chunks[-2]["choices"][0]["finish_reason"] == "stop"
    assert chunks[-1]["usage"]["completion_tokens"] > 0


async def test_a_prompt_that_grows_is_served_from_the_cache(url: str) -> None:
    first = request(max_tokens=1)
    await posted(url, first)
    more = [*first["messages"], {"role": "user", "content": "Go on."}]
    _, answer = await posted(url, request(max_tokens=1, messages=more))
    usage = json.loads(answer)["usage"]
    # All but what stands after the first prompt's last message.
    assert usage["prompt_tokens_details"]["cached_tokens"] >= usage["prompt_tokens"] / 2


async def test_it_says_which_model_it_is_and_how_long_its_context(url: str, weights: Path) -> None:
    async with (
        aiohttp.ClientSession(headers={"Connection": "close"}) as session,
        session.get(f"{url}/models", headers={"Origin": "https://example.org"}) as response,
    ):
        (model,) = (await response.json())["data"]
        # A page in the person's browser may not read from it.
        assert not response.headers.get("Access-Control-Allow-Origin")
    assert model["id"] == weights.stem
    assert model["meta"]["n_ctx"] == CONTEXT_TOKENS


async def test_a_prompt_that_is_too_long_is_refused_and_not_cut(url: str) -> None:
    long = [{"role": "user", "content": "word " * (CONTEXT_TOKENS + 1)}]
    status, answer = await posted(url, request(messages=long))
    assert status == 400
    assert json.loads(answer)["error"]["type"] == "exceed_context_size_error"


async def test_it_ends_when_its_user_is_killed(weights: Path) -> None:
    user = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", USER, str(weights)), stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    assert user.stdout
    url = (await user.stdout.readline()).decode().strip()
    user.kill()
    await refused(url)
    await user.communicate()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is not a model in GGUF format"),
        (b"PK\x03\x04 a zip file", "is not a model in GGUF format"),
        (b"GGUF" + b"\xff" * 99, "cannot load .*: this GGUF file is version"),
    ],
)
async def test_a_file_that_is_no_model_is_refused_in_one_line_and_nothing_else(
    tmp_path: Path, content: bytes, says: str, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.gguf"
    file.write_bytes(content)
    with pytest.raises(EmbeddedPartFailed, match=f"^[^\n]*{says}[^\n]*$"):
        async with embedded_model(file):
            pass
    assert capfd.readouterr() == ("", "")


async def test_a_model_that_was_cut_short_is_refused(weights: Path, tmp_path: Path) -> None:
    file = tmp_path / "half.gguf"
    with weights.open("rb") as whole:
        file.write_bytes(whole.read(20_000_000))
    with pytest.raises(EmbeddedPartFailed, match=r"model is corrupted or incomplete$"):
        async with embedded_model(file):
            pass


async def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedPartFailed, match=r"none\.gguf cannot be read: No such file"):
        async with embedded_model(tmp_path / "none.gguf"):
            pass


async def test_a_missing_package_is_named_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    with pytest.raises(EmbeddedPartMissing, match=r"pip install 'tertulia\[try\]'"):
        async with embedded_model(tmp_path / "a.gguf"):
            pass
