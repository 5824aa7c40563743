"""A model that says what a file tells it to: for tests, and to play a debate again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from pathlib import Path

from engine.debate.events import Usage
from engine.debate.explained import reason
from engine.ports.model import ModelInfo, ModelRefused, ModelReply, ModelRequest

CONTEXT_TOKENS = 32768

_CHARS_PER_TOKEN = 4
_PIECES = 8


class ScriptedModel:
    """A `ModelClient` that gives the lines of a JSON-lines file, each a raw reply as a JSON string.

    A call is given the line of its number, `request.call` counting from 0, so a debate that was
    broken off goes on where it stood. Tokens are guessed: four characters each, none cached.
    """

    def __init__(self, name: str, replies: Sequence[str]) -> None:
        self._name = name
        self._replies = replies

    @classmethod
    def load(cls, path: Path) -> ScriptedModel:
        """Reads the file, at once and whole.

        Raises:
            ModelRefused: it cannot be read, or a line of it is no JSON string.
        """
        try:
            lines = path.read_bytes().splitlines()
        except OSError as error:
            raise ModelRefused(
                "the script {file} cannot be read: {why}", file=path, why=reason(error)
            ) from error
        return cls(str(path), [_reply(path, n, line) for n, line in enumerate(lines, 1)])

    async def reply(self, request: ModelRequest, hear: Callable[[str], None]) -> ModelReply:
        """Streams the call's line in a few pieces; see `ModelClient`.

        Raises:
            ModelRefused: the script has no line for this call.
        """
        if request.call >= len(self._replies):
            raise ModelRefused(
                "the script {file} has {lines} lines, and call {call} was asked for",
                file=self._name,
                lines=len(self._replies),
                call=request.call + 1,
            )
        whole = self._replies[request.call]
        text = whole[: request.max_chars]
        step = len(text) // _PIECES + 1
        for start in range(0, len(text), step):
            hear(text[start : start + step])
            await asyncio.sleep(0)  # others speak too, and the call can be cancelled here
        prompt_chars = sum(len(message["content"]) for message in request.messages)
        usage = Usage(prompt_chars // _CHARS_PER_TOKEN, 0, len(text) // _CHARS_PER_TOKEN + 1)
        return ModelReply(text, "stop" if text == whole else "length", usage)

    async def info(self) -> ModelInfo:
        """The script's name, and a context that is long enough for most debates."""
        return ModelInfo(f"script:{self._name}", CONTEXT_TOKENS)


def _reply(path: Path, n: int, line: bytes) -> str:
    try:
        reply = json.loads(line)
    except (RecursionError, ValueError):  # nested too deep, no JSON, no UTF-8
        reply = None
    if not isinstance(reply, str):
        raise ModelRefused("{file}, line {line}: not a JSON string", file=path, line=n)
    # A script may escape half a surrogate pair, which no server could send and no store could keep.
    return reply.encode(errors="surrogatepass").decode(errors="replace")
