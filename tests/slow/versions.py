"""Two versions of this program, side by side: this one, and a copy of it that is taken back."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.system.program import ROOT

OLD = "0.0.1"
ENDS_S = 90.0


@dataclass
class Version:
    """A source tree, and what its processes have said."""

    tree: Path
    log: Path
    processes: list[Process] = field(default_factory=list)

    @property
    def said(self) -> str:
        """All of it."""
        return self.log.read_text()

    @contextlib.asynccontextmanager
    async def running(self, bot: str, settings: Mapping[str, str]) -> AsyncIterator[Process]:
        """A worker and this bot, which is given; killed at the end, if they still run."""
        told = {**settings, "PYTHONPATH": str(self.tree)}
        try:
            with self.log.open("ab") as log:
                for module in ("engine", bot):
                    command = (sys.executable, "-m", module)
                    process = await asyncio.create_subprocess_exec(
                        *command, env=told, cwd=self.tree, stdout=log, stderr=log
                    )
                    self.processes.append(process)
            yield process
        finally:
            for process in self.processes:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()

    async def leaves(self) -> None:
        """SIGTERM to all; each ends well."""
        for process in self.processes:
            process.terminate()
        async with asyncio.timeout(ENDS_S):
            statuses = [await process.wait() for process in self.processes]
        assert statuses == [0] * len(statuses)


def taken_back(tree: Path) -> None:
    """This version's source, as that of one before it."""
    for package in ("engine", "bots"):
        shutil.copytree(ROOT / package, tree / package)
    _edit(tree / "engine/debate/codec.py", '    "vote.cast": VoteCast,\n', "")
    _edit(tree / "engine/debate/folded.py", "FOLD_VERSION = ", "FOLD_VERSION = 1_000 + ")
    named = tree / f"tertulia-{OLD}.dist-info"
    named.mkdir()
    (named / "METADATA").write_text(f"Metadata-Version: 2.1\nName: tertulia\nVersion: {OLD}\n")


def _edit(file: Path, what: str, by: str) -> None:
    source = file.read_text()
    assert source.count(what) == 1, file
    file.write_text(source.replace(what, by))
