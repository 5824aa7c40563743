"""The compose files as Docker Compose itself reads them; it needs no container engine for that."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

DEPLOY = Path(__file__).parents[2] / "deploy"
COMPOSE = Path(sys.executable).with_name("docker-compose")
GIVEN = {
    "REDIS_PASSWORD": "app-word",
    "REDIS_ADMIN_PASSWORD": "admin-word",
    "MODEL_API_KEY": "key",
    "MODEL_HOST": "gpu.example.org",
    "TERTULIA_SLACK__BOT_TOKEN": "xoxb-slack",
    "TERTULIA_DISCORD__TOKEN": "discord",
}


def composed(*files: str, **variables: str) -> dict[str, Any]:
    """What the files come to, with every profile."""
    run = asked(files, GIVEN | variables)
    assert run.returncode == 0, run.stderr
    model: dict[str, Any] = json.loads(run.stdout)
    return model


def asked(files: tuple[str, ...], variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """`docker-compose config`, however it ends."""
    named = [word for file in files for word in ("--file", str(DEPLOY / file))]
    return subprocess.run(
        [COMPOSE, "--env-file", "/dev/null", *named, "--profile", "*", "config", "--format=json"],
        env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")} | variables,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )


def specification() -> dict[str, Any]:
    """The compose specification's schema, as Docker Compose has it built in."""
    binary = COMPOSE.read_bytes()
    named = binary.index(b'"$id": "compose_spec.json"')
    begins = binary.rindex(b"{", 0, named)
    text = binary[begins : begins + 1_000_000].decode("utf-8", "ignore")
    schema: dict[str, Any] = json.JSONDecoder().raw_decode(text)[0]
    return schema
