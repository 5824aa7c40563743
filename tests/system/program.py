"""`tertulia` as a process of its own, with data folders of the test's."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Ran:
    """How a process ended."""

    status: int
    out: str
    err: str

    @property
    def events(self) -> list[dict[str, Any]]:
        """Its lines of JSON."""
        return [json.loads(line) for line in self.out.splitlines()]

    def named(self, event: str) -> list[dict[str, Any]]:
        """The events of one name."""
        return [line for line in self.events if line["event"] == event]


def environment(home: Path, **more: str) -> dict[str, str]:
    """This process's, without settings of Tertulia's, and with a home of the test's own.

    The cache stays the user's: the small model is fetched once.
    """
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TERTULIA_", "LC_", "LANG"))}
    return kept | {"XDG_DATA_HOME": str(home), "LANG": "C.UTF-8"} | more


async def start(
    home: Path, *arguments: str, stdin: int = asyncio.subprocess.DEVNULL, **more: str
) -> asyncio.subprocess.Process:
    """Starts `tertulia …` in the test's folder."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "deploy.cli", *arguments),
        stdin=stdin,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=home,
        env=environment(home, PYTHONPATH=str(ROOT), **more),
    )


async def ran(home: Path, *arguments: str, within_s: float = 60.0, **more: str) -> Ran:
    """Runs `tertulia …` to its end."""
    process = await start(home, *arguments, stdin=asyncio.subprocess.DEVNULL, **more)
    async with asyncio.timeout(within_s):
        out, err = await process.communicate()
    assert process.returncode is not None
    return Ran(process.returncode, out.decode(), err.decode())


def script(folder: Path, replies: list[str]) -> str:
    """A script file with these raw replies; answers the `--model` that names it."""
    file = folder / "script.jsonl"
    file.write_text("".join(json.dumps(reply) + "\n" for reply in replies))
    return f"script:{file}"
