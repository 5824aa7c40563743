"""The embedded model: llama.cpp's OpenAI-compatible server for one GGUF file, ended with its user.

The server is a process of its own. Loading holds Python's interpreter lock for seconds, which in
this process would stop every timer and even Ctrl-C; and what a file makes of llama.cpp, be it a
crash, stays there. The process ends when its standard input does, so also with a killed user.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import os
import re
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import IO

from engine.adapters.embedded_part import EmbeddedPartFailed, EmbeddedPartMissing
from engine.debate.explained import Explained, reason

EMBEDDED_SAMPLING: dict[str, float] = {
    "temperature": 0.9,
    "min_p": 0.05,
    "repeat_penalty": 1.12,
    "repeat_last_n": 1024,
}
"""For requests to the bundled model, which otherwise repeats the turn before its own."""
CONTEXT_TOKENS = 8192
"""The longest prompt and reply together, or less if the model was made for less."""
PARALLEL = 4
"""How many replies it speaks at once; more wait."""

_PACKAGE = "xllamacpp"
_LOAD_LIMIT_S = 300
_LOG_WRITTEN_S = 0.5
_PROMPT_CACHE_MIB = 512
_ROOT = Path(__file__).parents[2]


@contextlib.asynccontextmanager
async def embedded_model(gguf: Path) -> AsyncIterator[str]:
    """Yields the base URL, `http://127.0.0.1:PORT/v1`, of a server for this model.

    Send `Connection: close` with each request: the server ends connections without saying so.

    Raises:
        EmbeddedPartMissing: the package with llama.cpp is not installed.
        EmbeddedPartFailed: there is no such file, or llama.cpp cannot load it.
    """
    if importlib.util.find_spec(_PACKAGE) is None:
        raise EmbeddedPartMissing(_PACKAGE)
    gguf = _checked(gguf)
    with tempfile.TemporaryFile() as errors:
        server = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "engine.adapters.embedded_model", str(gguf)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
            cwd=_ROOT,
            # Ctrl-C is for the user alone: the model goes on until a turn has ended well.
            start_new_session=True,
        )
        try:
            yield f"{await _address(server, gguf, errors)}/v1"
        finally:
            # It has nothing to save.
            with contextlib.suppress(ProcessLookupError):
                server.kill()
            await server.communicate()


def _checked(gguf: Path) -> Path:
    try:
        with gguf.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise EmbeddedPartFailed(
            "the model {file} cannot be read: {why}", file=gguf, why=reason(error)
        ) from error
    if magic != b"GGUF":
        raise EmbeddedPartFailed("{file} is not a model in GGUF format", file=gguf)
    return gguf.absolute()


async def _address(server: asyncio.subprocess.Process, gguf: Path, errors: IO[bytes]) -> str:
    assert server.stdout  # noqa: S101 - it was started with a pipe
    try:
        async with asyncio.timeout(_LOAD_LIMIT_S):
            address = (await server.stdout.readline()).decode().strip()
            if not address:
                await server.wait()  # then all errors are written
    except TimeoutError:
        raise EmbeddedPartFailed(
            "llama.cpp has not loaded {file} within {seconds} seconds: take a smaller model",
            file=gguf,
            seconds=_LOAD_LIMIT_S,
        ) from None
    if not address:
        raise EmbeddedPartFailed(
            "llama.cpp cannot load {file}: {why}", file=gguf, why=_cause(errors)
        )
    return address


def _cause(errors: IO[bytes]) -> object:
    """The first error is the cause, the others what came of it; llama.cpp's own names are cut."""
    errors.seek(0)
    written = errors.read().decode(errors="replace").strip()
    logged = re.search(r"^[\d.]+ E \S+ (?:error loading model: )?(.+)$", written, re.MULTILINE)
    if logged:
        return logged[1]
    return written.splitlines()[-1] if written else Explained("it ended without a word")


def _serve(gguf: str) -> None:
    """Serves until standard input ends; says the address on standard output."""
    # llama.cpp writes to both streams; only the address may go to the first.
    with os.fdopen(os.dup(1), "w") as says:
        os.dup2(2, 1)
        import xllamacpp

        params = xllamacpp.CommonParams()
        params.model.path = gguf
        params.model_alias = {Path(gguf).stem}
        params.n_parallel = PARALLEL
        params.n_ctx = PARALLEL * CONTEXT_TOKENS
        params.cache_ram_mib = _PROMPT_CACHE_MIB
        params.verbosity = 1  # errors
        params.warmup = False  # the first prompt does that
        params.ui = False
        params.endpoint_slots = False
        params.cors_origins = ""  # else any page in the browser may read from it
        processors = _processors()
        # A token takes hundreds of steps, each as slow as the last thread to get a processor. With
        # half of them free for others it is three times faster on a busy machine, and a third
        # slower on an idle one with two. A prompt's steps are long: it may use all.
        params.cpuparams.n_threads = max(1, processors // 2)
        params.cpuparams_batch.n_threads = processors
        # Between the steps, threads must not spin: whoever else has work needs the processor.
        params.cpuparams.poll = params.cpuparams_batch.poll = 0
        try:
            server = xllamacpp.Server(params)
        except BaseException:
            # llama.cpp's log has a thread of its own: let it write the cause.
            time.sleep(_LOG_WRITTEN_S)  # noqa: TID251 - nothing else runs in this process
            raise
        says.write(f"{server.listening_address}\n")
        says.flush()
        sys.stdin.read()
    # Not by the usual way, which waits for replies that nobody reads any more.
    os._exit(0)


def _processors() -> int:
    """How many this process may use; a small model is no faster with more than sixteen."""
    if sys.platform == "linux":
        return min(16, len(os.sched_getaffinity(0)))
    return min(16, os.cpu_count() or 1)


if __name__ == "__main__":
    _serve(sys.argv[1])
