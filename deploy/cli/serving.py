"""vLLM started with the flags that the engine wants, in the place of this process."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from deploy.cli.local.plan import CannotStart
from deploy.cli.output import Answer, Verbatim, give
from deploy.vllm.flags import flags
from engine.settings import read_settings


@dataclass(frozen=True, slots=True)
class Served:
    """What is to be served, and how."""

    model: str
    context_tokens: int
    gpus: int
    more: Sequence[str]
    """Words for vLLM itself; they go before ours."""


def command_line(served: Served, speaking: int) -> list[str]:
    """What starts it; `speaking`: how many turns are spoken at once. Pure."""
    tuned = flags(
        served.model,
        context_tokens=served.context_tokens,
        debates_at_once=speaking,
        gpus=served.gpus,
    )
    return ["vllm", "serve", *tuned, *served.more]


def serve(served: Served, *, only_print: bool, as_json: bool) -> int:
    """Shows the command line and becomes it; in JSON it is only shown.

    Raises:
        CannotStart: vLLM is not installed.
    """
    settings = read_settings().model
    words = command_line(served, settings.slots or settings.calls_at_once)
    if not (as_json or only_print):
        _become(words)
    return give(Answer({"command": words}, [Verbatim(shlex.join(words))]), as_json=as_json)


def _become(words: list[str]) -> NoReturn:
    if shutil.which(words[0]) is None:
        raise CannotStart("vllm is not installed: pip install vllm, on a machine with a GPU")
    sys.stderr.write(f"{shlex.join(words)}\n")
    sys.stderr.flush()
    os.execvp(words[0], words)  # noqa: S606 - shown above
