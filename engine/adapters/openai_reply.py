"""One reply of an OpenAI-compatible server: the body that asks for it, the stream it comes in."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from engine.adapters.openai_errors import failure_in_stream
from engine.adapters.sse import EventReader, EventTooLong
from engine.debate.events import Usage
from engine.ports.model import ModelAway, ModelRefused, ModelReply, ModelRequest

CHARS_PER_TOKEN = 4
"""For servers that count no tokens: the usual guess."""

_DONE = b"[DONE]"
_BROKEN_OFF = frozenset({"abort", "error"})
"""What vLLM gives as `finish_reason` when it dropped the request."""


def cache_salt(request: ModelRequest, api_key: str | None) -> str:
    """What the server caches this prompt under: one salt a workspace, and one a debate of nobody's.

    Nobody makes another's salt of its name who does not have the server's key.
    """
    owner = request.workspace or request.debate
    return hmac.new((api_key or "").encode(), owner.encode(), "sha256").hexdigest()


def body_for(
    request: ModelRequest, model: str, sampling: Mapping[str, Any], salt: str | None = None
) -> bytes:
    """The body of the POST; what the request says goes before what is configured.

    Raises:
        ModelRefused: a message is not valid Unicode.
    """
    body: dict[str, Any] = {
        **sampling,
        "model": model,
        "messages": list(request.messages),
        "max_tokens": request.max_tokens,
        "stream": True,
        "stream_options": {"include_usage": True},
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "reply", "strict": True, "schema": dict(request.schema)},
        },
    }
    if request.seed is not None:
        body["seed"] = request.seed
    if salt is not None:
        body["cache_salt"] = salt
    try:
        return orjson.dumps(body)
    except orjson.JSONEncodeError as error:
        raise ModelRefused("the request cannot be written as JSON: {why}", why=error) from error


class StreamedReply:
    """A reply while it comes in. Feed it the response's bytes until it is `over`."""

    __slots__ = (
        "_bytes_left",
        "_chars_left",
        "_events",
        "_finish",
        "_hear",
        "_pieces",
        "_request",
        "_timings",
        "_usage",
        "_where",
        "cut",
        "done",
        "started",
    )

    def __init__(self, where: str, request: ModelRequest, hear: Callable[[str], None]) -> None:
        self._where = where
        self._request = request
        self._hear = hear
        self._events = EventReader()
        self._pieces: list[str] = []
        self._chars_left = request.max_chars
        # Thinking and empty chunks are no text, yet must end too; an event takes some 300 bytes.
        self._bytes_left = (1 << 16) + (request.max_chars << 10)
        self._finish: str | None = None
        self._usage: Any = None
        self._timings: Any = None
        self.started = False
        """The model has begun, be it with thinking that nobody hears."""
        self.done = False
        """The server said that nothing more comes."""
        self.cut = False
        """It went on for too long; what is still to come is not wanted."""

    @property
    def heard(self) -> bool:
        """Some text has come."""
        return bool(self._pieces)

    @property
    def whole(self) -> bool:
        """All of the text is here; tokens may not have been counted yet."""
        return self.done or self.cut or self._finish is not None

    def feed(self, data: bytes) -> None:
        """Takes what came; text goes to `hear` at once.

        Raises:
            ModelAway: the server reports an error, or does not speak the protocol.
            ModelRefused: the server reports an error that will come again.
        """
        self._bytes_left -= len(data)
        try:
            payloads = self._events.feed(data)
        except EventTooLong as error:
            raise self._garbled() from error
        for payload in payloads:
            if payload == _DONE:
                self.done = True
            elif payload and (piece := self._read(payload)):
                self._take(piece)
            if self.done or self.cut:
                return
        self.cut = self._bytes_left < 0

    def result(self) -> ModelReply:
        """The reply, once it is whole."""
        cut = self.cut or self._finish == "length"
        return ModelReply("".join(self._pieces), "length" if cut else "stop", self._counted())

    def _read(self, payload: bytes) -> str | None:
        """The text of one chunk, if it has some."""
        try:
            chunk = orjson.loads(payload)
            if choices := chunk.get("choices"):
                self.started = True
                choice = choices[0]
                if finish := choice.get("finish_reason"):
                    self._note_finish(finish)
                delta = choice.get("delta")
                piece = delta.get("content") if delta else None
            else:
                piece = None
            if error := chunk.get("error"):
                raise failure_in_stream(self._where, payload, error)
            # One server sends `usage` by itself, another with the last text, a third as null.
            self._usage = chunk.get("usage") or self._usage
            self._timings = chunk.get("timings") or self._timings
        except (AttributeError, LookupError, TypeError, ValueError) as wrong:
            raise self._garbled() from wrong
        if piece is not None and not isinstance(piece, str):
            raise self._garbled()
        return piece

    def _take(self, piece: str) -> None:
        self._chars_left -= len(piece)
        if self._chars_left < 0:
            self.cut = True
            piece = piece[: self._chars_left]
        if piece:
            self._pieces.append(piece)
            self._hear(piece)

    def _note_finish(self, finish: object) -> None:
        if finish in _BROKEN_OFF:
            raise ModelAway(
                "{where} dropped the request ({finish})", where=self._where, finish=finish
            )
        self._finish = str(finish)

    def _garbled(self) -> ModelAway:
        return ModelAway("{where} sent something that is no chunk of a reply", where=self._where)

    def _counted(self) -> Usage:
        """The server's count of tokens; where it gives none, a piece of text is one token."""
        usage = self._usage if isinstance(self._usage, dict) else {}
        details = usage.get("prompt_tokens_details")
        if isinstance(details, dict):
            cached = _count(details.get("cached_tokens"))
        else:  # llama.cpp tells it apart, in every version
            timings = self._timings if isinstance(self._timings, dict) else {}
            cached = _count(timings.get("cache_n"))
        prompt = _count(usage.get("prompt_tokens"))
        if prompt is None:
            chars = sum(len(message["content"]) for message in self._request.messages)
            prompt = chars // CHARS_PER_TOKEN
        completion = _count(usage.get("completion_tokens"))
        if completion is None:
            completion = len(self._pieces)
        return Usage(prompt, min(cached or 0, prompt), completion)


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and value >= 0 else None
