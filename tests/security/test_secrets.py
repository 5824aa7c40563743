"""No secret is ever shown: not in logs, errors, counts, transcripts, settings, nor in Redis.

Every setting that takes a secret holds one like no other text there is, and the real processes are
made to fail in the ways in which programs usually give theirs away.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import aiohttp
import pytest
from aiohttp import web
from redis.asyncio import Redis

from bots.chat.i18n import explained
from bots.chat.transcript.files import FORMS
from engine.adapters.redis_server import connect
from engine.debate.commands import StopDebate
from engine.ports.debates import Debates
from engine.settings import SettingsError, mistakes, read_settings, settings_as_they_stand
from engine.settings.origins import HIDDEN
from tests.debate.given import ANA, start
from tests.discordbot.rig import house as discord_house
from tests.fakes.discord.faults import fails as discord_fails
from tests.fakes.discord.faults import loses_answer as discord_loses_answer
from tests.fakes.discord.faults import refuses as discord_refuses
from tests.fakes.model_behaviours import Received, chunk, fail, hang_up, json_answer, say, send
from tests.fakes.model_server import FakeModelServer
from tests.fakes.slack.faults import fails, loses_answer, rate_limits, refuses
from tests.redis_server import RedisServer, redis_server
from tests.runtime.rig import Rig
from tests.security.canaries import (
    as_environment,
    environment_of,
    new_canary,
    secrets_in,
    settings_with_secrets,
    shown_in,
)
from tests.security.processes import Running, running
from tests.slackbot.rig import house
from tests.slackbot.test_bot_journeys import QUESTION
from tests.system.program import ran

SHARD = "canaries"
LOUD = {"TERTULIA_LOG__LEVEL": "debug"}
FAULTS = re.compile(r"payload\.failed|Traceback")


@pytest.fixture
async def locked() -> AsyncIterator[tuple[RedisServer, str]]:
    """A server that asks for a password, and that password."""
    with redis_server() as server:
        password = new_canary()
        client = connect(server.url)
        await client.config_set("requirepass", password)
        await client.aclose()
        yield server, password


@asynccontextmanager
async def client_of(server: RedisServer, password: str) -> AsyncIterator[Redis]:
    client = connect(f"{server.url}?password={password}")
    try:
        yield client
    finally:
        await client.aclose()


async def everything_in(redis: Redis) -> bytes:
    """All that the server has, whatever its type."""
    client, found = cast(Any, redis), b""
    async for key in client.scan_iter():
        match await client.type(key):
            case b"stream":
                value = await client.xrange(key)
            case b"hash":
                value = await client.hgetall(key)
            case b"zset":
                value = await client.zrange(key, 0, -1, withscores=True)
            case b"set":
                value = await client.smembers(key)
            case _:
                value = await client.get(key)
        found += key + repr(value).encode()
    return found


async def transcripts(debates: Debates, *ids: str) -> str:
    """Of these debates, in every form."""
    found = ""
    for debate in ids:
        records = await debates.records(debate)
        found += "".join(form(debate, records) for form in FORMS.values())
    return found


async def health_of(process: Running) -> str:
    """What its /metrics and its /healthz say."""
    await process.until('"health"')
    (told,) = [json.loads(line) for line in process.said.splitlines() if '"health"' in line][:1]
    async with aiohttp.ClientSession() as http:
        health = await (await http.get(told["health"])).text()
        metrics = await (await http.get(told["health"].replace("healthz", "metrics"))).text()
    assert "tertulia_" in metrics
    return health + metrics


async def repeats_the_key(_: web.Request, received: Received) -> web.StreamResponse:
    """As some servers do with a key that they do not take."""
    key = received.headers["Authorization"].removeprefix("Bearer ")
    return json_answer({"error": {"message": f"Incorrect API key provided: {key}."}}, 401)


def test_every_setting_that_is_secret_is_looked_after_here() -> None:
    assert set(settings_with_secrets()) >= {
        *("model.api_key", "secrets.keys", "discord.token", "discord.persona_tokens"),
        *("slack.bot_token", "slack.app_token", "slack.signing_secret", "slack.client_secret"),
        "slack.personas",
    }
    variables, canaries = as_environment()
    assert len(variables) == len(canaries) == len(set(canaries)) == len(settings_with_secrets())


async def test_the_settings_are_shown_and_checked_without_what_is_secret(tmp_path: Path) -> None:
    variables, canaries = as_environment()
    canaries.append(new_canary())
    variables["TERTULIA_REDIS__URL"] = f"redis://user:{canaries[-1]}@localhost/0"
    for words in (("show",), ("show", "--json"), ("check", "--json")):
        told = await ran(tmp_path, "config", *words, within_s=60, **variables)
        assert told.status == 0, told
        assert not shown_in(f"config {words}", told.out + told.err, canaries)


@pytest.mark.parametrize(
    "url",
    [
        "redis://:{}@localhost/0",
        "redis://user:{}@localhost/0",
        "redis://:a@{}@localhost/0",
        "redis://:a/{}@localhost/0",
        "unix:///tmp/redis.sock?password={}",
        "unix:///tmp/redis.sock?db=1&password={}#x",
    ],
)
def test_a_password_in_an_address_is_not_shown(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERTULIA_REDIS__URL", url.format(canary := new_canary()))
    shown = {found.name: found.value for found in settings_as_they_stand(read_settings())}
    assert HIDDEN in shown["redis.url"]
    assert not shown_in("settings", repr(shown), [canary])


@pytest.mark.parametrize("setting", settings_with_secrets())
@pytest.mark.parametrize(
    "written", ['"{}"', "{}", '{{"a": "{}"}}', '["{}", 5]', '{{"a": ["{}"]}}', '{{"a": "{}"']
)
def test_a_secret_that_will_not_do_is_told_without_it(
    setting: str, written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret, (part, _, field) = new_canary(), setting.partition(".")
    value, whole = written.format(secret), json.dumps({field: {"a": [[secret]]}})
    for variable, given in ((f"{part}__{field}", value), (part, whole), (part, value)):
        with monkeypatch.context() as patched:
            patched.setenv(f"TERTULIA_{variable}".upper(), given)
            told = "".join(explained(wrong, "en") for wrong in mistakes())
            try:
                told += repr(read_settings())
            except SettingsError as error:
                told += str(error)
            assert not shown_in(f"{variable}={given}", told, [secret])


async def test_a_worker_gives_no_secret_away_however_it_fails(
    tmp_path: Path, locked: tuple[RedisServer, str]
) -> None:
    server, password = locked
    variables, canaries = as_environment()
    variables |= {
        "TERTULIA_REDIS__URL": f"{server.url}?password={password}",
        "TERTULIA_REDIS__SHARD": SHARD,
        "TERTULIA_WORKER__PORT": "0",
        "TERTULIA_LOG__LEVEL": "debug",
    }
    canaries.append(password)
    async with (
        FakeModelServer.open() as model,
        client_of(server, password) as redis,
        running(tmp_path, "engine", variables | {"TERTULIA_MODEL__URL": model.url}) as worker,
    ):
        told = await health_of(worker)
        rig = Rig(redis, SHARD)
        model.will(repeats_the_key)
        refused = await rig.start()
        await rig.log_until_closed(refused)
        model.will(fail(500, {"message": "no"}), hang_up(), send(chunk({"content": "{"})), say(""))
        whole = await rig.start()
        await rig.log_until_closed(whole)
        stopped = await rig.start(start())
        await rig.door.submit(stopped, StopDebate(ANA))
        await rig.log_until_closed(stopped)
        read = await transcripts(rig.door, refused, whole, stopped)
        assert "Incorrect API key provided: …." in read
        told += await health_of(worker)
        assert await worker.stop() == 0
        assert not shown_in("the worker's log", worker.said, canaries)
        assert not shown_in("health and counts", told, canaries)
        assert not shown_in("transcripts", read, canaries)
        assert not shown_in("Redis", await everything_in(redis), canaries)
        key = f"Bearer {variables['TERTULIA_MODEL__API_KEY']}"
        assert model.received[0].headers["Authorization"] == key, "it was there to be shown"


@pytest.mark.parametrize(
    ("wrong", "waits"),
    [
        ({"TERTULIA_REDIS__URL": "{socket}?password={canary}"}, False),
        ({"TERTULIA_REDIS__URL": "redis://:{canary}@127.0.0.1:1/0"}, True),
        ({"TERTULIA_MODEL__URL": "http://user:{canary}@127.0.0.1:1/v1"}, False),
    ],
    ids=["a password that is refused", "no Redis", "a key in the address"],
)
async def test_a_worker_that_cannot_begin_says_why_without_a_secret(
    tmp_path: Path, locked: tuple[RedisServer, str], wrong: dict[str, str], waits: bool
) -> None:
    server, password = locked
    variables, canaries = as_environment()
    canaries += [password, canary := new_canary()]
    variables["TERTULIA_REDIS__URL"] = f"{server.url}?password={password}"
    given = {k: v.format(socket=server.url, canary=canary) for k, v in wrong.items()}
    async with running(tmp_path, "engine", variables | given) as worker:
        if waits:
            await worker.until("process.waits")
            assert await worker.stop() == 0
        else:
            assert await worker.end() == 2
    assert worker.said
    assert not shown_in("what it says", worker.said, canaries)


async def test_a_slack_bot_gives_no_secret_away_however_slack_fails(
    tmp_path: Path, server: RedisServer, shard: str, redis: Redis
) -> None:
    async with house(server, shard) as home:
        settings = environment_of(home.settings) | LOUD | {"TERTULIA_SLACK__TIMEOUT_S": "1"}
        canaries = secrets_in(home.settings)
        assert len(canaries) >= 3
        async with running(tmp_path, "bots.slackbot", settings) as bot:
            await bot.until("slack.ready")
            home.slack.faults.plan(
                "chat.postMessage", *(fails(), loses_answer(), rate_limits(1), fails(503))
            )
            home.slack.faults.plan("users.info", refuses("missing_scope"), loses_answer())
            await home.ana.runs("/debate", QUESTION, home.general)
            thread = await home.closed()
            told = await health_of(bot)
            home.slack.faults.plan("chat.postEphemeral", *[refuses("invalid_auth")] * 3)
            home.slack.faults.plan("chat.postMessage", *[refuses("invalid_auth")] * 3)
            home.luis.says(home.general, "@tertulia what is that")
            await home.slack.deliveries.settle()
            await bot.stop()
        shown = "".join(seen.text for seen in home.ana.sees(home.general) + thread)
        read = await transcripts(home.debates, *[d.debate for d in await home.debates.recent(9)])
        assert not shown_in("the bot's log", bot.said, canaries)
        assert not shown_in("health and counts", told, canaries)
        assert not shown_in("the channel", shown, canaries)
        assert not shown_in("transcripts", read, canaries)
        assert not shown_in("Redis", await everything_in(redis), canaries)
        assert not FAULTS.search(bot.said), bot.said


async def test_a_discord_bot_gives_no_secret_away_however_discord_fails(
    tmp_path: Path, server: RedisServer, shard: str, redis: Redis
) -> None:
    async with discord_house(server, shard) as home:
        settings = environment_of(home.settings) | LOUD | {"TERTULIA_DISCORD__TIMEOUT_S": "1"}
        canaries, place = secrets_in(home.settings), home.club
        assert canaries
        async with running(tmp_path, "bots.discordbot", settings) as bot:
            told = await health_of(bot)
            post = "POST /webhooks/{webhook}/{token}"
            place.discord.faults.plan(
                post, discord_fails(), discord_loses_answer(), discord_refuses(50_035)
            )
            await home.until(lambda: '"gateway' in bot.said or "ready" in bot.said)
            place.luis.says(place.general, f"@Panel debate {QUESTION}")
            thread = await home.a_thread()
            place.discord.faults.plan("POST /channels/{channel}/messages", discord_fails())
            await home.until_async(lambda: _is_closed(home.debates), True)
            await home.until(lambda: place.discord.world.webhooks)
            place.luis.says(thread, "@Panel what is that")
            told += await health_of(bot)
            await bot.stop()
        webhooks = place.discord.world.webhooks.values()
        canaries += [hook.token for hook in webhooks]
        assert len(canaries) > 1
        read = await transcripts(home.debates, *[d.debate for d in await home.debates.recent(9)])
        shown = "".join(seen.text for seen in place.ana.sees(thread))
        assert not shown_in("the bot's log", bot.said, canaries)
        assert not shown_in("health and counts", told, canaries)
        assert not shown_in("the thread", shown, canaries)
        assert not shown_in("transcripts", read, canaries)
        assert not shown_in("Redis", await everything_in(redis), canaries)


async def _is_closed(debates: Debates) -> bool:
    listed = await debates.recent(1)
    return bool(listed) and listed[0].closed


def test_all_this_would_notice() -> None:
    secret = new_canary()
    assert shown_in("a log", f"Bearer {secret}", [secret])
    assert shown_in("an address", f"?password={secret}", [secret])
    assert not shown_in("a log", "Bearer …", [secret])
