"""LangGraph: a node for each seat, streaming; `settings.saver` says what is kept of a debate.

`none`: nothing; `sqlite`: a checkpoint a turn, in a file that `settings.file` names.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

# None of these is in the environment that checks types.
from langchain_core.messages import SystemMessage  # type: ignore[import-not-found]
from langchain_openai import ChatOpenAI  # type: ignore[import-not-found]
from langgraph.checkpoint.sqlite.aio import (  # type: ignore[import-not-found]
    AsyncSqliteSaver,
)
from langgraph.graph import END, START, MessagesState, StateGraph  # type: ignore[import-not-found]

from tests.bench.contender import TURNS, Debate, Plan, cast, contend, speaker, topic


@asynccontextmanager
async def langgraph(plan: Plan) -> AsyncIterator[Debate]:
    """One graph and one model client for all debates, as its documentation has it."""
    model = ChatOpenAI(model="stub", base_url=plan.url, api_key="none", streaming=True)
    async with _saver(plan) as saver:
        graph = _graph(model).compile(checkpointer=saver)

        async def debate(number: int) -> None:
            asked = {"messages": [("user", topic(number))]}
            config = {"recursion_limit": TURNS + 5, "configurable": {"thread_id": str(number)}}
            async for _ in graph.astream(asked, config, stream_mode="messages"):
                pass

        yield debate


@asynccontextmanager
async def _saver(plan: Plan) -> AsyncIterator[Any]:
    if plan.settings["saver"] == "none":
        yield None
        return
    async with AsyncSqliteSaver.from_conn_string(plan.settings["file"]) as saver:
        yield saver


def _graph(model: Any) -> Any:
    graph: Any = StateGraph(MessagesState)
    seats = cast()
    names = [name for name, _ in seats]

    def goes_on(state: dict[str, Any]) -> str:
        turn = len(state["messages"]) - 1
        return names[speaker(turn, len(names))] if turn < TURNS else str(END)

    for name, card in seats:
        graph.add_node(name, _node(model, name, card))
        graph.add_conditional_edges(name, goes_on)
    graph.add_edge(START, names[0])
    return graph


def _node(model: Any, name: str, card: str) -> Callable[[dict[str, Any]], Any]:
    system = SystemMessage(card)

    async def speak(state: dict[str, Any]) -> dict[str, Any]:
        said = await model.ainvoke([system, *state["messages"]])
        said.name = name
        return {"messages": [said]}

    return speak


if __name__ == "__main__":
    contend(langgraph)
