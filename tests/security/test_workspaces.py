"""Workspaces on one engine cannot see each other's debates, nor touch them, whatever they send."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from redis.asyncio import Redis

from bots.chat.desk import Asker
from bots.chat.grammar import Control, EndMirror, Export, LeaveSeat, MakeMirror, Verb, VoteOn
from bots.chat.grammar.asks import Ask
from bots.chat.grammar.verbs import PHRASES
from bots.slackbot.form import FORM, TOPIC
from bots.slackbot.seat_forms import SPEAK_FORM, TAKE_FORM
from bots.webroom.site import Site
from engine.adapters.redis_keys import new_debate_id
from engine.debate.commands import Actor, CastVote, Erase, StopDebate, TakeSeat
from engine.debate.events import Person, Place, SynthesisRequested
from engine.ports.places import CODE_ALPHABET, CODE_LETTERS
from tests.chat.at_the_desk import GUEST, HOME, THERE, AtTheDesk
from tests.debate.given import start
from tests.fakes.slack.http_mode import signed
from tests.redis_server import RedisServer
from tests.slackbot.rig import House, house
from tests.webroom.rig import House as WebHouse
from tests.webroom.rig import Visitor

SECRET = "Heliotrope"
TOPIC_TOLD = f"{SECRET}: shall we buy it? panel=ai-en pace=live"
FOREIGN = Place("slack:TOTHER", "COTHER", "1700000000.000100")


# Ids and codes


def test_an_id_has_eighty_bits_that_no_seed_gives_away() -> None:
    random.seed(1)
    first = new_debate_id("main")
    random.seed(1)
    assert new_debate_id("main") != first
    ids = [new_debate_id("main").removeprefix("main-") for _ in range(4_000)]
    assert len(set(ids)) == len(ids)
    for place in range(16):
        letters = Counter(id_[place] for id_ in ids)
        assert len(letters) == 32, "five bits a letter"
        assert max(letters.values()) < 250, "each as likely as another"


async def test_a_mirrors_code_is_long_made_by_chance_and_soon_over(
    here: AtTheDesk, redis: Redis
) -> None:
    random.seed(1)
    first = await here.places.create_code("d1")
    random.seed(1)
    assert await here.places.create_code("d1") != first
    assert len(first) == CODE_LETTERS >= 8
    assert len(CODE_ALPHABET) >= 31
    async for key in redis.scan_iter(match=f"*{{{here.shard}}}:code:*"):
        assert 0 < await redis.ttl(key) <= 600


def test_the_web_rooms_ids_follow_from_what_only_their_browser_knows() -> None:
    site = Site(None, None, lambda: "web-", None)  # type: ignore[arg-type] # only its ids
    ids = {site.id_for([f"web:ana:{key}"]) for key in ("k1", "k2")} | {site.id_for(["web:bea:k1"])}
    assert len(ids) == 3
    assert all(len(id_.removeprefix("web-")) == 16 for id_ in ids)


# The desk


async def test_nothing_that_is_written_elsewhere_reaches_a_debate(here: AtTheDesk) -> None:
    debate = await here.started(TOPIC_TOLD)
    before = await here.door.records(debate)
    elsewhere = [replace(GUEST, place=replace(THERE, thread=""))]
    elsewhere += [replace(GUEST, place=place) for place in _near(HOME)]
    told = []
    for number, phrase in enumerate(PHRASES):
        words = " ".join(phrase)
        asker = elsewhere[number % len(elsewhere)]
        text = (f"{words} {debate}", f"{words} debate={debate}", f"{words} #{debate} 1")[number % 3]
        told.append(await here.desk.ask(text, asker))
        told.append(await here.desk.mention(text, asker))
        told.append(await here.desk.say(text, asker))
    assert not [answer for answer in told if SECRET in answer.text or answer.files]
    assert await here.door.records(debate) == before


@pytest.mark.parametrize(
    "ask",
    [
        *(Control(verb) for verb in Verb if verb is not Verb.PANELS),
        *(Export(None), MakeMirror(), EndMirror(), LeaveSeat(), VoteOn(1, 1)),
    ],
    ids=str,
)
async def test_no_button_and_no_form_acts_on_a_debate_of_another_place(
    ask: Ask, here: AtTheDesk
) -> None:
    debate = await here.started(TOPIC_TOLD)
    before = await here.door.records(debate)
    for place in (THERE, *_near(HOME)):
        answer = await _done(here, ask, replace(GUEST, place=place))
        assert SECRET not in answer
    assert await here.door.records(debate) == before


async def test_no_command_reaches_a_debate_of_another_place(here: AtTheDesk) -> None:
    debate = await here.started(TOPIC_TOLD)
    before = await here.door.records(debate)
    for place in (THERE, *_near(HOME)):
        asker = replace(GUEST, place=place)
        by = asker.actor
        for command in (StopDebate(by), CastVote(by, 1, 1), TakeSeat(by, "x"), Erase(by, "m1")):
            assert "no debate in this thread" in (await here.desk.submit(command, asker)).text
    assert await here.door.records(debate) == before


async def test_what_is_kept_for_a_channel_or_a_person_is_theirs_alone(here: AtTheDesk) -> None:
    await here.places.set_defaults("slack:T1", "C1", {"pace": "live"})
    await here.places.set_preference("slack:T1:U1", "reads", "es")
    for workspace, channel in (("slack:T2", "C1"), ("slack:T1", "C2"), ("slack:T1/C1", "")):
        assert await here.places.defaults(workspace, channel) == {}
    for person in ("slack:T2:U1", "slack:T1:U2", "discord:U1", "slack:T1:U1/"):
        assert await here.places.preferences(person) == {}
    assert await here.places.defaults("slack:T1", "C1") == {"pace": "live"}


async def test_a_code_for_one_debate_opens_no_other(here: AtTheDesk) -> None:
    mine = await here.started(TOPIC_TOLD)
    code = await here.places.create_code(mine)
    for wrong in (mine, f"{code}:x", f"x:{code}", "*", "?" * len(code), code[:-1], f"{code}\n*"):
        assert await here.places.redeem(wrong, THERE) is None
    assert await here.places.redeem(code, THERE) == mine


def _near(place: Place) -> list[Place]:
    """Places that are nearly this one, and those whose names joined would read alike."""
    return [
        replace(place, workspace="chat:T2"),
        replace(place, channel="random"),
        replace(place, thread="1.2"),
        replace(place, workspace=f"{place.workspace}/{place.channel}", channel=""),
        Place(place.workspace, f"{place.channel}/{place.thread}", ""),
        Place(place.workspace, "", f"{place.channel}/{place.thread}"),
        Place(place.workspace, "general%2F1.1", place.thread),
    ]


async def _done(here: AtTheDesk, ask: Ask, asker: Asker) -> str:
    answer = await here.desk.do(ask, asker)
    return answer.text + repr(answer.files)


# The web room


async def test_the_web_room_shows_no_debate_of_another_surface(
    server: RedisServer, shard: str, redis: Redis
) -> None:
    async with WebHouse.built(server, shard) as built, built.room(speaks=False) as room:
        foreign = new_debate_id(shard)
        by = Actor(Person("slack:TOTHER:U1", "Ana"), FOREIGN)
        debates = room.site.debates
        await debates.start(foreign, replace(start(), by=by, topic=f"{SECRET}?"))
        before = await debates.records(foreign)
        async with Visitor.of(room.url, "Eve") as eve:
            own = await eve.start()
            for path in ("", "/events", "/transcript", "/transcript.json", "/files/2"):
                status, body = await eve.get(f"/d/{foreign}{path}")
                assert (status, SECRET in body) == (404, False), path
            _, listed = await eve.get("/debates")
            assert own in listed
            assert foreign not in listed
            for path, fields in (
                ("say", {"text": "hello"}),
                ("say", {"text": "/debate status"}),
                ("say", {"text": "/debate export"}),
                ("do", {"do": "stop"}),
                ("do", {"do": "take_seat", "seat": "ada"}),
            ):
                status, told = await eve.post(f"/d/{foreign}/{path}", **fields)
                assert SECRET not in str(told)
                assert status == 200 or told["kind"] == "UnknownDebate"
            assert (await eve.get(f"/d/{own}"))[0] == 200
        assert await debates.records(foreign) == before


# Slack


@pytest.fixture
async def home(
    server: RedisServer, shard: str, redis: object, unused_tcp_port: int
) -> AsyncIterator[tuple[House, str]]:
    async with (
        house(server, shard, speaks=False) as opened,
        opened.bot(mode="http", port=unused_tcp_port),
    ):
        yield opened, f"http://127.0.0.1:{unused_tcp_port}/slack/events"


async def test_what_a_signed_payload_names_is_looked_for_in_its_own_workspace_alone(
    home: tuple[House, str],
) -> None:
    """Even if somebody could forge what Slack signs, say by another's button value or channel."""
    opened, url = home
    foreign, own = (new_debate_id(opened.settings.redis.shard) for _ in range(2))
    there = replace(FOREIGN, workspace=f"slack:{opened.team.id}", thread="1700000000.000200")
    for debate, place in ((foreign, FOREIGN), (own, there)):
        by = Actor(Person(f"{place.workspace}:{opened.ana.user.id}", "Ana"), place)
        await opened.debates.start(debate, replace(start(), by=by, topic=f"{SECRET}?"))
    before = await opened.debates.records(foreign)
    for payload in _forged(opened, FOREIGN.thread, foreign):
        assert SECRET not in await _sent(opened, url, payload)
    await opened.slack.deliveries.settle()
    assert await opened.debates.records(foreign) == before
    assert await opened.debates.places.debate_at(FOREIGN) == foreign
    assert not [seen for seen in opened.ana.sees(opened.general) if SECRET in seen.text]
    assert not [call for call in opened.slack.trace.calls("views.open") if SECRET in str(call)]
    # The same of a debate of theirs is heard.
    for payload in _forged(opened, there.thread, own):
        await _sent(opened, url, payload)
    events = [type(record.event) for record in await opened.debates.records(own)]
    assert SynthesisRequested in events


async def _sent(home: House, url: str, payload: dict[str, Any]) -> str:
    """Sends it with a signature that is right; the answer."""
    fields = payload if "command" in payload else {"payload": json.dumps(payload)}
    body = urlencode(fields).encode()
    headers = signed(home.installed.app.signing_secret, body)
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    async with (
        aiohttp.ClientSession() as http,
        http.post(url, data=body, headers=headers) as answer,
    ):
        assert answer.status == 200, payload
        return await answer.text()


def _forged(home: House, thread: str, debate: str) -> list[dict[str, Any]]:
    """Payloads of one workspace that name another's debate in every field that can name one."""
    place = {"workspace": FOREIGN.workspace, "channel": FOREIGN.channel, "thread": thread}
    named = {"debate": debate, "place": place, "turn": 1}
    origin = {"channel": FOREIGN.channel, "thread": thread, "message": thread}
    common = {
        "team": {"id": home.team.id, "domain": "acme"},
        "user": {"id": home.ana.user.id, "team_id": home.team.id},
        "api_app_id": home.installed.app.id,
        "trigger_id": f"1.2.{thread}",
    }
    at = {"channel_id": FOREIGN.channel, "thread_ts": thread, "message_ts": thread}
    pick = json.dumps({"seat": "ada", "message": thread, "debate": debate})
    steers = [f"do:{verb.value}" for verb in (Verb.STOP, Verb.PAUSE, Verb.SUMMARY, Verb.STATUS)]
    presses = {**dict.fromkeys([*steers, "seat"], debate), "pick:ada": pick}
    answers = {
        "seat": {"seat": {"selected_option": {"value": "ada"}}},
        "answer": {"answer": {"value": "Eve speaks."}},
    }
    filled = {TOPIC: {TOPIC: {"value": "What did they say?"}}}
    views: list[tuple[str, object, dict[str, Any]]]
    views = [(TAKE_FORM, named, answers), (SPEAK_FORM, named, answers), (FORM, origin, filled)]
    return [
        *(
            common
            | {"type": "block_actions", "container": {"type": "message", **at}}
            | {"actions": [{"action_id": what, "block_id": "b", "type": "button", "value": value}]}
            for what, value in presses.items()
        ),
        *(
            common
            | {"type": "view_submission"}
            | {"view": _view(f"V{number}.{thread}", form, metadata, values, home)}
            for number, (form, metadata, values) in enumerate(views)
        ),
        *(_command(home, words, debate) for words in ("stop", "export", "status", "mirror")),
    ]


def _view(
    name: str, form: str, metadata: object, values: dict[str, Any], home: House
) -> dict[str, Any]:
    return {
        "id": name,
        "type": "modal",
        "callback_id": form,
        "team_id": home.team.id,
        "private_metadata": json.dumps(metadata),
        "blocks": [{"type": "input", "block_id": name} for name in values],
        "state": {"values": values},
    }


def _command(home: House, words: str, debate: str) -> dict[str, str]:
    return {
        "command": "/debate",
        "text": f"{words} {debate}",
        "team_id": home.team.id,
        "channel_id": FOREIGN.channel,
        "thread_ts": FOREIGN.thread,
        "user_id": home.ana.user.id,
        "user_name": "ana",
        "api_app_id": home.installed.app.id,
        "trigger_id": f"1.2.{words}",
        "response_url": f"{home.slack.api_url}nowhere",
    }
