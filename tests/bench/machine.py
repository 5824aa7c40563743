"""Which machine, which versions, and when: what every figure depends on."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from engine.adapters.embedded_redis import server_binary
from engine.adapters.system_clock import SystemClock

_OURS = ("tertulia", "aiohttp", "hiredis", "orjson", "pydantic", "redis", "uvloop")
_PEERS = (
    "agent-framework-core",
    "agent-framework-openai",
    "agent-framework-orchestrations",
    "autogen-agentchat",
    "autogen-ext",
    "langchain-openai",
    "langgraph",
    "langgraph-checkpoint-sqlite",
    "openai",
)
_ASKED = "import importlib.metadata as m, json; print(json.dumps({n: m.version(n) for n in %r}))"


def described(peers: str | None, command: str = "tests.bench") -> dict[str, Any]:
    """The machine as it is now; `peers`: the Python under which they run; `command`: the module."""
    now = datetime.fromtimestamp(SystemClock().now_ms() / 1000, UTC)
    return {
        "date": now.isoformat(timespec="seconds"),
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30),
        "load_average": [round(load, 2) for load in os.getloadavg()],
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "server": _output([str(server_binary()), "--version"]).partition(" sha=")[0],
        "commit": _output(["git", "describe", "--always", "--dirty"]),
        "versions": {name: found for name in _OURS if (found := _version(name))},
        "peers": _versions_under(peers) if peers else {},
        "command": f"python -m {command} {' '.join(sys.argv[1:])}".strip(),
    }


def _cpu() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _versions_under(python: str) -> Any:
    return json.loads(_output([python, "-c", _ASKED % (_PEERS,)]) or "{}")


def _output(words: list[str]) -> str:
    done = subprocess.run(
        words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False, timeout=30
    )
    return done.stdout.strip()
