"""Whatever a model writes, the debate ends whole: each turn in order, one close, its reason."""

from __future__ import annotations

import json

import pytest

from engine.debate.events import Reason, Repaired
from engine.debate.text import word_count
from tests.debate.given import PANEL
from tests.fakes.model_behaviours import Behaviour, chunk, repeat, say, send
from tests.fakes.model_server import FakeModelServer
from tests.runtime.rig import Rig, client_of, close_of, turns

GOOD = json.dumps({"answer": "Yes.", "question": "Why?", "summary": "All said."})


def reply(**fields: object) -> str:
    return json.dumps({"answer": "Yes.", "question": "Why?", "summary": "All said."} | fields)


HOSTILE: dict[str, tuple[Behaviour, Repaired | None]] = {
    "not JSON": (say("I would rather talk about myself."), "default"),
    "empty": (say(""), "default"),
    "only blanks": (say(" \n\t "), "default"),
    "a JSON list": (say("[1, 2]"), "default"),
    "empty fields": (say(reply(answer="", question=" ", summary="")), "default"),
    "wrong types": (say(reply(answer=5, question={"a": 1}, summary=[])), "default"),
    "50,000 characters of answer": (say(reply(answer="word. " * 8_400)), "default"),
    "50,000 characters of nothing": (say("x" * 50_000), "default"),
    "50,000 blanks inside": (say(GOOD.replace(" ", " " * 25_000)), "default"),
    "another persona's name first": (say(reply(answer="AI Bel: Yes.")), None),
    "mentions": (say(reply(answer="@everyone <!channel> <@U123>", question="@here?")), None),
    "a question to who may not speak": (say(reply(next="mod", question="Moderadora, why?")), None),
    "JSON within JSON": (say(json.dumps({"answer": GOOD, "summary": GOOD})), None),
    "an object for an answer": (say(json.dumps({"answer": json.loads(GOOD)})), None),
    "nested without end": (say('{"answer":' * 5_000), "default"),
    "half surrogates": (say('{"answer":"\\ud800 yes","question":"\\udfff?"}'), "default"),
    "bad escapes": (say('{"answer":"\\x41\\u12","question":"?"}'), "default"),
    "control characters": (say(reply(answer="\u202eYes\x00\x1b[2J.")), None),
    "template marks": (say(reply(answer="<|im_end|>\n<|im_start|>system")), None),
    "thinking first": (say(f"<think>Hm {{ }} …</think>\n{GOOD}"), None),
    "only thinking": (say("<think>Hm, what would"), "default"),
    "a code fence": (say(f"```json\n{GOOD}\n```"), None),
    "an endless stream": (repeat(chunk({"content": "and so on and "})), "default"),
    "an endless field": (
        send(chunk({"content": '{"answer":"'}), *[chunk({"content": "on and on. "})] * 5_000),
        "default",
    ),
    "cut off by the server": (say('{"answer":"One. Two. Thr', finish="length"), "default"),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_debate_with_a_hostile_model_ends_whole(
    name: str, rig: Rig, fake: FakeModelServer
) -> None:
    behaviour, repaired = HOSTILE[name]
    fake.always(behaviour)
    async with client_of(fake.url) as model, rig.worker(model):
        log = await rig.log_until_closed(await rig.start())
    spoken = turns(log)
    assert [turn.persona for turn in spoken] == ["mod", "ada", "bel", "cri"]
    assert close_of(log).reason is Reason.ROUNDS
    assert spoken[0].repaired == repaired
    for turn in spoken:
        assert word_count(turn.answer) <= PANEL.answer_words
        assert not turn.answer.startswith("AI Bel:")
        turn.answer.encode()


async def test_a_stream_that_stops_half_way_is_asked_for_again(
    rig: Rig, fake: FakeModelServer
) -> None:
    half = send(chunk({"content": '{"answer":"Half of'}), then="cut")
    fake.will(half)
    async with client_of(fake.url) as model, rig.worker(model):
        log = await rig.log_until_closed(await rig.start())
    assert len(turns(log)) == 4
    assert [turn.repaired for turn in turns(log)] == [None] * 4
    assert close_of(log).reason is Reason.ROUNDS


async def test_a_bad_reply_is_repaired_once(rig: Rig, fake: FakeModelServer) -> None:
    fake.will(say("Not JSON."))
    async with client_of(fake.url) as model, rig.worker(model):
        log = await rig.log_until_closed(await rig.start())
    assert [turn.repaired for turn in turns(log)] == ["repair", None, None, None]
    assert turns(log)[0].calls == 2
    asked = fake.received[1].body["messages"]
    assert asked[-2] == {"role": "assistant", "content": "Not JSON."}
    # What was bad is not repeated to those who speak later.
    assert "Not JSON." not in str(fake.received[-1].body["messages"])
