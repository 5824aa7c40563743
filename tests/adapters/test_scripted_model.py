"""The scripted model: lines of a file, said in order."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.adapters.scripted_model import ScriptedModel
from engine.ports.model import ModelRefused, ModelRequest


def script(folder: Path, *lines: str | bytes) -> Path:
    path = folder / "lines.jsonl"
    raw = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    path.write_bytes(b"".join(line + b"\n" for line in raw))
    return path


def call(n: int, max_chars: int = 1000) -> ModelRequest:
    messages = [{"role": "user", "content": "Why?"}]
    return ModelRequest("d", n, messages, {"type": "object"}, 100, max_chars)


def unheard(_: str) -> None:
    return


async def test_each_call_gets_the_line_of_its_number(tmp_path: Path) -> None:
    model = ScriptedModel.load(script(tmp_path, "first", "second", "third"))
    said = [(await model.reply(call(n), unheard)).text for n in (0, 1, 2)]
    assert said == ["first", "second", "third"]


async def test_a_debate_that_was_broken_off_goes_on_at_its_line(tmp_path: Path) -> None:
    model = ScriptedModel.load(script(tmp_path, "first", "second", "third"))
    assert (await model.reply(call(2), unheard)).text == "third"


async def test_a_script_that_runs_out_says_so(tmp_path: Path) -> None:
    path = script(tmp_path, "first", "second")
    with pytest.raises(ModelRefused) as refused:
        await ScriptedModel.load(path).reply(call(2), unheard)
    assert str(refused.value) == f"the script {path} has 2 lines, and call 3 was asked for"


async def test_a_reply_may_be_anything_even_nothing(tmp_path: Path) -> None:
    lines = ["", '{"answer": "no end', "\x00\n\u2028", "x" * 50_000]
    model = ScriptedModel.load(script(tmp_path, *lines))
    said = [(await model.reply(call(n, 60_000), unheard)).text for n in range(len(lines))]
    assert said == lines


async def test_half_a_surrogate_pair_becomes_a_character_that_can_be_stored(tmp_path: Path) -> None:
    model = ScriptedModel.load(script(tmp_path, rb'"a \ud83d b"'))
    said = (await model.reply(call(0), unheard)).text
    assert said.startswith("a \ufffd")
    assert said.encode().endswith(b" b")


@pytest.mark.parametrize(
    "line",
    [b'{"answer": "an object"}', b"12", b"", b'"no end', b'"\xff"', b"[" * 100_000],
    ids=["object", "number", "blank", "cut", "not UTF-8", "deep"],
)
def test_a_line_that_is_no_json_string_is_named_at_once(tmp_path: Path, line: bytes) -> None:
    path = script(tmp_path, "fine", line, "fine")
    with pytest.raises(ModelRefused) as refused:
        ScriptedModel.load(path)
    assert str(refused.value) == f"{path}, line 2: not a JSON string"


def test_a_script_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelRefused, match=r"the script .*gone.jsonl cannot be read: No such file"):
        ScriptedModel.load(tmp_path / "gone.jsonl")


async def test_it_is_named_after_its_file(tmp_path: Path) -> None:
    path = script(tmp_path, "first")
    info = await ScriptedModel.load(path).info()
    assert (info.name, info.context_tokens) == (f"script:{path}", 32768)
