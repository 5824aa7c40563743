"""A model that speaks as its schema asks, and fails as the plan says."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable
from typing import Any

from engine.debate.events import Usage
from engine.ports.model import (
    ContextOverflow,
    ModelAway,
    ModelInfo,
    ModelRefused,
    ModelReply,
    ModelRequest,
)
from tests.simulation.faults import Faults
from tests.simulation.loop import SimulatedLoop, host_now
from tests.simulation.plan import Kind
from tests.simulation.trace import Trace

CONTEXT = 100_000


class SimulatedModel:
    """`ModelClient`; one server for all workers."""

    def __init__(
        self, loop: SimulatedLoop, chance: random.Random, faults: Faults, trace: Trace
    ) -> None:
        self.calls = 0
        self._loop = loop
        self._chance = chance
        self._faults = faults
        self._trace = trace
        self._out_until = 0.0

    async def info(self) -> ModelInfo:
        """See `ModelClient.info`."""
        return ModelInfo("simulated", CONTEXT)

    def mend(self) -> None:
        """It answers from now on."""
        self._out_until = 0.0

    async def reply(self, request: ModelRequest, hear: Callable[[str], None]) -> ModelReply:
        """See `ModelClient.reply`."""
        self.calls += 1
        call = self.calls
        self._trace(host_now().name, f"asks the model, call {call}, for {request.debate}")
        if (out := self._faults.take(Kind.MODEL_OUT, call)) is not None:
            self._out_until = self._loop.time() + out.for_s
        slow = self._faults.take(Kind.MODEL_SLOW, call)
        await asyncio.sleep(self._chance.uniform(0.05, 0.6) + (slow.for_s if slow else 0.0))
        self._fail(call)
        text, finish = self._text(call, request.schema["properties"]), "stop"
        if self._faults.take(Kind.MODEL_BABBLES, call):
            text = self._chance.choice(["", "{}", "I would rather not.", '{"answer": 7}', "[" * 50])
        elif self._faults.take(Kind.MODEL_CUT, call):
            text, finish = text[: self._chance.randrange(len(text))], "length"
        middle = len(text) // 2
        hear(text[:middle])
        await asyncio.sleep(self._chance.uniform(0.05, 1.0))
        if self._faults.take(Kind.MODEL_BROKEN, call):
            raise ModelAway("The model broke off.")
        hear(text[middle:])
        prompt = sum(len(message["content"]) for message in request.messages) // 4
        used = Usage(prompt, prompt * 9 // 10, len(text) // 4)
        return ModelReply(text, "stop" if finish == "stop" else "length", used)

    def _fail(self, call: int) -> None:
        if self._faults.take(Kind.MODEL_AWAY, call):
            raise ModelAway("The model is busy.", retry_after_s=self._chance.choice([None, 2.0]))
        if self._loop.time() < self._out_until:
            raise ModelAway("Nobody answers there.")
        if self._faults.take(Kind.MODEL_REFUSES, call):
            raise ModelRefused("The model will not take this.")
        if self._faults.take(Kind.MODEL_FULL, call):
            raise ContextOverflow("The prompt is too long.")

    def _text(self, call: int, fields: dict[str, Any]) -> str:
        said: dict[str, Any] = {}
        for name, schema in fields.items():
            if "enum" in schema:
                said[name] = self._chance.choice(schema["enum"])
            elif schema.get("type") == "array":
                said[name] = [f"Point {call}."]
            elif name == "question":
                said[name] = f"And what of number {call}?"
            else:
                said[name] = f"I say {call} words of {self._chance.randrange(10**6)}."
        return json.dumps(said)
