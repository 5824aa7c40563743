"""On the real vLLM, on the CPU: Tertulia's debates, and its peers' prompts, on the same model.

Peers are recorded while they debate with the stub model, whose replies are as long as Tertulia's
were; then vLLM is asked what they asked, as many debates at once. Each is given a cache salt, so
that none finds in the prefix cache what another left there; and each has a first round spoken
before, as in production the same personas had other debates before this one.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp

from engine.adapters.model_files import bundled_model
from engine.adapters.user_folders import cache_folder
from engine.bootstrap import new_id
from engine.debate.commands import StartDebate
from engine.debate.panel import Panel
from engine.panels.loader import load_panel
from tests.bench.contender import ROOT, TURNS, WARM_UP, Plan, topic
from tests.bench.house import ROUNDS, House, house, worker_of
from tests.bench.options import Options
from tests.bench.race import Contender, RaceFailed, alone
from tests.bench.replay import Meter, Script, Served, recorded, rendered, replay
from tests.bench.report import Table
from tests.vllm.server import MODEL_NAME, vllm_server

PYTHON = ROOT / ".venv-vllm" / "bin" / "python"
CONVERT_S = 300
PEERS = {"AutoGen": "autogen", "LangGraph": "langgraph"}
SAMPLING = {"temperature": 0.7, "min_p": 0.1, "repetition_penalty": 1.1}
ANSWER_WORDS, QUESTION_WORDS = 40, 20
COLUMNS = (
    *("prompts", "prompt tokens", "cached, %", "computed", "spoken", "mean TTFT, s", "wall, s"),
)
CLOSED_S = 1_800.0
FIRST_ROUND = 8


async def run(options: Options) -> AsyncIterator[Table]:
    """With four debates at once, and with eight."""
    with TemporaryDirectory(prefix="bench-") as folder:
        log = Path(folder) / "vllm.log"
        with vllm_server(PYTHON, await _model(), log) as url:
            async with aiohttp.ClientSession(url, timeout=aiohttp.ClientTimeout(None)) as vllm:
                for debates in (2,) if options.quick else (4, 8):
                    yield await _table(options, vllm, url, debates)


async def _table(options: Options, vllm: aiohttp.ClientSession, url: str, debates: int) -> Table:
    table = Table(f"vLLM on the CPU, {debates} debates of {TURNS} turns at once", COLUMNS)
    ours, (warm, *scripts) = await _tertulia(vllm, url, debates)
    _add(table, "Tertulia", ours)
    await replay(vllm, [warm])
    bare = await replay(vllm, scripts)
    _add(table, "its own, bare", bare)
    spoken = round(ours.completion_tokens / sum(map(len, scripts)))
    computed = []
    for title, name in PEERS.items() if options.peers else ():
        given = {**_salted(title, debates), "max_tokens": spoken, "ignore_eos": True}
        *scripts, warm = recorded(await _asked(options, name, debates, spoken), given)
        await replay(vllm, [warm[:FIRST_ROUND]])
        served = await replay(vllm, scripts)
        _add(table, title, served)
        computed.append(served.computed)
    table.notes.append(
        f"Peers' replies have {spoken} tokens each, Tertulia's that many on average."
    )
    table.notes.append("The synthesis, which peers have not, is counted with Tertulia's.")
    table.aim("cached, %", ours.cached_tokens / ours.prompt_tokens * 100, least=95.0)
    if computed:
        table.aim("computed, times less than the best peer", min(computed) / ours.computed, least=7)
    table.aim("wall, of its own bare replay", ours.wall_s / bare.wall_s, most=1.05)
    return table


def _add(table: Table, title: str, served: Served) -> None:
    table.add(
        title,
        int(served.prompt_tokens),
        served.cached_tokens / served.prompt_tokens * 100,
        int(served.computed),
        int(served.completion_tokens),
        served.mean_ttft_s,
        served.wall_s,
    )


def _salted(who: str, debates: int) -> dict[str, Any]:
    """What each request has besides its messages."""
    salt = f"{who} {debates}"
    return {"model": MODEL_NAME, "stream": True, "cache_salt": salt, **SAMPLING}


async def _tertulia(
    vllm: aiohttp.ClientSession, url: str, debates: int
) -> tuple[Served, list[Script]]:
    """Real debates, and what they asked; what the one before them asked comes first."""
    panel = replace(load_panel("ai-en"), answer_words=ANSWER_WORDS, question_words=QUESTION_WORDS)
    sampling = {**SAMPLING, "cache_salt": f"Tertulia {debates}"}
    async with house(f"{url}/v1", sampling=sampling) as at:
        async with worker_of(at.settings, core=None):
            warm = await _started(at, panel, WARM_UP, rounds=1)
            await at.closed([warm], CLOSED_S, look_s=0.1)
            meter = Meter(vllm)
            await meter.begin()
            ids = [await _started(at, panel, number) for number in range(debates)]
            await at.closed(ids, CLOSED_S, look_s=0.1)
            served = await meter.end()
        bare = {**SAMPLING, "cache_salt": f"bare {debates}"}
        scripts = [
            rendered(debate, await at.debates.records(debate), panel, MODEL_NAME, bare)
            for debate in (warm, *ids)
        ]
    return served, scripts


async def _started(at: House, panel: Panel, number: int, rounds: int = ROUNDS) -> str:
    debate = new_id(at.settings)
    start = StartDebate(topic=topic(number), panel=panel, rounds=rounds, seed=7 + number)
    await at.debates.start(debate, start)
    return debate


async def _asked(options: Options, name: str, debates: int, words: int) -> list[Any]:
    """The prompts of a peer's debates with the stub, that which warms up among them.

    `words`: of each reply.
    """
    async with alone() as stub:
        plan = Plan(stub.url, debates, settings={"saver": "none"})
        await stub.set("recording", 1)
        await stub.set("words", words)
        async with Contender.open(name, plan, python=str(options.peers)) as contender:
            contender.go()
            await contender.done()
            prompts: list[Any] = await stub.told("prompts")
            return prompts


async def _model() -> Path:
    """The demo's model, as vLLM reads it; made once for this user."""
    if not PYTHON.exists():
        raise RaceFailed("vLLM is not installed here: tests/vllm/install.sh does that")
    gguf = await bundled_model(lambda _here, _all: None)
    folder = cache_folder() / "vllm" / gguf.stem
    if not folder.exists():
        words = [str(PYTHON), str(ROOT / "tests/vllm/weights.py"), str(gguf), str(folder)]
        offline = os.environ | {"HF_HUB_OFFLINE": "1"}
        await asyncio.to_thread(subprocess.run, words, env=offline, timeout=CONVERT_S, check=True)
    return folder
