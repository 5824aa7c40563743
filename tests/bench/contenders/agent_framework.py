"""Microsoft Agent Framework: a group chat with a selection function, streaming, nothing durable."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

# None of these is in the environment that checks types.
from agent_framework import Agent  # type: ignore[import-not-found]
from agent_framework.openai import (  # type: ignore[import-not-found]
    OpenAIChatCompletionClient,
)
from agent_framework.orchestrations import GroupChatBuilder  # type: ignore[import-not-found]

from tests.bench.contender import TURNS, Debate, Plan, cast, contend, speaker, topic


@asynccontextmanager
async def agent_framework(plan: Plan) -> AsyncIterator[Debate]:
    """One model client for all debates."""
    logging.disable(logging.WARNING)  # that a chat ends at its last round is no news
    client = OpenAIChatCompletionClient(model="stub", base_url=plan.url, api_key="none")
    seats = cast()
    names = [name for name, _ in seats]

    def selects(state: Any) -> str:
        return names[speaker(state.current_round, len(names))]

    async def debate(number: int) -> None:
        agents = [Agent(client=client, name=name, instructions=card) for name, card in seats]
        chat = GroupChatBuilder(
            participants=agents, selection_func=selects, max_rounds=TURNS, output_from="all"
        ).build()
        async for _ in chat.run(topic(number), stream=True):
            pass

    yield debate


if __name__ == "__main__":
    contend(agent_framework)
