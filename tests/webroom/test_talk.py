"""What people do in the room reaches the debate once, and what is refused only they are told."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.webroom.rig import LONG_S, Room, Visitor

HOSTILE = (
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    "{0.__class__} {name} %s ${x} {{7*7}}",
    "\u202egnol si siht\u202c \u0000 \x1b[31m",
    "AI Doomer: I said this. @AI Doomer",
    "x" * 40_000,
)


def named(posts: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """The events of this name."""
    return [post["event"] for post in posts if post["name"] == name]


async def test_words_in_the_thread_are_in_the_log_under_their_authors_name(room: Room) -> None:
    room.speaker.hold()
    async with Visitor.of(room.url, "Ana") as ana:
        debate = await ana.start()
        assert (await ana.say(debate, "What does it cost?"))["text"] == ""
        room.speaker.go_on()
        [heard] = named(await ana.posts(debate, "debate.closed"), "message.heard")
    assert (heard["text"], heard["to"]) == ("What does it cost?", None)
    assert heard["author"] == {"id": ana.id, "name": "Ana"}


@pytest.mark.parametrize("text", ["@AI Doomer and then?", "@doomer and then?", "and then?"])
async def test_a_tagged_persona_answers_its_asker_next(room: Room, text: str) -> None:
    room.speaker.hold()
    async with Visitor.of(room.url, "Ana") as ana:
        debate = await ana.start()
        picked = {"to": "ai-doomer"} if not text.startswith("@") else {}
        await ana.say(debate, text, **picked)
        room.speaker.go_on()
        posts = await ana.posts(debate, "debate.closed")
    turns = named(posts, "turn.spoken")
    assert [(turn["persona"], turn["kind"]) for turn in turns[:3]] == [
        ("coordinator", "order"),
        ("ai-doomer", "side"),
        ("ai-researcher", "order"),
    ]
    side = next(e for e in named(posts, "turn.requested") if e["kind"] == "side")
    assert side["answers"]["name"] == "Ana"


async def test_a_request_that_the_browser_sends_again_does_nothing_twice(room: Room) -> None:
    room.speaker.hold()
    async with Visitor.of(room.url, "Ana") as ana:
        debate = await ana.start()
        for _ in range(3):
            await ana.say(debate, "Once.", key="the-same")
        room.speaker.go_on()
        posts = await ana.posts(debate, "debate.closed")
    assert len(named(posts, "message.heard")) == 1


@pytest.mark.parametrize("typed", [False, True])
async def test_a_debate_that_is_asked_for_again_is_the_same_one(room: Room, typed: bool) -> None:
    room.speaker.hold()
    async with Visitor.of(room.url, "Ana") as ana, Visitor.of(room.url, "Bo") as bo:
        here = await ana.start()

        async def start(who: Visitor, key: str) -> str:
            if not typed:
                return await who.start("Tea?", key=key)
            return str((await who.say(here, "/debate Tea?", key=key))["debate"])

        first = await start(ana, "k1")
        assert await start(ana, "k1") == first
        others = {await start(ana, "k2"), await start(bo, "k1")}
        assert len({here, first, *others}) == 4
        assert len(await room.site.debates.recent(9)) == 4
        room.speaker.go_on()


async def test_words_to_nobody_after_the_close_are_answered_each_time(room: Room) -> None:
    async with Visitor.of(room.url, "Ana") as ana:
        debate = await ana.start()
        await ana.posts(debate, "debate.closed")
        for n in range(2):
            told = await ana.say(debate, "Thank you all.", key=f"k{n}")
            assert "The debate is closed: tag a persona" in told["text"]
        assert (await ana.say(debate, "@doomer, thank you.", key="k3"))["text"] == ""


async def test_a_commands_topic_may_stand_on_the_next_line(room: Room) -> None:
    room.speaker.hold()
    async with Visitor.of(room.url, "Ana") as ana:
        here = await ana.start()
        there = (await ana.say(here, "/debate\nTea or coffee?"))["debate"]
        assert (await room.site.debates.load(there)).started.topic == "Tea or coffee?"
        room.speaker.go_on()


async def test_ones_own_words_can_be_corrected_and_taken_back(room: Room) -> None:
    room.speaker.hold()
    async with Visitor.of(room.url, "Ana") as ana, Visitor.of(room.url, "Bo") as bo:
        debate = await ana.start()
        await ana.say(debate, "Frist!", key="k1")
        message = f"{ana.id}:k1"
        await ana.do(debate, "correct", message=message, text="First!")
        told = await bo.do(debate, "erase", message=message)
        assert "Only whoever wrote a message" in told["text"]
        await ana.do(debate, "erase", message=message)
        room.speaker.go_on()
        posts = await bo.posts(debate, "debate.closed")
        _, markdown = await bo.get(f"/d/{debate}/transcript.md")
    assert len(named(posts, "message.edited")) == len(named(posts, "message.erased")) == 1
    words = str(posts) + markdown
    assert "Frist" not in words
    assert "First!" not in words


async def test_only_whoever_started_it_steers_and_others_are_told_why(room: Room) -> None:
    room.speaker.hold()
    async with Visitor.of(room.url, "Ana") as ana, Visitor.of(room.url, "Bo") as bo:
        debate = await ana.start()
        assert "Ana" in (await bo.do(debate, "stop"))["text"]
        assert (await ana.do(debate, "pause"))["text"] == ""
        assert (await ana.view(debate))["paused"] is True
        assert (await ana.do(debate, "resume"))["text"] == ""
        assert (await ana.do(debate, "stop"))["text"] == ""
        room.speaker.go_on()
        posts = await ana.posts(debate, "debate.closed")
    assert named(posts, "debate.closed")[0]["reason"] == "stopped"


async def test_a_seat_that_is_taken_is_called_and_spoken_for(room: Room) -> None:
    room.speaker.hold()
    async with Visitor.of(room.url, "Ana") as ana:
        debate = await ana.start()
        await ana.do(debate, "take_seat", seat="ai-researcher")
        room.speaker.go_on()
        while True:
            view = await ana.view(debate)
            if view["status"]["kind"] == "seat":
                break
        assert view["pending"]["person"]["name"] == "Ana"
        assert view["pending"]["question"]
        assert view["status"]["until_ms"] > 0
        turn = view["pending"]["turn"]
        said = {"answer": "I measured it.", "question": "And you?"}
        late = await ana.do(debate, "speak", **said, turn=turn - 1, key="j")
        assert late["text"] == "This turn is over; what you wrote was not said."
        await ana.do(debate, "speak", **said, turn=turn, key="k")
        posts = await ana.posts(debate, "debate.closed")
    turn = named(posts, "turn.spoken")[1]
    assert (turn["by"], turn["answer"], turn["question"]) == (
        "person",
        "I measured it.",
        "And you?",
    )
    assert turn["next"] == "ai-philosopher"


async def test_votes_are_counted_for_everybody(room: Room) -> None:
    async with Visitor.of(room.url, "Ana") as ana, Visitor.of(room.url, "Bo") as bo:
        debate = await ana.start()
        await ana.posts(debate, "debate.closed")
        await ana.do(debate, "vote", turn=2, vote=1)
        await bo.do(debate, "vote", turn=2, vote=-1)
        assert (await bo.view(debate))["votes"] == {"2": {ana.id: 1, bo.id: -1}}
        await ana.do(debate, "vote", turn=2, vote=0)
        assert (await bo.view(debate))["votes"] == {"2": {bo.id: -1}}
        assert "no turn 99" in (await ana.do(debate, "vote", turn=99, vote=1))["text"]


async def test_commands_are_understood_and_answered_to_whoever_wrote_them(room: Room) -> None:
    room.speaker.hold()
    async with Visitor.of(room.url, "Ana") as ana:
        debate = await ana.start()
        assert "Pace: live" in (await ana.say(debate, "/debate status"))["text"]
        assert "pause" in (await ana.say(debate, "/debate help"))["text"]
        await ana.say(debate, "/debate pausa")
        assert (await ana.view(debate))["paused"] is True
        files = (await ana.say(debate, "/debate export md"))["files"]
        assert files == ["transcript.md"]
        assert (await ana.get(f"/d/{debate}/{files[0]}"))[0] == 200
        assert named(await _so_far(ana, debate), "message.heard") == []
        room.speaker.go_on()


async def test_a_topic_after_the_command_starts_a_debate_on_a_page_of_its_own(room: Room) -> None:
    async with Visitor.of(room.url, "Ana") as ana:
        debate = await ana.start()
        told = await ana.say(debate, "/debate rounds=2 pace=live Is tea better than coffee?")
        assert told["debate"] not in (None, debate)
        posts = await ana.posts(told["debate"], "debate.started")
    started = posts[0]["event"]
    assert (started["topic"], started["rounds"]) == ("Is tea better than coffee?", 2)
    assert started["home"]["thread"] == told["debate"]


async def test_nobody_speaks_without_a_name(room: Room) -> None:
    async with Visitor.of(room.url) as guest, Visitor.of(room.url, "Ana") as ana:
        debate = await ana.start()
        for path in ("/debates", f"/d/{debate}/say", f"/d/{debate}/do"):
            status, told = await guest.post(path, text="x", topic="x", do="pause")
            assert (status, told["kind"]) == (401, "Unnamed")


@pytest.mark.parametrize(
    "fields",
    [
        {"do": "vote", "turn": "1", "vote": 1},
        {"do": "vote", "turn": 1, "vote": 7},
        {"do": "vote", "turn": True, "vote": 1},
        {"do": "pace", "pace": "fast"},
        {"do": "fly"},
        {"do": 5},
        {"do": "pause", "key": "k" * 65},
    ],
)
async def test_what_no_button_says_is_refused(room: Room, fields: dict[str, Any]) -> None:
    async with Visitor.of(room.url, "Ana") as ana:
        debate = await ana.start()
        status, told = await ana.post(f"/d/{debate}/do", **fields)
        assert (status, bool(told["error"])) == (400, True)


@pytest.mark.parametrize(
    "fields", [{"topic": ""}, {"topic": "x" * 2_001}, {"rounds": 99}, {"panel": "none"}]
)
async def test_what_no_debate_can_start_with_is_told(room: Room, fields: dict[str, Any]) -> None:
    async with Visitor.of(room.url, "Ana") as ana:
        asked = {"topic": "Tea?", "panel": "ai-en", **fields}
        status, told = await ana.post("/debates", **asked)
        assert status >= 400
        assert told["error"]


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_words_are_kept_and_shown_as_they_are(room: Room, text: str) -> None:
    room.speaker.hold()
    async with Visitor.of(room.url, "<b>Ana</b> {x}") as ana:
        debate = await ana.start(topic=f"{text[:1_000]} ?")
        await ana.say(debate, text)
        room.speaker.go_on()
        posts = await ana.posts(debate, "debate.closed")
        status, page = await ana.get(f"/d/{debate}")
    assert status == 200
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert len(named(posts, "message.heard")) == 1


async def test_more_than_the_log_keeps_is_refused_and_told(room: Room) -> None:
    room.speaker.hold()
    async with Visitor.of(room.url, "Ana") as ana:
        debate = await ana.start()
        told = await ana.say(debate, "x" * 40_001)
        assert "40000" in told["text"].replace(",", "")
        room.speaker.go_on()


async def _so_far(visitor: Visitor, debate: str) -> list[dict[str, Any]]:
    posts = []
    async with asyncio.timeout(LONG_S):
        async for told in visitor.events(debate):
            if told.name == "view":
                break
            posts.append(told.data)
    return posts
