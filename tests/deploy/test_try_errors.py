"""What a newcomer gets wrong is told in one line, in their language, by the real command."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import time
from asyncio.subprocess import Process
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.fakes.model_behaviours import send
from tests.fakes.model_server import FakeModelServer
from tests.fakes.old_redis import old_redis
from tests.panels.panel_text import changed
from tests.redis_server import RedisServer, redis_server

TERTULIA = Path(sys.executable).with_name("tertulia")
NOT_TO_BE_HAD = 2
NOBODY_ANSWERS = 3
NOWHERE = "127.0.0.1:9"
LIMIT_S = 60


@dataclass(frozen=True)
class Lines:
    """What the command wrote, in either language, and its status."""

    english: str
    spanish: str
    status: int


async def fails(folder: Path, *words: str, **variables: str) -> Lines:
    """Runs `tertulia try` with these words, in both languages at once."""
    english, spanish = await asyncio.gather(
        started(folder, *words, LANG="en", **variables),
        started(folder, *words, LANG="es_ES.UTF-8", **variables),
    )
    (out, status, line), (_, other, translated) = await asyncio.gather(
        ended(english), ended(spanish)
    )
    assert (out, status) == ("", other)
    return Lines(line, translated, status)


async def started(folder: Path, *words: str, **variables: str) -> Process:
    """The command, just started."""
    return await asyncio.create_subprocess_exec(
        TERTULIA,
        *("try", *words),
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), **variables},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def ended(command: Process) -> tuple[str, int, str]:
    """What it printed, its status, and the one line that it says went wrong."""
    try:
        async with asyncio.timeout(LIMIT_S):
            out, err = await command.communicate()
    finally:
        if command.returncode is None:
            command.kill()
            await command.wait()
    line = re.fullmatch(r"tertulia: ([^\n]+)\n", err.decode())
    assert line, err.decode()
    assert command.returncode is not None
    return out.decode(), command.returncode, line[1]


# --- what was asked for --------------------------------------------------------------------------


async def test_an_empty_topic(tmp_path: Path) -> None:
    assert await fails(tmp_path, " ") == Lines(
        "The topic is empty. Say what to debate.",
        "El tema está vacío. Diga qué hay que debatir.",
        NOT_TO_BE_HAD,
    )


async def test_a_topic_that_is_too_long(tmp_path: Path) -> None:
    assert await fails(tmp_path, "x" * 2_001) == Lines(
        "The topic has 2001 characters; at most 2000 fit. "
        "Put the rest into a file and hand it in as material.",
        "El tema tiene 2001 caracteres; caben 2000 como máximo. "
        "Ponga el resto en un archivo y entréguelo como material.",
        NOT_TO_BE_HAD,
    )


async def test_a_panel_that_is_not_there_gets_the_nearest(tmp_path: Path) -> None:
    known = "ai-en, ai-es, decision-en, decision-es"
    assert await fails(tmp_path, "Tea?", "--panel", "ai-sp") == Lines(
        "no panel is called 'ai-sp'; did you mean 'ai-es'? "
        f"choose one of {known}, or give the path of a .toml file",
        "ningún panel se llama 'ai-sp'; ¿quiso decir 'ai-es'? "
        f"elija uno de {known}, o dé la ruta de un archivo .toml",
        NOT_TO_BE_HAD,
    )


async def test_a_wrong_panel_file_is_told_by_line_and_field(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text(changed('"#d6403f"', '"red"'))
    assert await fails(tmp_path, "Tea?", "--panel", "ours.toml") == Lines(
        "ours.toml:33: debaters[1].colour: 'red' is not a colour; write it as #rrggbb",
        "ours.toml:33: debaters[1].colour: 'red' no es un color; escríbalo como #rrggbb",
        NOT_TO_BE_HAD,
    )


async def test_a_context_file_that_is_not_there(tmp_path: Path) -> None:
    assert await fails(tmp_path, "Tea?", "--context", "notes.md") == Lines(
        "notes.md cannot be read: No such file or directory",
        "no se puede leer notes.md: No existe el archivo o el directorio",
        NOT_TO_BE_HAD,
    )


# --- settings ------------------------------------------------------------------------------------


async def test_a_setting_misspelt_gets_the_right_name(tmp_path: Path) -> None:
    assert await fails(tmp_path, "Tea?", TERTULIA_MODLE__URL="http://host/v1") == Lines(
        "there is no setting TERTULIA_MODLE__URL; did you mean TERTULIA_MODEL__URL?",
        "no existe el ajuste TERTULIA_MODLE__URL; ¿quiso decir TERTULIA_MODEL__URL?",
        NOT_TO_BE_HAD,
    )


@pytest.mark.parametrize(
    ("variable", "value", "english", "spanish"),
    [
        (
            "TERTULIA_MODEL__CONTEXT_TOKENS",
            "12",
            "model.context_tokens (TERTULIA_MODEL__CONTEXT_TOKENS): must be 1024 or more",
            "model.context_tokens (TERTULIA_MODEL__CONTEXT_TOKENS): debe ser 1024 o más",
        ),
        (
            "TERTULIA_MODEL__SAMPLING",
            "{warm",
            "TERTULIA_MODEL__SAMPLING: write a table as JSON",
            "TERTULIA_MODEL__SAMPLING: escriba una tabla como JSON",
        ),
        (
            "TERTULIA_SECRETS__KEYS",
            "no-list",
            "TERTULIA_SECRETS__KEYS: write a list as JSON",
            "TERTULIA_SECRETS__KEYS: escriba una lista como JSON",
        ),
        (
            "TERTULIA_SECRETS__KEYS",
            '{"no": "list"}',
            "secrets.keys (TERTULIA_SECRETS__KEYS): must be a list",
            "secrets.keys (TERTULIA_SECRETS__KEYS): debe ser una lista",
        ),
    ],
)
async def test_a_value_that_will_not_do(
    tmp_path: Path, variable: str, value: str, english: str, spanish: str
) -> None:
    said = await fails(tmp_path, "Tea?", **{variable: value})
    assert said == Lines(english, spanish, NOT_TO_BE_HAD)


async def test_a_settings_file_that_is_no_toml(tmp_path: Path) -> None:
    (tmp_path / "tertulia.toml").write_text("[model\n")
    said = await fails(tmp_path, "Tea?")
    assert said.english.startswith("tertulia.toml: Expected ']'")
    assert said.status == NOT_TO_BE_HAD


# --- servers -------------------------------------------------------------------------------------


async def test_a_redis_that_is_not_there_is_said_within_seconds(tmp_path: Path) -> None:
    began = time.monotonic()
    said = await fails(tmp_path, "Tea?", "--redis", f"redis://{NOWHERE}")
    assert time.monotonic() - began < LIMIT_S / 2
    assert re.match(r"Redis does not answer: .*127\.0\.0\.1:9", said.english)
    assert re.match(r"Redis no responde: .*127\.0\.0\.1:9", said.spanish)
    assert said.status == NOBODY_ANSWERS


async def test_a_redis_that_is_too_old(tmp_path: Path) -> None:
    async with old_redis() as url:
        said = await fails(tmp_path, "Tea?", "--redis", url)
    assert said == Lines(
        "Redis 6.2.1 is too old: Redis 7.0 or newer, or any Valkey, is needed",
        "Redis 6.2.1 es demasiado antiguo: se necesita Redis 7.0 o posterior, o cualquier Valkey",
        NOT_TO_BE_HAD,
    )


async def test_a_server_that_is_no_redis(tmp_path: Path) -> None:
    async with FakeModelServer.open() as models:
        url = models.url.replace("http:", "redis:").removesuffix("/v1")
        said = await fails(tmp_path, "Tea?", "--redis", url)
    assert said.english.startswith("what answers there is no Redis: ")
    assert said.spanish.startswith("lo que responde allí no es Redis: ")
    assert said.status == NOT_TO_BE_HAD


async def test_a_model_server_that_is_not_there_is_said_within_seconds(
    tmp_path: Path, server: RedisServer
) -> None:
    began = time.monotonic()
    said = await fails(tmp_path, "Tea?", "--redis", server.url, "--model", f"http://{NOWHERE}")
    assert time.monotonic() - began < LIMIT_S / 2
    assert said == Lines(
        f"no model server answers at http://{NOWHERE}/v1",
        f"ningún servidor de modelos responde en http://{NOWHERE}/v1",
        NOBODY_ANSWERS,
    )


async def test_a_wrong_model_name_gets_the_right_ones(tmp_path: Path, server: RedisServer) -> None:
    async with FakeModelServer.open() as models:
        models.models = [{"id": "qwen"}, {"id": "gemma"}]
        where = ("--redis", server.url, "--model", models.url)
        said = await fails(tmp_path, "Tea?", *where, "--model-name", "llama")
    assert said == Lines(
        f"llama is not served at {models.url}; it serves: qwen, gemma",
        f"llama no se sirve en {models.url}; allí se sirve: qwen, gemma",
        NOT_TO_BE_HAD,
    )


async def test_a_redis_that_dies_under_a_debate_is_said_too(tmp_path: Path) -> None:
    with redis_server() as redis:
        async with FakeModelServer.open() as models:
            models.will(send(then="hang"))
            where = ("--redis", redis.url, "--model", models.url)
            command = await started(tmp_path, "Tea?", *where, LANG="es")
            await models.until(running=1, within_s=LIMIT_S)
            redis.kill()
            _, status, line = await ended(command)
    assert line.startswith("Redis no responde: ")
    assert status == NOBODY_ANSWERS


@pytest.mark.parametrize("debate", ["main-nobodyknowsit", "no id at all {0}"])
async def test_a_debate_that_is_not_there_cannot_be_gone_on_with(
    tmp_path: Path, server: RedisServer, debate: str
) -> None:
    said = await fails(tmp_path, "--resume", debate, "--redis", server.url)
    assert said == Lines(
        f"There is no debate {debate} here.",
        f"Aquí no hay ningún debate {debate}.",
        NOT_TO_BE_HAD,
    )
