"""What `tertulia try` was asked for, and the settings that it comes to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from bots.chat.i18n import Translate
from engine.debate.panel import Language
from engine.settings import Settings, read_settings

EMBEDDED = "embedded"

LEASE_S = 4.0
"""Short: what a killed process leaves behind is gone on with after so long."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was asked for on the command line."""

    topic: str | None
    panel: str | None
    language: Language | None
    rounds: int | None
    handoff: str | None
    context: Path | None
    jsonl: bool
    out: Path | None
    model: str | None
    model_name: str | None
    redis: str | None
    seed: int | None
    resume: str | None


def settings_of(attempt: Attempt, shard: str) -> Settings:
    """Command line over settings; where neither names a server, one comes along.

    No worker takes up debates of this shard but those started with it.

    Raises:
        SettingsError
    """
    usual = read_settings()
    redis = attempt.redis or (
        usual.redis.url if "url" in usual.redis.model_fields_set else EMBEDDED
    )
    model = attempt.model or (
        usual.model.url if "url" in usual.model.model_fields_set else EMBEDDED
    )
    return read_settings(
        redis=usual.redis.model_dump() | {"url": redis, "shard": shard},
        model=usual.model.model_dump()
        | {"url": model, "name": attempt.model_name or usual.model.name},
        worker=usual.worker.model_dump() | {"lease_s": LEASE_S, "drain_s": 0},
    )


def notice_of_tiny_model(translate: Translate) -> None:
    """Says what to expect of the model that comes along."""
    notice = translate(
        "The model that comes along (SmolLM2, 135 million parameters, English) only shows how "
        "things work.\nFor a debate worth reading: --model http://HOST:PORT/v1 (vLLM, Ollama, "
        "llama.cpp) or --model FILE.gguf"
    )
    Console(stderr=True, highlight=False).print(Padding(Text(notice, style="dim"), (1, 2, 0, 2)))
