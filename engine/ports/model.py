"""The model: who speaks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from engine.debate.events import Usage
from engine.debate.explained import Explained

Message = dict[str, str]
"""One chat message: `role` and `content`."""


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """One call of the model."""

    debate: str
    """Sent along, so that a router can keep a debate on the replica that holds its cache."""
    call: int
    """How many calls this debate has made before."""
    messages: Sequence[Message]
    schema: Mapping[str, Any]
    """JSON Schema of the reply."""
    max_tokens: int
    max_chars: int
    """A longer reply is cut off, whatever the server thinks of `max_tokens`."""
    seed: int | None = None
    workspace: str = ""
    """Whose debate it is; empty: nobody's in particular."""


@dataclass(frozen=True, slots=True)
class ModelReply:
    """What the model wrote, whole."""

    text: str
    finish: Literal["stop", "length"]
    """`length`: it was cut off."""
    usage: Usage


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What the server says of its model."""

    name: str
    context_tokens: int


class ModelAway(Explained):
    """The server cannot be reached, is overloaded, or broke off; the same request may succeed."""

    def __init__(self, text: str, *, retry_after_s: float | None = None, **values: object) -> None:
        super().__init__(text, **values)
        self.retry_after_s = retry_after_s


class ModelRefused(Explained):
    """The server will not take this request, however often it is sent."""


class ContextOverflow(ModelRefused):
    """The prompt is longer than the model's context."""


class ModelClient(Protocol):
    """A model that speaks."""

    async def reply(self, request: ModelRequest, hear: Callable[[str], None]) -> ModelReply:
        """Streams one reply; `hear` gets each piece of text as it comes.

        Pieces come from one attempt only: once the first was heard, nothing is sent again.
        Cancelling the call closes the stream.

        Raises:
            ModelAway: after the adapter's own tries.
            ModelRefused: at once.
        """
        ...

    async def info(self) -> ModelInfo:
        """Asks the server which model it serves.

        Raises:
            ModelAway: nobody answers.
            ModelRefused: the configured model is not served there; the text says which are.
        """
        ...
