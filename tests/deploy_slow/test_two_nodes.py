"""A GPU node and a bot node: debates pass the door, by TLS and with the key; nothing else does."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from redis.asyncio import Redis

from tests.deploy_slow.needs import needs
from tests.deploy_slow.two_nodes import GPU, Nodes, two_nodes
from tests.redis_server import RedisServer
from tests.runtime.rig import Rig
from tests.system.program import environment

ROOT = Path(__file__).parents[2]
TLS = ROOT / "deploy" / "tls"
KEY = "k3y"
URL = f"https://{GPU}:8443/v1"
READY_S = 30


@pytest.fixture(scope="module")
def nodes() -> Iterator[Nodes]:
    """The two machines."""
    needs("ip", "haproxy", "openssl")
    with two_nodes() as made:
        yield made


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made as docs/operating.md says."""
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run([TLS / "make.sh", GPU, folder], check=True, timeout=60)
    return folder


@asynccontextmanager
async def process(
    node: str, *words: str | Path, **told: str
) -> AsyncIterator[asyncio.StreamReader]:
    """A process on that machine; what it says is read from the stream."""
    started = await asyncio.create_subprocess_exec(
        *("ip", "netns", "exec", node, *words),
        cwd=ROOT,
        env=environment(ROOT, PYTHONPATH=str(ROOT), **told),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert started.stdout is not None
    try:
        yield started.stdout
    finally:
        started.kill()
        await started.communicate()


async def until(said: asyncio.StreamReader, word: str) -> str:
    """The first line with this word in it."""
    lines = []
    async with asyncio.timeout(READY_S):
        while line := (await said.readline()).decode():
            lines.append(line)
            if word in line:
                return line
    raise AssertionError(f"it ended without {word}: {''.join(lines)[-2000:]}")


@pytest.fixture
async def door(nodes: Nodes, certificates: Path) -> AsyncIterator[None]:
    """The GPU node at work, with the very file that its compose file has."""
    model = (sys.executable, "-m", "tests.fakes.model_server", "--port", "8000")
    told = {
        "MODEL_API_KEY": KEY,
        "MODEL_SERVER": "127.0.0.1:8000",
        "TLS_PEM": str(certificates / "model.pem"),
        "LISTEN": ":8443",
    }
    async with (
        process(nodes.gpu, *model) as served,
        process(nodes.gpu, "haproxy", "-W", "-f", TLS / "haproxy.cfg", **told),
    ):
        await until(served, "http://")
        async with asyncio.timeout(READY_S):
            while asked(nodes, certificates / "ca.pem", KEY)[0] != 200:  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        yield


def asked(nodes: Nodes, ca: Path, key: str, path: str = "/v1/models") -> tuple[int, str]:
    """What the door answers on the bot node: a status, 0 for none, and the text."""
    code = (
        "import sys, ssl, urllib.request as r, urllib.error as e\n"
        "url, key = sys.argv[1:]\n"
        "q = r.Request(url, headers={'Authorization': 'Bearer ' + key})\n"
        "try:\n"
        "    a = r.urlopen(q, timeout=10); print(a.status, a.read().decode())\n"
        "except e.HTTPError as a: print(a.status, a.read().decode())\n"
        "except e.URLError as a: print(0, a.reason)\n"
    )
    url = path if path.startswith("http:") else f"https://{GPU}:8443{path}"
    done = subprocess.run(
        ["ip", "netns", "exec", nodes.bot, sys.executable, "-c", code, url, key],
        env=os.environ | {"SSL_CERT_FILE": str(ca)},
        check=True,
        capture_output=True,
        text=True,
        timeout=READY_S,
    )
    status, _, text = done.stdout.strip().partition(" ")
    return int(status), text


async def test_a_debate_is_spoken_through_the_door(
    nodes: Nodes, door: None, certificates: Path, server: RedisServer, redis: Redis, shard: str
) -> None:
    told = {
        "TERTULIA_REDIS__URL": server.url,
        "TERTULIA_REDIS__SHARD": shard,
        "TERTULIA_MODEL__URL": URL,
        "TERTULIA_MODEL__API_KEY": KEY,
        "TERTULIA_WORKER__PORT": "0",
        "SSL_CERT_FILE": str(certificates / "ca.pem"),
    }
    async with process(nodes.bot, sys.executable, "-m", "engine", **told) as said:
        await until(said, "process.runs")
        rig = Rig(redis, shard)
        events = await rig.log_until_closed(await rig.start())
    assert len(events) > 5


@pytest.mark.parametrize(
    ("key", "ca", "says"),
    [(KEY, "/etc/ssl/certs/ca-certificates.crt", "certificate"), ("wrong", "", "401")],
)
async def test_a_worker_that_may_not_pass_says_why(
    nodes: Nodes, door: None, certificates: Path, server: RedisServer, key: str, ca: str, says: str
) -> None:
    told = {
        "TERTULIA_REDIS__URL": server.url,
        "TERTULIA_MODEL__URL": URL,
        "TERTULIA_MODEL__API_KEY": key,
        "SSL_CERT_FILE": ca or str(certificates / "ca.pem"),
    }
    async with process(nodes.bot, sys.executable, "-m", "engine", **told) as said:
        assert says in await until(said, "tertulia:")


async def test_the_door_opens_for_nothing_but_what_workers_and_prometheus_ask(
    nodes: Nodes, door: None, certificates: Path
) -> None:
    ca = certificates / "ca.pem"
    assert asked(nodes, ca, "")[0] == 401
    # The server's own answer; vLLM has such a page.
    assert asked(nodes, ca, KEY, "/metrics") == (404, "404: Not Found")
    for path in ("/", "/tokenize", "/v1/completions", "/health", "/v1/models/../../metrics"):
        status, text = asked(nodes, ca, KEY, path)
        assert (status, text) == (404, "")


async def test_the_model_server_itself_is_out_of_reach(
    nodes: Nodes, door: None, certificates: Path
) -> None:
    status, why = asked(nodes, certificates / "ca.pem", KEY, f"http://{GPU}:8000/v1/models")
    assert status == 0
    assert "refused" in why


def test_what_is_secret_is_readable_by_its_owner_only(certificates: Path) -> None:
    for name in ("ca.key", "model.pem"):
        assert (certificates / name).stat().st_mode & 0o077 == 0
