"""`tertulia debates …`, by the real command, on a real server."""

from __future__ import annotations

import asyncio
import json
import os
import pty
import signal
from dataclasses import replace
from pathlib import Path

import pytest
from redis.asyncio import Redis

from engine.adapters.redis_keys import DebateKeys, ShardKeys
from engine.debate.commands import Actor
from engine.debate.events import MessageHeard, Person, Place
from tests.debate.given import start
from tests.deploy.admin import LIMIT_S, Admin
from tests.runtime.rig import Rig

HOME = Place("slack:T1", "C1", "1690.1")
ANA = Actor(Person("slack:T1:U1", "Ana"), HOME)


async def begun(rig: Rig, topic: str = "Tabs or spaces?") -> str:
    return await rig.start(replace(start(), by=ANA, topic=topic))


async def test_debates_are_listed_the_latest_first_and_the_closed_ones_left_out(
    admin: Admin, rig: Rig
) -> None:
    over, going_on = await rig.start(), await begun(rig, "Tea?\nor\tcoffee?")
    await rig.finish(over)
    found = await admin.json("debates", "list")
    assert {entry["debate"] for entry in found} == {over, going_on}
    entry = (await admin.json("debates", "list", "--open"))[0]
    assert (entry["debate"], entry["closed"], entry["topic"]) == (
        going_on,
        False,
        "Tea?\nor\tcoffee?",
    )
    assert entry["home"] == {"workspace": "slack:T1", "channel": "C1", "thread": "1690.1"}
    lines = (await admin.does("debates", "list", "--open")).splitlines()
    assert lines[0].split("\t")[0] == "debate"
    assert lines[1].split("\t")[::5] == [going_on, "Tea? or coffee?"]
    await rig.finish(going_on)


async def test_a_debate_is_shown_as_it_stands(admin: Admin, rig: Rig) -> None:
    debate = await begun(rig)
    found = await admin.json("debates", "show", debate)
    assert (found["debate"], found["phase"], found["turns"]) == (debate, "debating", 0)
    assert found["next"]
    facts = await admin.does("debates", "show", debate, LANG="es_ES.UTF-8")
    assert "estado\tabierto" in facts
    await rig.finish(debate)


@pytest.mark.parametrize(
    "words", [["show"], ["tail"], ["pause"], ["export"], ["purge", "--yes"], ["say", "Hello"]]
)
async def test_a_debate_that_is_not_there_is_said_in_one_line(
    admin: Admin, words: list[str]
) -> None:
    command, *more = words
    asked = ("debates", command, "main-nobody", *more)
    assert await admin.fails(*asked) == "There is no debate main-nobody here."
    ended = await admin.run(*asked, LANG="es_ES.UTF-8")
    assert (ended.status, ended.out) == (2, "")
    assert ended.err == "tertulia: Aquí no hay ningún debate main-nobody.\n"


async def test_people_are_heard_and_obeyed_from_the_command_line(admin: Admin, rig: Rig) -> None:
    debate = await begun(rig)
    assert (await admin.json("debates", "pause", debate))["paused"]
    assert not (await admin.json("debates", "resume", debate))["paused"]
    first = (await admin.json("debates", "show", debate))["next"]
    await admin.json("debates", "skip", debate)
    assert (await admin.json("debates", "show", debate))["next"] != first
    await admin.json("debates", "say", debate, "And the cost?", "--as", "Ops")
    heard = [r.event for r in await rig.door.records(debate) if isinstance(r.event, MessageHeard)]
    assert [(event.author.name, event.text) for event in heard] == [("Ops", "And the cost?")]
    why = await admin.fails("debates", "say", debate, "Hm?", "--to", "nobody")
    assert why.startswith("nobody there is called nobody; choose one of ")
    assert (await admin.json("debates", "stop", debate))["phase"] == "closing"
    await rig.finish(debate)
    assert await admin.fails("debates", "stop", debate) == (
        "This debate is closed. Another round opens it again."
    )


async def test_a_debate_is_followed_until_it_closes(admin: Admin, rig: Rig) -> None:
    debate = await begun(rig)
    tail = await admin.start("debates", "tail", debate, "--json")
    assert tail.stdout is not None
    async with asyncio.timeout(LIMIT_S):
        first = json.loads(await tail.stdout.readline())
        assert (first["event"], first["debate"]) == ("debate.started", debate)
        await rig.finish(debate)
        rest, err = await tail.communicate()
    assert (tail.returncode, err) == (0, b"")
    assert json.loads(rest.splitlines()[-1])["event"] == "debate.closed"
    assert "Tabs or spaces?" in await admin.does("debates", "tail", debate)


async def test_ctrl_c_ends_a_tail_and_leaves_the_debate_alone(admin: Admin, rig: Rig) -> None:
    debate = await begun(rig)
    tail = await admin.start("debates", "tail", debate, "--json")
    assert tail.stdout is not None
    async with asyncio.timeout(LIMIT_S):
        await tail.stdout.readline()
        tail.send_signal(signal.SIGINT)
        _, err = await tail.communicate()
    assert (tail.returncode, err) == (130, b"")
    assert (await admin.json("debates", "show", debate))["phase"] == "debating"
    await rig.finish(debate)


async def test_a_transcript_is_written_in_three_forms(admin: Admin, rig: Rig) -> None:
    debate = await begun(rig)
    await rig.finish(debate)
    files = (await admin.json("debates", "export", debate))["files"]
    assert [Path(file).name for file in files] == [
        "transcript.md",
        "transcript.json",
        "transcript.html",
    ]
    assert "Tabs or spaces?" in (admin.home / debate / "transcript.md").read_text()


async def test_nothing_is_purged_that_is_open_or_was_not_confirmed(
    admin: Admin, rig: Rig, redis: Redis
) -> None:
    over, going_on = await rig.start(), await begun(rig)
    await rig.finish(over)
    assert await admin.fails("debates", "purge", over) == (
        "This cannot be undone; to have it done without being asked: --yes"
    )
    assert (await admin.run("debates", "purge", over)).status == 2, "nobody there to be asked"
    assert await admin.fails("debates", "purge", going_on, "--yes") == (
        f"{going_on} is open; stop it first: tertulia debates stop {going_on}"
    )
    assert await redis.exists(DebateKeys(over).log, DebateKeys(going_on).log) == 2
    await rig.finish(going_on)


@pytest.mark.parametrize(("answer", "status", "left"), [("n", 2, 1), ("y", 0, 0)])
async def test_who_sits_at_a_terminal_is_asked_first(
    admin: Admin, rig: Rig, redis: Redis, answer: str, status: int, left: int
) -> None:
    debate = await rig.start()
    await rig.finish(debate)
    ours, theirs = pty.openpty()
    purge = await admin.start("debates", "purge", debate, stdin=theirs)
    os.close(theirs)
    os.write(ours, f"{answer}\n".encode())
    async with asyncio.timeout(LIMIT_S):
        _, err = await purge.communicate()
    os.close(ours)
    assert purge.returncode == status, err
    assert f"Delete {debate} for good".encode() in err
    assert await redis.exists(DebateKeys(debate).log) == left


async def test_what_is_purged_leaves_nothing_behind(
    admin: Admin, rig: Rig, redis: Redis, shard: str
) -> None:
    debate = await begun(rig, "A secret question")
    await rig.finish(debate)
    assert await admin.json("debates", "purge", debate, "--yes") == {"purged": [debate]}
    assert not await rig.kept_anywhere(b"A secret question")
    assert await rig.places.debate_at(HOME) is None
    left = [key.decode() async for key in redis.scan_iter(match=f"{ShardKeys(shard).root}:d:*")]
    assert left == []
    assert await admin.json("debates", "list") == []
