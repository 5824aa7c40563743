"""`up`, `down` and `logs` by the tools that people deploy with; their command lines are shown."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from deploy.cli import dotenv
from deploy.cli.local.plan import CannotStart, platforms
from deploy.cli.output import write_json
from engine.settings import Settings

DEPLOY = Path(__file__).parents[2]
COMPOSE = DEPLOY / "compose.yaml"
CHART = DEPLOY / "helm" / "tertulia"
RELEASE = "tertulia"


def compose(settings: Settings, *words: str) -> list[str]:
    """`docker compose …` on the compose file that comes along, for what the settings name."""
    return [
        *("docker", "compose", "--file", str(COMPOSE)),
        *(("--env-file", str(dotenv.FILE.absolute())) if dotenv.FILE.exists() else ()),
        *(word for platform in platforms(settings) for word in ("--profile", platform)),
        *words,
    ]


def compose_up(settings: Settings, more: Sequence[str], *, detached: bool) -> list[str]:
    """Starts it."""
    return compose(settings, "up", *(["--detach"] if detached else []), *more)


def compose_down(settings: Settings, more: Sequence[str]) -> list[str]:
    """Ends it; what Redis keeps stays."""
    return compose(settings, "down", *more)


def compose_logs(settings: Settings, names: Sequence[str], most: int, follows: bool) -> list[str]:
    """What it logged."""
    follow = ["--follow"] if follows else []
    return compose(settings, "logs", "--tail", str(most), *follow, *names)


def helm_up(settings: Settings, more: Sequence[str]) -> list[str]:
    """Installs the release, or brings it up to date."""
    switched = [w for name in platforms(settings) for w in ("--set", f"{name}.enabled=true")]
    return ["helm", "upgrade", "--install", RELEASE, str(CHART), *switched, *more]


def helm_down(more: Sequence[str]) -> list[str]:
    """Takes the release away; its volumes stay."""
    return ["helm", "uninstall", RELEASE, *more]


def helm_logs(names: Sequence[str], most: int, follows: bool) -> list[str]:
    """What its pods logged."""
    selector = f"app.kubernetes.io/instance={RELEASE}"
    if names:
        selector += f",app.kubernetes.io/component in ({','.join(names)})"
    follow = ["--follow"] if follows else []
    return ["kubectl", "logs", "--selector", selector, "--prefix", "--tail", str(most), *follow]


def run(words: Sequence[str], *, as_json: bool) -> int:
    """Shows the command line and runs it; answers its status.

    Raises:
        CannotStart: the tool is not installed.
    """
    if shutil.which(words[0]) is None:
        raise CannotStart("{tool} is not installed here", tool=words[0])
    sys.stderr.write(f"{shlex.join(words)}\n")
    sys.stderr.flush()
    out = sys.stderr if as_json else None
    status = subprocess.run(words, check=False, stdout=out).returncode  # noqa: S603 - shown above
    if as_json:
        write_json({"command": list(words), "status": status})
    return status
