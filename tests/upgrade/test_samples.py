"""What every version so far has left in Redis, this one reads, goes on with, and brings to its end.

A new sample is kept with each release: `python -m tests.upgrade`.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from redis.asyncio import Redis

from bots.chat.beginning import Beginning
from bots.chat.surface import Key
from engine.adapters.backup_file import read_head, read_pieces
from engine.adapters.redis_archive import RedisArchive
from engine.debate.codec import EVENTS
from engine.debate.commands import LeaveSeat, ResumeDebate, SetPace, StartDebate
from engine.debate.events import DebateClosed, Pace, Record
from engine.debate.evolve import fold
from engine.debate.folded import EVERY, shape
from engine.debate.state import Phase
from engine.ports.store import AlreadyTaken
from tests.chat.delivery.given import Bench, until, words_of
from tests.debate.given import PANEL
from tests.fakes.model_server import FakeModelServer
from tests.fakes.thread_server import Posted, ThreadServer
from tests.runtime.rig import Rig, client_of, turns
from tests.upgrade.__main__ import this_version
from tests.upgrade.course import LONG
from tests.upgrade.facts import told
from tests.upgrade.house import ANA, WORKSPACE, House, ana, bea, thread
from tests.upgrade.keys import FOLDER, Sample
from tests.upgrade.sampling import sample

PATIENCE_S = 60.0


async def test_each_debate_stands_as_it_stood(left: Sample, house: House) -> None:
    now = await told(house, left.told["day"])
    assert now["debates"].keys() == left.told["debates"].keys()
    for name, stood in left.told["debates"].items():
        for fact, value in stood.items():
            assert as_json(now["debates"][name][fact]) == value, (name, fact)


async def test_the_books_say_what_they_said(left: Sample, house: House) -> None:
    now = as_json((await told(house, left.told["day"]))["books"])
    for book, value in left.told["books"].items():
        assert now[book] == value, book
    notes = await house.places.left_over(WORKSPACE, 60_000)
    assert notes == left.told["begun"]
    (begun,) = map(Beginning.noted, notes.values())
    assert begun is not None
    assert (begun.command.topic, begun.command.panel.id) == ("¿Ñ?", "small")
    assert begun.asker.person == ANA
    code, debate = left.told["code"]
    assert await house.places.redeem(code, thread("another")) == debate
    again = StartDebate("Again?", PANEL, by=ana("again"))
    with pytest.raises(AlreadyTaken):
        await house.door.start(f"{left.shard}-again", again, ["start of talk"])


async def test_a_backup_of_it_is_restored_to_the_same_open_debates(
    left: Sample, house: House
) -> None:
    file = FOLDER / f"{left.version}.backup"
    assert read_head(file).version == left.version
    await RedisArchive(house.redis, shard=left.shard).write(read_pieces(file), replace=True)
    now = (await told(house, left.told["day"]))["debates"]
    going_on = {n: stood for n, stood in left.told["debates"].items() if not stood["closed"]}
    assert going_on.keys() <= now.keys()
    for name, stood in going_on.items():
        assert {fact: as_json(now[name][fact]) for fact in stood} == stood, name


async def test_how_a_debate_stood_is_taken_from_those_who_folded_alike_and_no_others(
    left: Sample, house: House
) -> None:
    long = left.told["debates"]["long"]["id"]
    (kept,) = [key["value"] for key in left.keys if key["key"].endswith(f"{long}:stands")]
    stood, since = await house.store.latest(long)
    whole = fold(None, [record.event for record in await house.store.load(long)])
    assert (stood is not None) == (kept["shape"] == shape())
    assert fold(stood, [record.event for record in since]) == whole
    assert whole.n > EVERY


async def test_every_debate_goes_on_and_ends_and_each_event_is_shown_once(
    left: Sample, house: House
) -> None:
    debates = {name: facts["id"] for name, facts in left.told["debates"].items()}
    rig = Rig(house.redis, left.shard)
    async with (
        ThreadServer.open() as server,
        FakeModelServer.open() as model,
        client_of(model.url) as client,
    ):
        stand_again(server, left)
        bench = Bench(house.redis, left.shard, server)
        await as_people_do(house, debates)
        async with bench.process(), rig.worker(client):
            for debate in debates.values():
                await until(lambda: ended(house, debate), PATIENCE_S)  # noqa: B023 - waited for
            await until(lambda: delivered(bench), PATIENCE_S)
        for debate in debates.values():
            in_order(await house.door.records(debate))
    for place in server.threads:
        slots = [Key.parse(posted.key) for posted in server.threads[place]]
        shown = [(key.n, key.part) for key in slots if key is not None]
        assert len(shown) == len(slots), place
        assert shown == sorted(set(shown)), place
    for place in ("talk", "mirror"):
        assert words_of(server.texts(place)) == LONG.split(), place


def test_this_version_has_left_its_sample() -> None:
    assert (FOLDER / f"{this_version()}.json").exists(), "keep one: python -m tests.upgrade"


async def test_a_sample_has_every_event_and_every_kind_of_key(redis: Redis, shard: str) -> None:
    taken = await sample(redis, shard, "now")
    events = Counter(
        words[words.index("e") + 1]
        for key in taken.keys
        if key["key"].endswith(":log")
        for _, words in key["value"]
    )
    assert events.keys() == EVENTS.keys()
    whose = f"tertulia:{{{shard}}}:"
    kinds = {key["key"].removeprefix(whose).partition(":")[0] for key in taken.keys}
    assert kinds >= {
        *("work", "timers", "dead", "recent", "mail", "defaults", "likes", "begun", "open", "d"),
        *("allowance", "vault", "thread", "heard", "code", "taken", "day", "panel", "held"),
        "resting",
    }
    written = [key["key"] for key in taken.keys]
    await redis.delete(*written)


async def as_people_do(house: House, debates: dict[str, str]) -> None:
    """Whatever waits for somebody no longer does."""
    door = house.door
    for letter in await house.inspection.dead(9):
        await house.upkeep.retry(letter.entry)
    for name, debate in debates.items():
        state = await door.load(debate)
        if state.obstacle:
            await house.readers("who wakes").wake(debate, thread(name))
        elif state.phase is Phase.DEBATING:
            await door.submit(debate, ResumeDebate(ana(name)))
            await door.submit(debate, SetPace(Pace.LIVE, ana(name)))
    for actor in (ana("seats"), bea("seats")):
        await door.submit(debates["seats"], LeaveSeat(actor))


async def ended(house: House, debate: str) -> bool:
    """Whether it is closed and nobody is called on."""
    state = await house.door.load(debate)
    return state.reason is not None and state.pending is None


async def delivered(bench: Bench) -> bool:
    """Whether no mail is left."""
    return await bench.mail_left() == 0


def in_order(records: list[Record]) -> None:
    """The log has no gap, each turn once and to whom it was asked for, and a close."""
    assert [record.n for record in records] == list(range(1, len(records) + 1))
    log = [record.event for record in records]
    assert turns(log)
    assert any(isinstance(event, DebateClosed) for event in log)


def stand_again(server: ThreadServer, left: Sample) -> None:
    """The platform outlives the version: its threads have what was posted."""
    for name, posted in left.threads.items():
        server.threads[name] = [Posted(**one | {"pings": tuple(one["pings"])}) for one in posted]
    ids = [int(one.id) for there in server.threads.values() for one in there]
    server.goes_on_from(max(ids))


def as_json(value: Any) -> Any:
    """The value as a file gives it back."""
    return json.loads(json.dumps(value))
