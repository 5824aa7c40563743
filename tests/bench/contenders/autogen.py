"""AutoGen AgentChat: a round robin of assistants, streaming, nothing durable."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

# None of these is in the environment that checks types.
from autogen_agentchat.agents import AssistantAgent  # type: ignore[import-not-found]
from autogen_agentchat.teams import RoundRobinGroupChat  # type: ignore[import-not-found]
from autogen_core.models import ModelFamily  # type: ignore[import-not-found]
from autogen_ext.models.openai import (  # type: ignore[import-not-found]
    OpenAIChatCompletionClient,
)

from tests.bench.contender import TURNS, Debate, Plan, cast, contend, topic


@asynccontextmanager
async def autogen(plan: Plan) -> AsyncIterator[Debate]:
    """One model client for all teams."""
    client = OpenAIChatCompletionClient(
        model="stub",
        base_url=plan.url,
        api_key="none",
        model_info={
            "vision": False,
            "function_calling": False,
            "json_output": True,
            "structured_output": True,
            "family": ModelFamily.UNKNOWN,
        },
    )

    async def debate(number: int) -> None:
        agents = [
            AssistantAgent(name, client, system_message=card, model_client_stream=True)
            for name, card in cast()
        ]
        team = RoundRobinGroupChat(agents, max_turns=TURNS)
        async for _ in team.run_stream(task=topic(number)):
            pass

    yield debate
    await client.close()


if __name__ == "__main__":
    contend(autogen)
