"""Keeps a sample of what this version writes: `python -m tests.upgrade`, before each release.

It is kept twice: key by key, and as a backup. One that is there stands for a version that people
run, and is never written anew.
"""

from __future__ import annotations

import asyncio
import sys
import tomllib
from pathlib import Path

from engine.adapters.backup_file import Head, writing
from engine.adapters.redis_archive import RedisArchive
from engine.adapters.redis_server import connect
from tests.redis_server import redis_server
from tests.upgrade.keys import FOLDER, Sample
from tests.upgrade.sampling import sample

PROJECT = Path(__file__).parents[2] / "pyproject.toml"


def this_version() -> str:
    """As the project's file has it."""
    return str(tomllib.loads(PROJECT.read_text())["project"]["version"])


def main() -> int:
    """Writes it; the exit status is 2 if there is one of this version."""
    version = this_version()
    file = FOLDER / f"{version}.json"
    if file.exists():
        sys.stderr.write(f"{file} is there; raise the version in {PROJECT.name} first\n")
        return 2
    with redis_server() as server:
        taken = asyncio.run(_taken(server.url, f"v{version.replace('.', '')}", version))
    taken.write(file)
    sys.stdout.write(f"{file} and its backup: {len(taken.keys)} keys\n")
    return 0


async def _taken(url: str, shard: str, version: str) -> Sample:
    client = connect(url)
    try:
        taken = await sample(client, shard, version)
        with writing(FOLDER / f"{version}.backup", Head(shard, version, "")) as keep:
            async for piece in RedisArchive(client, shard=shard).read():
                keep(piece)
        return taken
    finally:
        await client.aclose()


if __name__ == "__main__":
    sys.exit(main())
