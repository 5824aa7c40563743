"""The bot as a process: what it says of itself, how it ends, and several of them at once."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace

import aiohttp
import pytest

from bots.discordbot.answering import CALLBACK
from bots.discordbot.setup import NotSetUp, checked
from engine.settings import read_settings
from tests.discordbot.processes import started
from tests.discordbot.rig import HASTY, House, house
from tests.discordbot.test_bot_journeys import QUESTION, count, ephemeral
from tests.discordbot.test_bot_opening import THREADS
from tests.fakes.discord.applications import Intent
from tests.fakes.discord.faults import Fault, answers_after, fails, fails_after, loses_answer
from tests.fakes.discord.guilds import Channel
from tests.redis_server import RedisServer


@pytest.fixture
async def home(server: RedisServer, shard: str, redis: object) -> AsyncIterator[House]:
    async with house(server, shard) as opened:
        yield opened


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "discord.token (TERTULIA_DISCORD__TOKEN) is not set"),
        ({"token": "x", "identity": "bots"}, "discord.persona_tokens"),
    ],
)
def test_what_is_missing_is_named(given: dict[str, str], says: str) -> None:
    with pytest.raises(NotSetUp) as told:
        checked(read_settings(discord=given).discord)
    assert says in str(told.value)


async def test_a_token_that_discord_does_not_take_ends_the_process_with_one_line(
    home: House,
) -> None:
    async with started(home, token="x") as process:
        assert await said(process) == (
            "tertulia: Discord does not accept the bot's token; set the right one, and start it"
            " again.\n"
        )
    assert process.returncode == 2


async def test_without_the_intent_that_is_asked_for_the_process_says_what_to_switch_on(
    home: House,
) -> None:
    home.club.app.allowed = Intent(0)
    async with started(home) as process:
        told = await said(process)
    assert process.returncode == 2
    assert "switch on the Message Content Intent" in told
    assert told.count("\n") == 1


async def test_it_tells_whether_discord_reaches_it_and_waits_for_that(home: House) -> None:
    home.club.discord.gateway.goes_down()
    port = free_port()
    async with started(home, health_port=str(port)) as process, aiohttp.ClientSession() as http:
        url = f"http://127.0.0.1:{port}"
        await home.until(lambda: home.club.discord.gateway.turned_away)
        await home.until_async(lambda: status(http, url), 503)
        home.club.discord.gateway.comes_back()
        await home.until_async(lambda: status(http, url), 200)
        counted = await (await http.get(f"{url}/metrics")).text()
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
    assert "tertulia_discord_calls_total" in counted


async def test_discord_may_be_away_when_the_process_starts(home: House) -> None:
    home.club.discord.faults.plan("GET /users/@me", fails(), fails())
    port = free_port()
    async with started(home, health_port=str(port)), aiohttp.ClientSession() as http:
        await home.until_async(lambda: status(http, f"http://127.0.0.1:{port}"), 200)


async def test_two_processes_hear_everything_and_do_it_once(home: House) -> None:
    place = home.club
    await home.publish()
    async with home.bot(), home.bot():
        place.discord.announcer.double(2)
        place.luis.says(place.general, f"@Panel debate {QUESTION}")
        thread = await home.a_thread()
        posts = await home.closed(thread)
        await place.luis.runs(place.app, "debate status", thread)
        await home.until(lambda: len(shown_status(home, thread)) == 1)
        place.luis.says(thread, "@doomer what if you are wrong?")
        place.luis.says(thread, "@Panel what is that")
        await home.until_async(lambda: count(home, "MessageHeard"), 2)
        await home.until(lambda: len(home.posts(thread)) == 12)
    assert len(posts) == 9
    assert len(await home.debates.recent(9)) == 1
    assert place.luis.notices == []


async def test_while_redis_is_silent_commands_are_answered_and_words_wait(
    server: RedisServer, shard: str, redis: object
) -> None:
    async with house(server, shard, speaks=False) as home:
        place = home.club
        await home.publish()
        async with home.bot(replace(HASTY, answer=0.3)):
            with silent(server):
                ran = await place.ana.runs(
                    place.app, "debate start", place.general, topic="Tabs?", panel="ai-en"
                )
                assert ran.answer == 5, "it was deferred"
                await home.until(lambda: ephemeral(place.ana, place.general))
                (told,) = ephemeral(place.ana, place.general)
                assert "vuelva a intentarlo" in told
                place.luis.says(place.general, f"@Panel debate {QUESTION}")
            await home.until_async(lambda: count(home, "DebateStarted"), 1)
            await home.a_thread()
    assert place.ana.notices == []


async def test_an_answer_that_comes_after_a_quarter_of_an_hour_is_written_to_the_asker(
    server: RedisServer, shard: str, redis: object
) -> None:
    async with house(server, shard, speaks=False) as home:
        place = home.club
        await home.publish()
        async with home.bot(replace(HASTY, answer=0.5)):
            with silent(server):
                await place.luis.runs(place.app, "debate pause", place.general)
                place.discord.clock.advance(901)
                direct = place.luis.direct(place.app)
                await home.until(lambda: place.luis.sees(direct))
        (told,) = place.luis.sees(direct)
    assert told.text == "That could not be done just now; try again in a moment."


async def test_a_debate_goes_on_though_its_bot_is_killed(home: House) -> None:
    place = home.club
    home.speaker.pause_s = 0.02
    async with started(home) as process:
        await home.until(lambda: place.discord.gateway.of(place.app))
        await home.until_async(lambda: mentioned(home), True)
        thread = await home.a_thread()
        await home.until(lambda: len(home.posts(thread)) >= 2)
        process.send_signal(signal.SIGKILL)
        await process.wait()
    home.speaker.hold()
    place.luis.says(thread, "Who is there?")
    async with started(home) as process:
        await home.until_async(lambda: count(home, "MessageHeard"), 1)
        home.speaker.go_on()
        posts = await home.closed(thread)
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
    assert len([seen for seen in posts if seen.message.webhook_id]) == 9


async def test_a_sharded_bot_holds_debates_too(home: House) -> None:
    place = home.club
    place.discord.shards = 2
    async with home.bot(shards=True):
        assert len(place.discord.gateway.of(place.app)) == 2
        place.luis.says(place.general, f"@Panel debate {QUESTION}")
        thread = await home.a_thread()
        assert len(await home.closed(thread)) == 9


async def test_commands_are_published_once_and_only_when_they_are_others(home: House) -> None:
    app = home.club.app
    await home.publish()
    creates = dict(app.creates)
    await home.publish()
    assert app.creates == creates
    puts = home.club.discord.trace.calls("PUT /applications/{app}/commands")
    assert len(puts) == 1
    (command,) = (c for c in app.commands[""] if c["name"] == "debate")
    start = next(option for option in command["options"] if option["name"] == "start")
    assert start["name_localizations"]["es-ES"] == "debatir"
    assert start["description_localizations"]["es-419"] == "Comenzar un debate."


async def mentioned(home: House) -> bool:
    """Asks for a debate once the bot hears."""
    place = home.club
    heard = place.discord.trace.calls("GET /applications/{app}/commands")
    if heard:
        place.luis.says(place.general, f"@Panel debate {QUESTION}")
    return bool(heard)


def shown_status(home: House, thread: Channel) -> list[str]:
    seen = home.club.luis.sees(thread)
    return [s.text for s in seen if s.message.interaction and not s.is_thinking and s.text]


async def status(http: aiohttp.ClientSession, url: str) -> int:
    try:
        async with http.get(f"{url}/healthz") as answer:
            return answer.status
    except aiohttp.ClientError:
        return 0


async def said(process: asyncio.subprocess.Process) -> str:
    """What the process wrote to its standard error that is no log line."""
    async with asyncio.timeout(30):
        _, written = await process.communicate()
    lines = written.decode().splitlines(keepends=True)
    return "".join(line for line in lines if line.startswith("tertulia: "))


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextlib.contextmanager
def silent(server: RedisServer) -> Iterator[None]:
    """The server takes connections and commands, and answers nothing."""
    process = server._process
    assert process is not None
    process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        process.send_signal(signal.SIGCONT)


@pytest.mark.parametrize("fault", [fails_after, loses_answer], ids=["5xx", "none"])
async def test_a_command_whose_deferral_got_no_clear_answer_is_done_all_the_same(
    home: House, fault: Callable[[], Fault]
) -> None:
    place = home.club
    await home.publish()
    async with home.bot():
        place.discord.faults.plan(CALLBACK, fault())
        await place.luis.runs(place.app, "debate help", place.general)
        await home.until(lambda: ephemeral(place.luis, place.general))
    assert len(place.discord.trace.calls(CALLBACK)) == 1
    assert place.luis.notices == []


async def test_what_was_asked_for_before_a_stop_is_answered(home: House) -> None:
    place, heard = home.club, asyncio.Event()
    await home.publish()
    async with home.bot() as bot:
        place.discord.faults.plan(CALLBACK, answers_after(heard))
        asking = asyncio.create_task(place.luis.runs(place.app, "debate help", place.general))
        await home.until(lambda: place.discord.faults.pending == 0)
        bot.stop()
        await home.until(lambda: bot._parts.background.is_closing)
        heard.set()
        await asking
    assert "Write a topic" in ephemeral(place.luis, place.general)[0]


async def test_a_token_that_is_taken_no_more_is_told(home: House) -> None:
    place = home.club
    async with home.bot() as bot:
        place.discord.faults.plan(THREADS, fails(401))
        place.luis.says(place.general, f"@Panel debate {QUESTION}")
        await home.until(lambda: bot.ailing() == "Discord does not accept the token of the bot")
