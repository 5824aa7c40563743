"""What a model server sends: streams, errors, lists of models, and replies."""

from __future__ import annotations

import json
from contextlib import suppress
from itertools import pairwise
from typing import Any

import orjson
from hypothesis import strategies as st

from engine.adapters.openai_errors import failure, failure_in_stream, retry_after_s
from engine.adapters.openai_models import choose, context_tokens, slot_tokens
from engine.adapters.openai_reply import StreamedReply
from engine.adapters.sse import EventReader, EventTooLong
from engine.debate.reply import (
    judge_cut_off,
    judge_summary,
    judge_synthesis,
    judge_turn,
    settle,
    settle_synthesis,
)
from engine.debate.text import word_count
from engine.ports.model import ModelAway, ModelRefused
from engine.runtime.reply_text import decoded, decoded_so_far, spoken
from tests.adapters.openai_given import (
    HELLO,
    LLAMA_CPP_OVERFLOW,
    OPENAI_OVERFLOW,
    STOP,
    VLLM_OVERFLOW,
    request,
)
from tests.debate.given import PANEL, after, head, start
from tests.debate.given import spoken as turns_spoken
from tests.fakes.model_behaviours import DONE, chunk, stream_of
from tests.fuzz.fuzzing import fuzzed
from tests.fuzz.mutations import VALUES, blobs, documents, texts

BEGUN = after(start(), head())
USAGE = {
    "prompt_tokens": 900,
    "completion_tokens": 60,
    "prompt_tokens_details": {"cached_tokens": 800},
}
STREAMS = (
    b"".join((*HELLO, STOP, DONE)),
    stream_of(["Hel", "lo ", "¿qué?"], USAGE, "stop"),
    chunk({"content": "x"}, "length", usage=USAGE, timings={"cache_n": 7}),
    b': ping\r\n\r\ndata: {"choices":[]}\r\ndata: {}\r\n\r\nevent: error\ndata\n\n',
    b"data: " + orjson.dumps(VLLM_OVERFLOW) + b"\n\n",
)
MODELS = {"object": "list", "data": [{"id": "m", "max_model_len": 8192, "meta": {"n_ctx": 9}}]}
PROPS = {"default_generation_settings": {"n_ctx": 4096}, "aliases": ["m"]}
HEADERS = {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT", "Date": "Wed, 21 Oct 2026 07:27:00 GMT"}
REPLIES = (
    '{"answer":"Yes. It holds.","question":"Why is that?","next":"bel"}',
    '<think>Hm {{ }}</think>\n```json\n{"answer": "One.", "question": "Two?"}\n```',
    '{"summary":"All said.","agreements":["a","b"],"disagreements":[],"open_questions":["c?"]}',
    '{"answer":"\\u00bfQu\\u00e9? \\ud83d\\ude00","question":"{name}?"',
    json.dumps({"answer": json.dumps({"answer": "Nested.", "question": "Why?"})}),
)


def _cuts(data: bytes, at: list[int]) -> list[bytes]:
    borders = sorted({0, len(data), *(n % (len(data) + 1) for n in at)})
    return [data[start:end] for start, end in pairwise(borders)]


@fuzzed(st.tuples(blobs(*STREAMS), st.lists(st.integers(0, 1 << 16), max_size=12)))
def test_a_stream_says_the_same_wherever_it_is_cut(given: tuple[bytes, list[int]]) -> None:
    data, at = given
    whole, reader, found = EventReader(), EventReader(), list[bytes]()
    with suppress(EventTooLong):
        once = whole.feed(data)
        for piece in _cuts(data, at):
            found += reader.feed(piece)
        assert found == once


@fuzzed(st.tuples(blobs(*STREAMS), st.lists(st.integers(0, 1 << 16), max_size=4)))
def test_a_stream_is_a_reply_or_a_fault_of_the_servers(given: tuple[bytes, list[int]]) -> None:
    data, at = given
    heard: list[str] = []
    reply = StreamedReply("http://model", request(max_chars=40), heard.append)
    try:
        for piece in _cuts(data, at):
            if not reply.whole:
                reply.feed(piece)
    except (ModelAway, ModelRefused) as error:
        assert str(error)
        return
    said = reply.result()
    assert said.text == "".join(heard)
    assert len(said.text) <= 40
    said.text.encode()
    usage = said.usage
    assert 0 <= usage.cached_tokens <= usage.prompt_tokens
    assert usage.completion_tokens >= 0


@fuzzed(
    documents(json.loads(chunk({"content": "x"}, "stop", usage=USAGE, timings={"cache_n": 1})[6:]))
)
def test_a_chunk_of_any_shape_is_taken_or_a_fault_of_the_servers(chunk_: dict[str, Any]) -> None:
    reply = StreamedReply("http://model", request(), lambda _: None)
    with suppress(ModelAway, ModelRefused):
        reply.feed(b"data: " + json.dumps(chunk_).encode() + b"\n\n" + DONE)
        assert reply.result().usage.prompt_tokens >= 0


@fuzzed(
    st.tuples(
        st.sampled_from((200, 400, 401, 404, 408, 413, 422, 429, 500, 503)),
        st.one_of(
            blobs(*(json.dumps(e).encode() for e in (VLLM_OVERFLOW, LLAMA_CPP_OVERFLOW))),
            documents(VLLM_OVERFLOW, LLAMA_CPP_OVERFLOW, OPENAI_OVERFLOW).map(
                lambda told: json.dumps(told).encode()
            ),
        ),
    )
)
def test_every_error_is_told_in_one_line(given: tuple[int, bytes]) -> None:
    status, body = given
    told = str(failure("http://model", status, body))
    assert len(told.splitlines()) == 1
    assert str(failure_in_stream("http://model", body, status))
    with suppress(ValueError):
        found = orjson.loads(body)
        if isinstance(found, dict):
            assert str(failure_in_stream("http://model", body, found.get("error")))


@fuzzed(st.fixed_dictionaries({}, optional={name: texts(v) for name, v in HEADERS.items()}))
def test_a_server_cannot_ask_for_more_than_our_patience(headers: dict[str, str]) -> None:
    asked = retry_after_s(headers)
    assert asked is None or 0 <= asked <= 300


@fuzzed(st.tuples(documents(MODELS), documents(PROPS), VALUES))
def test_a_list_of_models_is_read_or_refused(given: tuple[Any, Any, Any]) -> None:
    for found in given:
        for wanted in ("m", None):
            with suppress(ModelRefused):
                context_tokens(choose(found, wanted, "http://model"))
        assert (slot_tokens(found) or 1) > 0


@fuzzed(st.tuples(texts(*REPLIES), st.integers(0, 3)))
def test_whatever_a_model_writes_a_turn_and_a_close_come_of_it(given: tuple[str, int]) -> None:
    raw, turns = given
    debate = turns_spoken(BEGUN, turns)
    text, cue = spoken(raw), debate.pending
    assert cue is not None
    whole, so_far = decoded(text), decoded_so_far(text)
    if not cue.kind.is_synthesis:
        attempts = [judge_turn(text, whole, cue, PANEL), judge_cut_off(text, so_far, cue, PANEL)]
        for tried in ([attempts[0]], [attempts[1]], attempts):
            settled = settle(tried, cue, PANEL)
            assert settled.answer.strip()
            assert word_count(settled.answer) <= PANEL.answer_words
            assert (settled.next in cue.ask) if cue.ask else settled.next is None
            assert bool(settled.question) == bool(cue.ask)
            json.dumps([settled.answer, settled.question, settled.raw]).encode()
    for value in (whole, so_far):
        close = judge_synthesis(value)
        settle_synthesis(text, close, repaired=False, stand_in=close)  # type: ignore[arg-type]
        judge_summary(value, 50)
