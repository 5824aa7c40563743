"""`tertulia try`, whole: the seed's shape, its files, and going on where it stood."""

from __future__ import annotations

import asyncio
import json
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.model_behaviours import chunk, say, send
from tests.fakes.model_server import FakeModelServer
from tests.system.program import Ran, ran, script, start

SEED_ORDER = [
    "coordinador",
    "ai-researcher",
    "ai-philosopher",
    "revisor-cientifico",
    "ai-doomer",
    "ai-enthusiast",
    "ai-newcomer",
    "pensador-critico",
]
TOPIC = "¿Conviene entrenar los modelos de forma descentralizada?"
ANSWERS = [f"Respuesta «{n}», con su razón y su cifra: {n}7 %." for n in range(8)]
QUESTIONS = [f"¿Y qué se sigue de la respuesta {n}?" for n in range(7)]
CLOSE = {
    "summary": "Se habló de todo.",
    "agreements": ["Hace falta medir."],
    "disagreements": ["Cuánto cuesta."],
    "open_questions": ["¿Quién paga?"],
}


def seed_replies() -> list[str]:
    asked = [
        json.dumps({"answer": answer, "question": question}, ensure_ascii=False)
        for answer, question in zip(ANSWERS, QUESTIONS, strict=False)
    ]
    return [*asked, json.dumps({"answer": ANSWERS[7]}), json.dumps(CLOSE)]


async def seed_debate(home: Path, *more: str) -> Ran:
    model = script(home, seed_replies())
    return await ran(home, "try", TOPIC, "--panel", "ai-es", "--model", model, *more)


async def test_the_seeds_debate_has_its_shape_exactly(tmp_path: Path) -> None:
    debate = await seed_debate(tmp_path, "--format", "jsonl")
    assert debate.status == 0, debate.err
    turns = debate.named("turn.spoken")
    assert [turn["persona"] for turn in turns] == SEED_ORDER
    assert [turn["turn"] for turn in turns] == list(range(1, 9))
    assert [turn["answer"] for turn in turns] == ANSWERS
    assert [turn["question"] for turn in turns] == [*QUESTIONS, None]
    assert [turn["next"] for turn in turns] == [*SEED_ORDER[1:], None]
    assert all(turn["repaired"] is None and turn["calls"] == 1 for turn in turns)
    (closed,) = debate.named("debate.closed")
    assert (closed["reason"], closed["synthesis"]) == ("rounds", CLOSE)
    assert sum(turn["calls"] for turn in turns) + closed["calls"] == 9


async def test_every_line_has_the_names_that_other_tools_rely_on(tmp_path: Path) -> None:
    debate = await seed_debate(tmp_path, "--format", "jsonl")
    assert [line["n"] for line in debate.events] == list(range(1, len(debate.events) + 1))
    assert len({line["debate"] for line in debate.events}) == 1
    assert all(line["at"].endswith("Z") and "T" in line["at"] for line in debate.events)
    (started,) = debate.named("debate.started")
    assert (started["panel"], started["topic"]) == ("ai-es", TOPIC)
    assert [seat["name"] for seat in started["seats"]][3] == "Revisor Científico"
    turn = debate.named("turn.spoken")[3]
    assert (turn["name"], turn["by"], turn["kind"]) == ("Revisor Científico", "model", "order")
    assert set(turn["usage"]) == {"prompt_tokens", "cached_tokens", "completion_tokens"}


async def test_the_transcripts_are_written_from_the_log(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    debate = await seed_debate(tmp_path, "--out", str(folder))
    assert debate.status == 0, debate.err
    names = sorted(file.name for file in folder.iterdir())
    assert names == ["transcript.html", "transcript.json", "transcript.md"]
    for file in folder.iterdir():
        content = file.read_text()
        assert ANSWERS[7].split(",")[0] in content
        assert "¿Quién paga?" in content


async def test_without_a_screen_the_text_is_plain(tmp_path: Path) -> None:
    debate = await seed_debate(tmp_path)
    assert "\x1b" not in debate.out
    for words in ("Coordinador", "→ 🔬 AI Researcher", "Síntesis", "8 turnos"):
        assert words in debate.out


async def test_material_reaches_the_model_and_the_log(tmp_path: Path) -> None:
    notes = tmp_path / "notas.md"
    notes.write_text("# Datos\nUn H100 consume 700 W.")
    debate = await seed_debate(tmp_path, "--context", str(notes), "--format", "jsonl")
    (material,) = debate.named("material.added")
    assert (material["name"], material["text"]) == ("notas.md", "# Datos\nUn H100 consume 700 W.")
    (head,) = debate.named("head.started")
    assert head["material_chars"] == len(material["text"])


async def test_a_script_that_runs_out_says_so_and_the_debate_ends_whole(tmp_path: Path) -> None:
    model = script(tmp_path, seed_replies()[:3])
    debate = await ran(tmp_path, "try", TOPIC, "--model", model, "--format", "jsonl")
    assert debate.status == 1
    assert "3" in debate.err
    assert len(debate.err.strip().splitlines()) == 1
    (closed,) = debate.named("debate.closed")
    assert closed["reason"] == "model_refused"
    assert closed["synthesis"]["open_questions"] == [QUESTIONS[2]]
    assert len(debate.named("turn.spoken")) == 3


@pytest.mark.parametrize(
    ("blow", "status"), [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)]
)
async def test_what_was_broken_off_goes_on_where_it_stood(
    tmp_path: Path, blow: signal.Signals, status: int
) -> None:
    async with FakeModelServer.open() as model:
        model.will(say(), say(), say(), send(chunk({"content": "{"}), then="hang"))
        process = await start(tmp_path, "try", TOPIC, "--model", model.url, "--format", "jsonl")
        assert process.stdout is not None
        seen: list[dict[str, Any]] = []
        while sum(line["event"] == "turn.spoken" for line in seen) < 3:
            seen.append(json.loads(await process.stdout.readline()))
        await model.until(running=1)
        process.send_signal(blow)
        out, err = await process.communicate()
        seen += map(json.loads, out.splitlines())
        debate = seen[0]["debate"]
        assert process.returncode == status
        if blow is signal.SIGINT:
            assert f"tertulia try --resume {debate} --model {model.url}" in err.decode()
            assert len(err.decode().splitlines()) == 1
        again = await ran(
            tmp_path, "try", "--resume", debate, "--model", model.url, "--format", "jsonl"
        )
    assert again.status == 0, again.err
    assert again.events[: len(seen)] == seen
    assert [turn["persona"] for turn in again.named("turn.spoken")] == SEED_ORDER
    assert len(model.received) == 3 + 1 + 6, "no turn that was recorded is asked for again"


async def test_a_closed_debate_can_be_shown_again(tmp_path: Path) -> None:
    first = await seed_debate(tmp_path, "--format", "jsonl")
    model = script(tmp_path, [])
    debate = first.events[0]["debate"]
    again = await ran(tmp_path, "try", "--resume", debate, "--model", model, "--format", "jsonl")
    assert again.events == first.events


async def test_two_at_once_do_not_take_each_others_turns(tmp_path: Path) -> None:
    both = await asyncio.gather(*[seed_debate(tmp_path, "--format", "jsonl") for _ in range(2)])
    for debate in both:
        assert [turn["answer"] for turn in debate.named("turn.spoken")] == ANSWERS
