"""The image: really built, and its processes really run, not as root and on a root read-only."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from redis.asyncio import Redis

from tests.deploy_slow.container import Image
from tests.fakes.model_server import FakeModelServer
from tests.redis_server import RedisServer
from tests.runtime.rig import Rig

# The first test also builds the image.
pytestmark = pytest.mark.timeout(1_200)

ROOT = Path(__file__).parents[2]
MANIFEST = ROOT / "bots" / "slackbot" / "manifest.json"
READY_S = 60
OWN_MB = 110
"""What we put on the base may be so large."""


class Running:
    """A process in the image, and what it logs."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    def status(self) -> list[str]:
        """What the kernel says of it."""
        return Path(f"/proc/{self._process.pid}/status").read_text().splitlines()

    async def until(self, event: str) -> None:
        """Waits until it has logged this."""
        assert self._process.stderr is not None
        seen: list[str] = []
        async with asyncio.timeout(READY_S):
            while line := (await self._process.stderr.readline()).decode():
                seen.append(line)
                if line.startswith("{") and json.loads(line)["event"] == event:
                    return
        raise AssertionError(f"it ended without {event}: {''.join(seen)[-3000:]}")

    async def stopped(self) -> int:
        """Its status after SIGTERM."""
        self._process.terminate()
        async with asyncio.timeout(READY_S):
            await self._process.communicate()
        assert self._process.returncode is not None
        return self._process.returncode

    def kill(self) -> None:
        """If it still runs."""
        if self._process.returncode is None:
            self._process.kill()


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    """Files that only the image's user can read."""
    folder = tmp_path / "secrets"
    folder.mkdir(mode=0o755)
    return folder


@pytest.fixture
def sockets(server: RedisServer) -> Path:
    """Where Redis's socket is, for other users too."""
    server.folder.chmod(0o755)
    server.socket.chmod(0o777)
    return server.folder


Mounted = tuple[Path, Path]
"""What is at /run/secrets and at /run/sockets."""


def ran(image: Image, at: Mounted, *words: str, bare: bool = False, **told: str) -> str:
    """What a command in the image says; its status stands before it."""
    done = subprocess.run(
        image.command(words, at, told, bare=bare),
        check=False,
        capture_output=True,
        text=True,
        timeout=READY_S,
    )
    return f"{done.returncode} {done.stdout}{done.stderr}"


@asynccontextmanager
async def running(
    image: Image, at: Mounted, process: str, settings: dict[str, str]
) -> AsyncIterator[Running]:
    started = await asyncio.create_subprocess_exec(
        *image.command([process], at, settings),
        stdin=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    it = Running(started)
    try:
        yield it
    finally:
        it.kill()
        await started.wait()


def put(folder: Path, name: str, secret: str) -> None:
    file = folder / name
    file.write_text(f"{secret}\n")
    file.chmod(0o444)


def test_it_is_built_and_small(image: Image) -> None:
    own = sum(image.layers[1:])
    print(f"built in {image.built_in_s:.0f} s; base {image.layers[0] >> 20} MB, own {own >> 20} MB")  # noqa: T201 - for the log
    assert own < OWN_MB << 20


def test_nothing_of_the_build_is_left_in_it(image: Image) -> None:
    program = image.root / "opt" / "tertulia"
    assert not list(program.glob("bin/pip*"))
    assert not list(program.glob("lib/python3*/site-packages/hatchling"))
    assert not (image.root / "etc" / "pip.conf").exists()
    assert (program / "requirements.txt").read_text() == (
        ROOT / "requirements" / "run.txt"
    ).read_text()


def test_nobody_in_it_is_root_or_can_write(image: Image, secrets: Path, sockets: Path) -> None:
    at = secrets, sockets
    assert ran(image, at, "id", "-u", bare=True) == "0 10001\n"
    for place in ("/x", "/opt/tertulia/x", "/etc/tertulia/x"):
        assert "Read-only file system" in ran(image, at, "touch", place, bare=True)
    assert ran(image, at, "touch", "/tmp/x", bare=True) == "0 "  # noqa: S108 - inside


def test_it_is_the_command_line_too(image: Image, secrets: Path, sockets: Path) -> None:
    at = secrets, sockets
    assert ran(image, at, "--version").startswith("0 tertulia ")
    assert "Usage" in ran(image, at, *image.config["Cmd"])


def test_settings_that_will_not_do_are_one_line_and_a_status(
    image: Image, secrets: Path, sockets: Path
) -> None:
    said = ran(image, (secrets, sockets), "worker", TERTULIA_MODEL__URI="http://x")
    assert said.startswith("2 tertulia: ")
    assert len(said.splitlines()) == 1


async def test_a_worker_holds_a_debate_and_ends_when_asked(
    image: Image, secrets: Path, sockets: Path, redis: Redis, shard: str
) -> None:
    at = secrets, sockets
    async with FakeModelServer.open() as model:
        put(secrets, "TERTULIA_MODEL__API_KEY", "from-a-file")
        settings = {
            "TERTULIA_REDIS__URL": "unix:///run/sockets/redis.sock",
            "TERTULIA_REDIS__SHARD": shard,
            "TERTULIA_MODEL__URL": model.url,
        }
        async with running(image, at, "worker", settings) as worker:
            await worker.until("process.runs")
            assert "Uid:\t10001\t10001\t10001\t10001" in worker.status()
            assert "CapBnd:\t0000000000000000" in worker.status()
            check = image.config["Healthcheck"]["Test"][1:]
            assert ran(image, at, *check, bare=True) == "0 "
            rig = Rig(redis, shard)
            await rig.log_until_closed(await rig.start())
            assert await worker.stopped() == 0
        assert "nobody answers" in ran(image, at, *check, bare=True)
        assert model.received[0].headers["Authorization"] == "Bearer from-a-file"


async def test_the_slack_bot_connects_and_ends_when_asked(
    image: Image, secrets: Path, sockets: Path, redis: Redis, shard: str
) -> None:
    slack = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.fakes.slack", MANIFEST),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert slack.stdout is not None
    at = secrets, sockets
    try:
        about = json.loads(await slack.stdout.readline())
        put(secrets, "TERTULIA_SLACK__BOT_TOKEN", about["bot_token"])
        put(secrets, "TERTULIA_SLACK__APP_TOKEN", about["app_token"])
        settings = {
            "TERTULIA_REDIS__URL": "unix:///run/sockets/redis.sock",
            "TERTULIA_REDIS__SHARD": shard,
            "TERTULIA_SLACK__API_URL": about["api_url"],
        }
        async with running(image, at, "slack", settings) as bot:
            await bot.until("slack.ready")
            check = image.config["Healthcheck"]["Test"][1:]
            assert ran(image, at, *check, bare=True) == "0 "
            assert await bot.stopped() == 0
    finally:
        slack.terminate()
        await slack.wait()
