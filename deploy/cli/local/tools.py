"""`up`, `down` and `logs` by the tools that people deploy with; their command lines are shown."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from deploy.cli import dotenv
from deploy.cli.local.plan import CannotStart, platforms
from deploy.cli.local.state import FOLDER
from deploy.cli.output import write_json
from engine.debate.explained import reason
from engine.settings import FILE as SETTINGS
from engine.settings import Settings

DEPLOY = Path(__file__).parents[2]
COMPOSE = DEPLOY / "compose.yaml"
CHART = DEPLOY / "helm" / "tertulia"
RELEASE = "tertulia"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def compose(settings: Settings, *words: str) -> list[str]:
    """`docker compose …` on the compose file that comes along, for what the settings name.

    Its own vLLM is among that, unless the settings name a model server.
    """
    profiles = [*platforms(settings), *([] if _names_server(settings) else ["model"])]
    return [
        *("docker", "compose", "--file", str(COMPOSE)),
        *(("--env-file", str(dotenv.FILE.absolute())) if dotenv.FILE.exists() else ()),
        *(word for profile in profiles for word in ("--profile", profile)),
        *words,
    ]


def compose_variables(settings: Settings) -> dict[str, str]:
    """What the compose file is told of this folder's settings, where nobody told it otherwise.

    The containers get a copy of `tertulia.toml`, not the folder: `.env` lies in it.

    Raises:
        CannotStart: the copy cannot be made.
    """
    told = {"MODEL_URL": settings.model.url} if _names_server(settings) else {}
    if SETTINGS.exists():
        folder = FOLDER / "compose"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(SETTINGS, folder / SETTINGS.name)
        except OSError as error:
            raise CannotStart(
                "{file} cannot be written: {why}", file=folder, why=reason(error)
            ) from error
        told["CONFIG"] = str(folder.absolute())
    said = {**dotenv.parse(dotenv.read(dotenv.FILE) if dotenv.FILE.exists() else ""), **os.environ}
    return {name: value for name, value in told.items() if name not in said}


def _names_server(settings: Settings) -> bool:
    """Whether a container reaches the model server; this machine's loopback it does not."""
    url = urlsplit(settings.model.url)
    return url.scheme in ("http", "https") and url.hostname not in _LOOPBACK


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
    """Installs the release, or brings it up to date, with what this folder's settings say.

    Secrets are not among that: the chart's values name the Kubernetes Secrets that hold them.
    """
    told = [word for name in platforms(settings) for word in ("--set", f"{name}.enabled=true")]
    if settings.slack.mode == "http":
        told += ["--set", "slack.mode=http"]
    if _names_server(settings):
        told += ["--set-string", f"model.url={settings.model.url}"]
    if SETTINGS.exists():
        told += ["--set-file", f"config={SETTINGS}"]
    return ["helm", "upgrade", "--install", RELEASE, str(CHART), *told, *more]


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


def run(words: Sequence[str], *, as_json: bool, variables: Mapping[str, str] | None = None) -> int:
    """Shows the command line and runs it; answers its status.

    `variables`: for its environment, beside what is there.

    Raises:
        CannotStart: the tool is not installed.
    """
    if shutil.which(words[0]) is None:
        raise CannotStart("{tool} is not installed here", tool=words[0])
    more = dict(variables or {})
    shown = [f"{name}={shlex.quote(value)}" for name, value in more.items()]
    sys.stderr.write(f"{' '.join([*shown, shlex.join(words)])}\n")
    sys.stderr.flush()
    status = subprocess.run(  # noqa: S603 - shown above
        words, check=False, stdout=sys.stderr if as_json else None, env={**os.environ, **more}
    ).returncode
    if as_json:
        write_json({"command": list(words), "status": status})
    return status
