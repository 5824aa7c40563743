"""What the image is made of, each by itself; tests/deploy_slow builds and runs the whole."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import subprocess
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from deploy.image.healthy import PORTS, main
from engine.adapters.health_server import health_server
from engine.settings import Settings

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
ENTRYPOINT = ROOT / "deploy" / "image" / "entrypoint.sh"
PIN = re.compile(r"(?m)^([a-z0-9.-]+)==([^\s;]+)")


def pins(name: str) -> dict[str, str]:
    return dict(PIN.findall((ROOT / "requirements" / name).read_text()))


@pytest.mark.parametrize(
    ("words", "runs"),
    [
        (("worker",), "python -m engine"),
        (("slack",), "python -m bots.slackbot"),
        (("discord",), "python -m bots.discordbot"),
        (("slack", "manifest"), "tertulia slack manifest"),
        (("workers", "list"), "tertulia workers list"),
        (("--help",), "tertulia --help"),
        ((), "tertulia"),
    ],
)
def test_a_process_by_its_name_and_else_the_command_line(
    tmp_path: Path, words: tuple[str, ...], runs: str
) -> None:
    for program in ("python", "tertulia"):
        stub = tmp_path / program
        stub.write_text('#!/bin/sh\necho "$(basename "$0")" "$@"\n')
        stub.chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    said = subprocess.check_output([ENTRYPOINT, *words], env={"PATH": path}, text=True, timeout=30)
    assert said.strip() == runs


async def test_healthy_is_what_the_process_here_says_of_itself(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ails: list[str | None] = [None]
    registry = CollectorRegistry()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = taken.getsockname()[1]
    async with health_server("127.0.0.1", 0, registry, lambda: ails[0]) as url:
        ports = (nobody, int(url.rpartition(":")[2]))
        assert await asyncio.to_thread(main, ports) == 0
        ails[0] = "the store does not answer"
        assert await asyncio.to_thread(main, ports) == 1
        assert "the store does not answer" in capsys.readouterr().err
    assert await asyncio.to_thread(main, ports) == 1
    assert "nobody answers" in capsys.readouterr().err


def test_it_asks_the_ports_that_the_processes_have() -> None:
    settings = Settings()
    ports = (settings.worker.port, settings.slack.health_port, settings.discord.health_port)
    assert ports == PORTS
    for port in PORTS:
        assert str(port) in DOCKERFILE


def test_whatever_is_shipped_is_what_is_tested() -> None:
    tested = pins("dev.txt")
    for name in ("run.txt", "build.txt"):
        shipped = pins(name)
        assert shipped.items() <= tested.items()
    assert {"slack-bolt", "discord-py", "redis"} <= pins("run.txt").keys()


def test_whatever_is_shipped_is_checked_by_its_hash() -> None:
    for name in ("run.txt", "build.txt"):
        blocks = re.split(r"(?m)^(?=[a-z0-9.-]+==)", (ROOT / "requirements" / name).read_text())
        assert all("--hash=sha256:" in block for block in blocks if PIN.match(block))
    assert DOCKERFILE.count("--require-hashes") == 2


def test_the_builder_is_sent_what_the_image_is_made_of() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    sources = {
        source.split("/", 1)[0]
        for line in re.findall(r"(?m)^COPY (?!--from)(.+) \S+$", DOCKERFILE)
        for source in line.split()
    }
    kept = {line[1:].split("/", 1)[0] for line in ignored if line.startswith("!")}
    assert sources == kept


def test_the_builder_is_sent_no_secret() -> None:
    kept_back = (ROOT / ".dockerignore").read_text().partition("!deploy\n")[2].splitlines()
    secret = {"**/.env", "deploy/secrets", "deploy/config", "deploy/backups"}
    assert secret | {"deploy/tls/*.key", "deploy/tls/*.pem"} <= set(kept_back)
    assert "deploy/secrets/" in (ROOT / ".gitignore").read_text()
