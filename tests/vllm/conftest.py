"""One real vLLM server for all tests of this folder; `make test-vllm` installs it first."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest

from engine.adapters.model_files import bundled_model
from engine.adapters.user_folders import cache_folder
from tests.vllm.server import vllm_server

PYTHON = Path(__file__).parents[2] / ".venv-vllm" / "bin" / "python"
_CONVERT = Path(__file__).with_name("weights.py")
_CONVERT_S = 300


@pytest.fixture(scope="session")
def vllm_model() -> Path:
    """A model folder, made once for this user out of the model that the demo speaks with."""
    if not PYTHON.exists():
        pytest.fail("vLLM is not installed here: run `make test-vllm`")
    gguf = asyncio.run(bundled_model(lambda _here, _all: None))
    folder = cache_folder() / "vllm" / gguf.stem
    if not folder.exists():
        subprocess.run(
            [PYTHON, _CONVERT, gguf, folder],
            env=os.environ | {"HF_HUB_OFFLINE": "1"},
            timeout=_CONVERT_S,
            check=True,
        )
    return folder


@pytest.fixture(scope="session")
def vllm_url(vllm_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL, without a path, of a server that serves it."""
    log = tmp_path_factory.mktemp("vllm") / "server.log"
    with vllm_server(PYTHON, vllm_model, log) as url:
        yield url


@pytest.fixture
async def vllm(vllm_url: str) -> AsyncIterator[aiohttp.ClientSession]:
    """A client of that server."""
    async with aiohttp.ClientSession(vllm_url) as session:
        yield session
