"""Which processes the settings call for, in the order in which they are started. Pure."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from urllib.parse import urlsplit

from deploy.vllm.flags import flags
from engine.debate.explained import Explained
from engine.settings import Settings

PORTS_APART = 10
"""Between the workers' ports for /healthz; the bots' lie between them."""
LIBRARIES = {"slack": "slack_bolt", "discord": "discord"}
_DRAINED_S = 10.0
"""What a process may take to end beyond the time that it has for what it is doing."""


class CannotStart(Explained):
    """There is nothing to start, or something is not installed."""


@dataclass(frozen=True, slots=True)
class Spec:
    """A process to be kept running."""

    name: str
    words: tuple[str, ...]
    ready: str
    """Stands in the line of its log that says that it works."""
    ends_within_s: float
    environment: Mapping[str, str] = field(default_factory=dict)


def plan(settings: Settings, workers: int, vllm: str | None) -> list[Spec]:
    """The model server if one was asked for, workers, and the bots that have tokens.

    Raises:
        CannotStart
    """
    drained = {"slack": settings.slack.drain_s, "discord": settings.discord.drain_s}
    bots = [_bot(platform, drained[platform]) for platform in platforms(settings)]
    if not bots:
        raise CannotStart(
            "neither Slack nor Discord has a token here; set them up with `tertulia init`, or see "
            "how it works with `tertulia try --web`"
        )
    model = [_model_server(settings, vllm)] if vllm else []
    return [*model, *(_worker(settings, number) for number in range(workers)), *bots]


def platforms(settings: Settings) -> list[str]:
    """Those that have what a bot of theirs signs in with."""
    has_slack = settings.slack.bot_token or settings.slack.client_id
    return [
        name for name, has in (("slack", has_slack), ("discord", settings.discord.token)) if has
    ]


def _worker(settings: Settings, number: int) -> Spec:
    first = settings.worker.port
    port = first + number * PORTS_APART if first else 0
    return Spec(
        f"worker-{number + 1}",
        (sys.executable, "-m", "engine"),
        "process.runs",
        settings.worker.drain_s + _DRAINED_S,
        {"TERTULIA_WORKER__PORT": str(port)},
    )


def _bot(platform: str, drain_s: float) -> Spec:
    if find_spec(LIBRARIES[platform]) is None:
        raise CannotStart(
            "what the bot for {platform} needs is not installed: pip install 'tertulia[{extra}]'",
            platform=platform.title(),
            extra=platform,
        )
    words = (sys.executable, "-m", f"bots.{platform}bot")
    return Spec(platform, words, f"{platform}.ready", drain_s + _DRAINED_S)


def _model_server(settings: Settings, model: str) -> Spec:
    if shutil.which("vllm") is None:
        raise CannotStart("vllm is not installed: pip install vllm, on a machine with a GPU")
    at = urlsplit(settings.model.url)
    if at.hostname is None:
        raise CannotStart(
            "model.url is {url}; to start vLLM here, let it say where: http://127.0.0.1:8000/v1",
            url=settings.model.url,
        )
    where = ("--host", at.hostname, "--port", str(at.port or 8000))
    words = ("vllm", "serve", *flags(model, debates_at_once=settings.model.slots or 64), *where)
    # It speaks within minutes; workers wait for it.
    return Spec("model", words, "Application startup complete", _DRAINED_S)
