"""A model server that costs next to nothing: an OpenAI-compatible stream of sixty events a reply.

It speaks HTTP/1.1 over a bare asyncio protocol, each token an event of its own (unless it is told
to say more), all written at once: as fast as a reader can take them. It notes every call: whose it
was, when it came, when its reply was written, how long its prompt was. Whose it is stands in the
prompt, `debate number 17`, so that every engine is told apart in the same way, and may use one
client for all its debates.

    python -m tests.bench.stub_model

prints its port and serves until it is killed. `GET /count` says how many replies were given,
`GET /calls` gives the calls (see `calls.Call`) and forgets them, `GET /prompts` gives the messages
of every call, where they are recorded. `GET /set/NAME/VALUE` sets what `Book` says can be set.
"""

from __future__ import annotations

import asyncio
import re
import sys
import time
from collections.abc import Iterator, Mapping
from itertools import cycle, islice
from typing import Any, NamedTuple

import orjson

from tests.bench.contender import PANEL
from tests.bench.cores import cpu_ns

TOKENS = 60
VARIANTS = 97
"""So many different replies: turns that are alike would have a moderator step in."""
STEP = 67
CONTEXT_TOKENS = 131_072

_WHOSE = re.compile(rb"debate number (\d+)")
_EVENT = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "stub"}
_OK = b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\n"

Json = Mapping[str, Any]


class Book:
    """What the server was asked so far, and how it is to answer."""

    SETTINGS = ("watched", "context_tokens", "wait_ms", "recording", "words")

    def __init__(self) -> None:
        self.count = 0
        self.calls: list[tuple[int, int, int, int, int]] = []
        self.prompts: list[Any] = []
        self.watched = 0
        """The process whose CPU time is noted with each call; 0: nobody's."""
        self.context_tokens = CONTEXT_TOKENS
        self.wait_ms = 0
        """Before each reply."""
        self.words = TOKENS
        """In a reply for which no schema is asked: a token each."""
        self.recording = 0
        """1: prompts are kept."""

    def taken(self) -> list[tuple[int, int, int, int, int]]:
        """The calls since the last time."""
        calls, self.calls = self.calls, []
        return calls


class StubModel(asyncio.Protocol):
    """One connection."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See `asyncio.Protocol`."""
        assert isinstance(transport, asyncio.Transport)
        self._out = transport

    def data_received(self, data: bytes) -> None:
        """See `asyncio.Protocol`."""
        self._read += data
        while (end := self._read.find(b"\r\n\r\n")) >= 0:
            head, length = self._read[:end], 0
            at = head.lower().find(b"content-length:")
            if at >= 0:
                length = int(head[at + 15 :].split(b"\r\n", 1)[0])
            whole = end + 4 + length
            if len(self._read) < whole:
                return
            body, self._read = self._read[end + 4 : whole], self._read[whole:]
            self._answer(head.split(b" ", 2)[1].decode(), body)

    def _answer(self, path: str, body: bytes) -> None:
        if path.endswith("/chat/completions"):
            self._reply(body)
            return
        _, asked, *rest = path.split("/")
        answer = self._told(asked, rest)
        if answer is None:
            self._out.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
        else:
            self._out.write(_whole(orjson.dumps(answer)))

    def _told(self, asked: str, rest: list[str]) -> object:
        book = self._book
        match asked, rest:
            case "count", []:
                return book.count
            case "calls", []:
                return book.taken()
            case "prompts", []:
                return book.prompts
            case "set", [name, value] if name in book.SETTINGS:
                setattr(book, name, int(value))
                return value
            case "v1", ["models"]:
                model = {"id": "stub", "object": "model", "max_model_len": book.context_tokens}
                return {"object": "list", "data": [model]}
        return None

    def _reply(self, body: bytes) -> None:
        came, book = time.perf_counter_ns(), self._book
        cpu = cpu_ns(book.watched) if book.watched else 0
        asked = orjson.loads(body)
        chars = sum(len(message.get("content") or "") for message in asked["messages"])
        whose = _WHOSE.search(body)
        noted = (int(whose[1]) if whose else -1, came, chars, cpu)
        variant, book.count = book.count % VARIANTS, book.count + 1
        if book.recording:
            book.prompts.append(asked["messages"])
        said = _Said(str(asked.get("response_format")), book.words, variant)
        reply = (_streamed if asked.get("stream") else _at_once)(asked, chars, said)
        if book.wait_ms:
            asyncio.get_running_loop().call_later(book.wait_ms / 1000, self._send, reply, noted)
        else:
            self._send(reply, noted)

    def _send(self, reply: bytes, noted: tuple[int, int, int, int]) -> None:
        self._out.write(reply)
        debate, came, chars, cpu = noted
        self._book.calls.append((debate, came, time.perf_counter_ns(), chars, cpu))


def _vocabulary() -> list[str]:
    """Plain English, as a tokeniser knows it: the words of the bundled panel."""
    return sorted(set(re.findall(r"\b[a-z]{4,}\b", PANEL.read_text())))


_WORDS = _vocabulary()


def words(count: int, variant: int) -> str:
    """So many words, one token each; another variant has others."""
    return " ".join(islice(cycle(_WORDS), variant * STEP, variant * STEP + count))


class _Said(NamedTuple):
    """What a reply's text goes by."""

    form: str
    words: int
    variant: int


def _text(asked: Json, said: _Said) -> str:
    """JSON where a schema asks for it."""
    schema = asked.get("response_format", {}).get("json_schema", {}).get("schema")
    if schema is None:
        return words(said.words, said.variant) + "."
    fields = schema["properties"]
    value = {name: _value(name, field, said.variant) for name, field in fields.items()}
    return orjson.dumps(value).decode()


def _value(name: str, field: Json, variant: int) -> object:
    if "enum" in field:
        return field["enum"][0]
    if field["type"] == "array":
        return [words(6, variant) + "."]
    return words(10, variant) + "?" if name == "question" else words(38, variant) + "."


def _pieces(text: str) -> Iterator[str]:
    size = -(-len(text) // TOKENS)
    return (text[n : n + size] for n in range(0, len(text), size))


_RENDERED: dict[_Said, bytes] = {}


def _streamed(asked: Json, chars: int, said: _Said) -> bytes:
    events = _RENDERED.get(said)
    if events is None:
        deltas = [{"role": "assistant", "content": ""}]
        deltas += [{"content": piece} for piece in _pieces(_text(asked, said))]
        chunks = [_chunk(delta, None) for delta in deltas] + [_chunk({}, "stop")]
        events = _RENDERED[said] = b"".join(chunks)
    if (asked.get("stream_options") or {}).get("include_usage"):
        events += _sent({**_EVENT, "choices": [], "usage": _usage(chars)})
    head = _OK % b"text/event-stream" + b"Transfer-Encoding: chunked\r\n\r\n"
    return head + events + b"e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n"


def _chunk(delta: Json, finish: str | None) -> bytes:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    return _sent({**_EVENT, "choices": [choice]})


def _sent(event: Json) -> bytes:
    line = b"data: " + orjson.dumps(event) + b"\n\n"
    return b"%x\r\n%b\r\n" % (len(line), line)


def _at_once(asked: Json, chars: int, said: _Said) -> bytes:
    message = {"role": "assistant", "content": _text(asked, said)}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    kind = {**_EVENT, "object": "chat.completion"}
    return _whole(orjson.dumps({**kind, "choices": [choice], "usage": _usage(chars)}))


def _whole(body: bytes) -> bytes:
    return _OK % b"application/json" + b"Content-Length: %d\r\n\r\n" % len(body) + body


def _usage(chars: int) -> Json:
    tokens = chars // 4
    return {
        "prompt_tokens": tokens,
        "completion_tokens": TOKENS,
        "total_tokens": tokens + TOKENS,
        "prompt_tokens_details": {"cached_tokens": tokens},
    }


async def main() -> None:
    """Serves until it is killed."""
    book = Book()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: StubModel(book), "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
