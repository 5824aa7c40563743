"""Hundreds of texts that try to ping, by personas and by people: nobody is called but by the bot.

The local Slack keeps count of whom each message notifies. Called are: who is to speak next, who is
in that persona's user group, and, once, at the close, who started the debate.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from functools import partial
from itertools import islice, pairwise, product

import orjson
import pytest
from aiohttp import web

from bots.chat.mentions import BREAK
from engine.debate.events import MaterialAdded
from tests.chat.test_mentions import CALLS
from tests.fakes.model_behaviours import Received, say
from tests.fakes.slack.mentions import Mentions, mentions
from tests.fakes.slack.posting import Ping
from tests.redis_server import RedisServer
from tests.slackbot.rig import House, house

QUESTION = "Should the team meet less? panel=ai-en pace=live"
PLAIN_FRAMES = ("{}", "Hola, {}: ¿qué dice?", "**{}**", "({})", "x{}", "\\{}")
IN_ANSWER, IN_QUESTION, IN_ITEM = 22, 6, 10


@pytest.fixture
async def home(server: RedisServer, shard: str, redis: object) -> AsyncIterator[House]:
    async with house(server, shard) as opened:
        opened.slack.group(opened.team, "juristas", opened.luis)
        yield opened


def real(home: House, texts: list[str]) -> list[str]:
    """The same, with ids and names of who is really there."""
    (group,) = home.slack.workspaces.groups.values()
    there = {
        "U024BE7LH": home.luis.user.id,
        "W012A3CDE": home.ana.user.id,
        "SAZ94GDB8": group.id,
        "C024BE7LR": home.general.id,
        "@group": f"@{group.handle}",
        "@Ana María": "@luis",
    }
    for placeholder, one in there.items():
        texts = [text.replace(placeholder, one) for text in texts]
    return texts


def attacks(home: House) -> list[str]:
    """More than two hundred, every one with somebody to ping."""
    found = [frame.replace("{}", call) for call, frame in product(CALLS, PLAIN_FRAMES)]
    return real(home, [text.replace("\n", " ") for text in found])


def by_the_bot(home: House) -> list[Ping]:
    """Whom our posts notified."""
    return [ping for ping in home.slack.posting.pings if ping.author == home.installed.bot.id]


class Attacker:
    """A model that says nothing but these, each behind its number: `k17 <!here>`."""

    def __init__(self, texts: list[str]) -> None:
        self.said = 0
        self._texts: Iterator[str] = iter(texts)

    async def __call__(self, request: web.Request, received: Received) -> web.StreamResponse:
        """One reply."""
        fields = received.body["response_format"]["json_schema"]["schema"]["properties"]
        reply = {name: self._field(name, field["type"]) for name, field in fields.items()}
        return await self.answer(request, received, orjson.dumps(reply).decode())

    async def answer(
        self, request: web.Request, received: Received, reply: str
    ) -> web.StreamResponse:
        """All of it at once."""
        return await say(reply)(request, received)

    def _field(self, name: str, kind: str) -> object:
        if kind == "array":
            return [self._next(IN_ITEM), self._next(IN_ITEM)]
        return self._next(IN_QUESTION if name == "question" else IN_ANSWER)

    def _next(self, count: int) -> str:
        found = []
        for text in islice(self._texts, count):
            self.said += 1
            found.append(f"k{self.said} {text}")
        return " ".join(found) or "Nothing more."


async def test_what_personas_say_pings_nobody(home: House) -> None:
    """In answers, questions and the synthesis."""
    texts = attacks(home)
    attacker = Attacker(texts)
    home.model.always(attacker)
    async with home.bot():
        await home.ana.runs("/debate", QUESTION, home.general)
        thread = await home.closed()
    assert attacker.said >= 200
    shown = " ".join(seen.text.replace(BREAK, "") for seen in thread)
    missing = [n for n in range(1, attacker.said + 1) if f"k{n} " not in shown]
    assert len(missing) <= attacker.said // 10, "they were said, so they are shown"
    assert [(ping.user, ping.why) for ping in by_the_bot(home)] == [(home.ana.user.id, "user")]
    assert by_the_bot(home)[0].ts == thread[-2].ts, "at the close, who started it"


async def test_a_personas_group_is_pinged_for_its_turn_and_by_nothing_else(home: House) -> None:
    (group,) = home.slack.workspaces.groups.values()
    home.model.always(Attacker(attacks(home)))
    async with home.bot(groups={"ai-doomer": group.id}):
        await home.ana.runs("/debate", QUESTION, home.general)
        thread = await home.closed()
    (asked,) = [seen.ts for seen, after in pairwise(thread) if after.author == "AI Doomer"]
    of_luis = [(ping.why, ping.ts) for ping in by_the_bot(home) if ping.user == home.luis.user.id]
    assert of_luis == [("group", asked)]


async def test_what_people_are_called_pings_nobody(home: House) -> None:
    """Who puts a question to a persona is named in its answer."""
    names = real(home, [call for call in CALLS if "\n" not in call])
    async with home.bot():
        await home.ana.runs("/debate", QUESTION, home.general)
        await home.closed()
        root = home.card().ts
        for number, name in enumerate(names[:20]):
            person = home.slack.person(home.team, f"person{number}")
            person.user.real_name, person.user.name = name, name
            home.slack.join(home.general, person.user)
            person.says(home.general, "@doomer why?", thread=root)
            await home.until(partial(has_answers, home, number + 1))
    assert [ping.why for ping in by_the_bot(home)] == ["user"], "at the close, who started it"


async def test_what_people_put_up_for_debate_pings_nobody(home: House) -> None:
    """In commands, mentions and forms."""
    texts = attacks(home)
    home.speaker.hold(0)
    async with home.bot():
        for start in range(0, 200, 20):
            topic = " ".join(texts[start : start + 20]).replace('"', "")[:900]
            body = f'start "{start} {topic}?" panel=ai-en pace=step'
            given = (home.installed, home.luis.user, home.general, "/debate", body)
            assert (await home.slack.interactivity.command(*given)).is_acknowledged
        for start in range(200, 240, 20):
            await home.luis.runs("/debate", "", home.general)
            topic = " ".join(texts[start : start + 20])[:900]
            await home.luis.submits({"topic": topic, "panel": "ai-en", "pace": "step"})
        await home.until(lambda: len(cards(home)) == 12)
        home.speaker.go_on()
    assert by_the_bot(home) == []
    assert all(mentions(message) == Mentions() for message in home.slack.posting.ephemerals)


async def test_what_people_say_hand_in_and_write_in_forms_pings_nobody(home: House) -> None:
    """In messages, files and their names, and as a persona's voice."""
    texts = attacks(home)
    home.speaker.hold(0)
    async with home.bot():
        await home.ana.runs("/debate", QUESTION, home.general)
        await home.until(lambda: home.ana.sees(home.general))
        root = home.card().ts
        for start in range(0, 200, 10):
            home.luis.says(home.general, " ".join(texts[start : start + 10]), thread=root)
        content = "\n".join(texts).encode()
        home.luis.shares(home.general, "<!here> @luis.txt", content, thread=root)
        await home.until_async(lambda: material(home), 1)
        await home.luis.presses(home.card(), "seat")
        await home.luis.submits({"seat": "ai-researcher"})
        await home.until(lambda: any("takes AI Researcher" in text for text in home.texts()))
        home.speaker.go_on()
        await home.until(lambda: [p for p in by_the_bot(home) if p.user == home.luis.user.id])
        await home.luis.presses(home.card(), "seat")
        answer, question = " ".join(texts[:40]), f"{' '.join(texts[40:46])}?"
        await home.luis.submits({"answer": answer, "question": question})
        assert home.luis.modal is None
        await home.until(lambda: any(seen.files and seen.is_app for seen in home.thread()))
    called = [(ping.user, ping.why) for ping in by_the_bot(home)]
    assert called == [(home.luis.user.id, "user"), (home.ana.user.id, "user")]
    assert all(mentions(message) == Mentions() for message in home.slack.posting.ephemerals)


def has_answers(home: House, count: int) -> bool:
    """Whether so many people were answered."""
    return len([text for text in home.texts() if text.startswith("To ")]) == count


def cards(home: House) -> list[str]:
    return [seen.ts for seen in home.ana.sees(home.general) if not seen.is_ephemeral]


async def material(home: House) -> int:
    (listed,) = await home.debates.recent(9)
    events = [record.event for record in await home.debates.records(listed.debate)]
    return len([event for event in events if isinstance(event, MaterialAdded)])
