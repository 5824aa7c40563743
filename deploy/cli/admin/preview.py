"""A panel heard: one turn of each persona, as it is spoken."""

from __future__ import annotations

import asyncio
import sys
from contextlib import AsyncExitStack

from rich.console import Console

from bots.chat.i18n import translator
from bots.terminal.jsonl import JsonLines
from bots.terminal.screen import Screen
from deploy.cli.preparing import Preparing
from engine import logs
from engine.bootstrap import open_rehearsal
from engine.debate.panel import Language, Panel
from engine.panels.loader import load_panel
from engine.settings import Settings, read_settings

NAME = "preview"

TOPICS: dict[Language, str] = {
    "en": "Should our team write down how it decides before it decides anything else?",
    "es": "¿Debería nuestro equipo escribir cómo decide antes de decidir nada más?",
}
"""A question that any panel has something to say about."""


def preview(panel: str, topic: str | None, *, as_json: bool) -> None:
    """Lets each persona speak once.

    Raises:
        PanelError, SettingsError
        Rejected: the topic will not do.
        ModelAway, ModelRefused
    """
    logs.configure("text", "error")
    cast = load_panel(panel)
    about = topic or TOPICS[cast.language]
    asyncio.run(_preview(read_settings(), cast, about, as_json=as_json))


async def _preview(settings: Settings, panel: Panel, topic: str, *, as_json: bool) -> None:
    translate = translator(panel.language)
    async with AsyncExitStack() as stack:
        with Preparing(translate("Preparing the model …")) as told:
            rehearsal = await stack.enter_async_context(open_rehearsal(settings, told))
        surface = (
            JsonLines(NAME, sys.stdout) if as_json else Screen(Console(highlight=False), translate)
        )
        try:
            async for item in rehearsal.follow(topic, panel):
                surface.show(item)
        finally:
            surface.close()
