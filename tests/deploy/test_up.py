"""`tertulia up`: processes kept running on this machine, and the tools that keep them elsewhere."""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from deploy.cli.local import left_over
from deploy.cli.local.keeper import Keeper
from deploy.cli.local.log import Log, lines, show
from deploy.cli.local.plan import CannotStart, Spec, plan
from deploy.cli.local.state import RunsAlready, Seen, held, is_held, read
from deploy.cli.local.tools import CHART, COMPOSE
from engine.settings import read_settings
from tests.deploy.admin import Admin

WITHIN_S = 30
READY = 'print("ready", flush=True)\n'
GOES_ON = f"import time\n{READY}time.sleep(600)"
DIES = f"{READY}raise SystemExit(3)"
WILL_NOT_DO = 'print("tertulia: no token", flush=True)\nraise SystemExit(2)'
LINGERS = f"import signal, time\nsignal.signal(signal.SIGTERM, lambda *a: None)\n{GOES_ON}"


def program(name: str, code: str, ends_within_s: float = WITHIN_S) -> Spec:
    return Spec(name, (sys.executable, "-c", code), "ready", ends_within_s)


def seen(folder: Path, name: str) -> Seen:
    state = read(folder)
    assert state is not None
    return next(one for one in state.processes if one.name == name)


async def until(met: Callable[[], object]) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not met():  # noqa: ASYNC110 - another process's state
            await asyncio.sleep(0.02)


@asynccontextmanager
async def kept(folder: Path, *specs: Spec) -> AsyncIterator[Keeper]:
    log = Log(folder)
    keeper = Keeper(list(specs), log, folder)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(keeper.run())
        await until(lambda: (state := read(folder)) and state.is_up)
        yield keeper
        keeper.stop()
    log.close()


async def logged(folder: Path, *names: str) -> list[tuple[str, str]]:
    return [line async for line in lines(folder, 100, names, follows=False)]


async def test_processes_start_in_order_and_end_in_the_reverse(tmp_path: Path) -> None:
    says_bye = (
        "import signal, sys, time\n"
        'signal.signal(signal.SIGTERM, lambda *a: (print("bye", flush=True), sys.exit(0)))\n'
        f"{READY}time.sleep(600)"
    )
    async with kept(tmp_path, program("first", says_bye), program("second", says_bye)):
        assert [seen(tmp_path, name).state for name in ("first", "second")] == ["runs", "runs"]
    assert await logged(tmp_path) == [
        ("first", "ready"),
        ("second", "ready"),
        ("second", "bye"),
        ("first", "bye"),
    ]
    assert seen(tmp_path, "first").state == "ended"


async def test_one_that_dies_is_started_again(tmp_path: Path) -> None:
    async with kept(tmp_path, program("well", GOES_ON), program("ill", DIES)):
        pid = seen(tmp_path, "well").pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        await until(lambda: seen(tmp_path, "well").starts == 2)
        await until(lambda: seen(tmp_path, "well").state == "runs")
        assert seen(tmp_path, "well").pid != pid
        await until(lambda: seen(tmp_path, "ill").starts >= 2)
    assert ("ill", "ended with status 3; again in 0.5 s") in await logged(tmp_path, "ill")


async def test_one_whose_settings_will_not_do_is_not_started_again(tmp_path: Path) -> None:
    async with kept(tmp_path, program("ill", WILL_NOT_DO), program("well", GOES_ON)) as keeper:
        assert (seen(tmp_path, "ill").state, seen(tmp_path, "ill").starts) == ("failed", 1)
        assert keeper.has_failed
        assert seen(tmp_path, "well").state == "runs"


async def test_one_that_does_not_end_is_killed(tmp_path: Path) -> None:
    async with kept(tmp_path, program("deaf", LINGERS, ends_within_s=0.3)):
        pass
    assert seen(tmp_path, "deaf").state == "ended"
    assert (await logged(tmp_path))[-1] == ("deaf", "did not end in time, and is killed")


async def test_what_a_killed_keeper_left_is_found_and_ended(tmp_path: Path) -> None:
    words = (sys.executable, "-c", "import time; time.sleep(600)")
    orphan = await asyncio.create_subprocess_exec(*words)
    theirs = await asyncio.create_subprocess_exec(sys.executable, "-c", "import time;time.sleep(9)")
    (tmp_path / "state.json").write_text(
        json.dumps(
            {
                "keeper": 1,
                "is_up": True,
                "processes": [
                    {"name": "ours", "words": words, "pid": orphan.pid, "state": "runs"},
                    {"name": "theirs", "words": words, "pid": theirs.pid, "state": "runs"},
                ],
            }
        )
    )
    assert await left_over.end(read(tmp_path)) == ["ours"]
    assert await orphan.wait() == -signal.SIGTERM
    assert theirs.returncode is None
    theirs.kill()
    await theirs.wait()


def test_a_log_line_says_whose_it_is_and_does_nothing_to_a_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = Log(tmp_path, show)
    log.write("slack", "  \x1b[31mred\x1b[0m\x07\x1b]0;title")
    log.close()
    assert capsys.readouterr().out == "slack |   red]0;title\n"


async def test_a_log_is_followed_though_it_is_begun_anew(tmp_path: Path) -> None:
    log = Log(tmp_path)
    log.write("slack", "first")
    following = lines(tmp_path, 10, ["slack"], follows=True)
    assert await anext(following) == ("slack", "first")
    log.write("worker-1", "of another")
    log.write("slack", "second")
    assert await anext(following) == ("slack", "second")
    (tmp_path / "log").replace(tmp_path / "log.1")
    log.close()
    anew = Log(tmp_path)
    anew.write("slack", "third")
    async with asyncio.timeout(WITHIN_S):
        assert await anext(following) == ("slack", "third")
    anew.close()
    await following.aclose()


def test_a_folder_has_one_keeper(tmp_path: Path) -> None:
    assert not is_held(tmp_path)
    with held(tmp_path):
        assert is_held(tmp_path)
        with pytest.raises(RunsAlready), held(tmp_path):
            pass
    assert not is_held(tmp_path)


def test_workers_have_ports_of_their_own_and_only_bots_with_tokens_start() -> None:
    settings = read_settings(slack={"bot_token": "xoxb-1"}, worker={"port": 9464})
    specs = plan(settings, 2, None)
    assert [one.name for one in specs] == ["worker-1", "worker-2", "slack"]
    assert [one.environment.get("TERTULIA_WORKER__PORT") for one in specs] == ["9464", "9474", None]
    with pytest.raises(CannotStart, match="tertulia init"):
        plan(read_settings(), 1, None)


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """Programs of these names that write down how they were called."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("docker", "helm", "kubectl", "vllm"):
        tool = folder / name
        tool.write_text(f'#!/bin/sh\nprintf "%s\\n" {name} "$@" >> "{tmp_path}/called"\n')
        tool.chmod(0o755)
    return folder


BY_COMPOSE = f"docker compose --file {COMPOSE} --profile slack --profile model"
BY_HELM = f"helm upgrade --install tertulia {CHART} --set slack.enabled=true"
OF_RELEASE = "app.kubernetes.io/instance=tertulia"


LOGS_BY_KUBECTL = (
    f"kubectl logs --selector {OF_RELEASE},app.kubernetes.io/component in (slack)"
    " --prefix --tail 100"
)
SERVES = (
    "vllm serve Qwen/Qwen3-8B --max-model-len 32768 --max-num-seqs 64"
    " --tensor-parallel-size 2 --gpu-memory-utilization 0.92 --enable-prefix-caching"
    " --enable-prompt-tokens-details --structured-outputs-config"
    ' {"backend":"xgrammar","disable_any_whitespace":true}'
    " --disable-uvicorn-access-log --port 8001"
)


@pytest.mark.parametrize(
    ("words", "called"),
    [
        ("up --compose", f"{BY_COMPOSE} up"),
        ("up --compose -d -- --build", f"{BY_COMPOSE} up --detach --build"),
        ("logs --compose -f -n 5 worker", f"{BY_COMPOSE} logs --tail 5 --follow worker"),
        ("down --compose", f"{BY_COMPOSE} down"),
        ("up --helm -- --namespace talk", f"{BY_HELM} --namespace talk"),
        ("down --helm", "helm uninstall tertulia"),
        ("logs --helm slack", LOGS_BY_KUBECTL),
        ("model serve Qwen/Qwen3-8B --gpus 2 -- --port 8001", SERVES),
    ],
)
async def test_tools_are_called_as_shown(
    admin: Admin, tools: Path, words: str, called: str
) -> None:
    path = f"{tools}:{os.environ['PATH']}"
    ended = await admin.bare(*words.split(), PATH=path, TERTULIA_SLACK__BOT_TOKEN="xoxb-1")
    assert ended.status == 0, ended
    told = (admin.home / "called").read_text().splitlines()
    assert " ".join(told) == called
    assert ended.err == f"{shlex.join(told)}\n"


async def test_compose_is_told_what_this_folder_says_and_not_its_secrets(
    admin: Admin, tools: Path
) -> None:
    (admin.home / "tertulia.toml").write_text('[model]\nurl = "https://gpu.example/v1"\n')
    (admin.home / ".env").write_text("TERTULIA_SLACK__BOT_TOKEN=xoxb-1\n")
    path = f"{tools}:{os.environ['PATH']}"
    ended = await admin.bare("up", "--compose", PATH=path)
    assert ended.status == 0, ended
    folder = admin.home / ".tertulia" / "compose"
    assert ended.err.startswith(f"MODEL_URL=https://gpu.example/v1 CONFIG={folder} docker compose")
    assert "--profile model" not in ended.err, "there is a model server already"
    assert [file.name for file in folder.iterdir()] == ["tertulia.toml"]
    told = await admin.bare("up", "--compose", PATH=path, MODEL_URL="http://x/v1", CONFIG="/etc/t")
    assert told.err.startswith("docker compose"), "what was said goes before"


async def test_helm_is_told_what_this_folder_says_and_not_its_secrets(
    admin: Admin, tools: Path
) -> None:
    (admin.home / "tertulia.toml").write_text(
        '[model]\nurl = "https://gpu.example/v1"\n[slack]\nmode = "http"\n'
    )
    (admin.home / ".env").write_text("TERTULIA_SLACK__BOT_TOKEN=xoxb-1\n")
    ended = await admin.bare("up", "--helm", PATH=f"{tools}:{os.environ['PATH']}")
    assert ended.status == 0, ended
    assert ended.err == (
        f"{BY_HELM} --set slack.mode=http --set-string model.url=https://gpu.example/v1"
        " --set-file config=tertulia.toml\n"
    )


async def test_a_tool_that_is_not_there_is_named(admin: Admin, tmp_path: Path) -> None:
    assert "docker is not installed" in await admin.fails("up", "--compose", PATH=str(tmp_path))
    assert "choose one" in await admin.fails("up", "--compose", "--helm")
    assert await admin.json("down") == {"ended": []}
    assert "nothing was started" in await admin.fails("logs")


async def test_vllm_is_only_shown_where_that_is_asked_for(admin: Admin) -> None:
    shown = await admin.does("model", "serve", "./weights", "--print")
    assert shown.startswith("vllm serve ./weights --max-model-len 32768 ")
    told = await admin.json("model", "serve", "./weights", "--context", "8192")
    assert told["command"][2:5] == ["./weights", "--max-model-len", "8192"]
