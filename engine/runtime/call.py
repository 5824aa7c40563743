"""The model calls that one cue takes, and what they cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from engine.debate.commands import Spent
from engine.debate.events import Usage
from engine.debate.limits import reply_chars
from engine.debate.state import Debate
from engine.ports.clock import Clock
from engine.ports.model import Message, ModelClient, ModelReply, ModelRequest
from engine.runtime.live import LiveTurn


class Calls:
    """Asks the model on behalf of one debate, and adds up what it takes."""

    def __init__(
        self,
        model: ModelClient,
        clock: Clock,
        debate: str,
        stands: Debate,
        live: Callable[[], LiveTurn],
    ) -> None:
        """`stands`: the debate before these calls."""
        self._model = model
        self._clock = clock
        self._debate = debate
        self._live = live
        self._stands = stands
        self._usage = Usage()
        self._calls = 0
        self._context_used = 0
        self._began = clock.monotonic()

    async def ask(
        self, messages: Sequence[Message], schema: Mapping[str, Any], max_tokens: int
    ) -> ModelReply:
        """One call. What the first one took up is what later prompts will have before them.

        Raises:
            ModelAway
            ModelRefused
        """
        started, call = self._stands.started, self._stands.calls + self._calls
        request = ModelRequest(
            debate=self._debate,
            call=call,
            messages=messages,
            schema=schema,
            max_tokens=max_tokens,
            max_chars=reply_chars(max_tokens),
            seed=None if started.seed is None else started.seed + call,
            workspace=started.home.workspace if started.home else "",
        )
        reply = await self._model.reply(request, self._live().hear)
        if not self._calls:
            self._context_used = reply.usage.prompt_tokens + reply.usage.completion_tokens
        self._usage += reply.usage
        self._calls += 1
        return reply

    def spent(self) -> Spent:
        """What all calls took."""
        seconds = round(self._clock.monotonic() - self._began, 3)
        return Spent(self._usage, self._calls, seconds, self._context_used)
