"""The keeper as a process of its own, for `tertulia up -d`: how many workers, and vLLM's model."""

from __future__ import annotations

import asyncio
import sys

from deploy.cli.failure import BAD_NEWS, exit_status, say
from deploy.cli.local.keeper import keep
from deploy.cli.local.plan import plan
from engine.debate.explained import Explained
from engine.settings import read_settings


def main(workers: str, vllm: str | None = None) -> int:
    """Keeps them until it is told to stop; answers the process's status."""
    try:
        settings = read_settings()
        specs = plan(settings, int(workers), vllm)
        return 0 if asyncio.run(keep(specs, settings)) else BAD_NEWS
    except (Explained, OSError) as error:
        say(error)
        return exit_status(error)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
