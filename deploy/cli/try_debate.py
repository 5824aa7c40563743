"""`tertulia try`: a whole debate in this process, with the servers that it needs."""

from __future__ import annotations

import asyncio
import secrets
import shlex
import signal
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from rich.console import Console

from bots.chat.i18n import Translate, problem, translator
from bots.chat.material import MaterialError, read_material
from bots.chat.transcript.files import write
from bots.terminal.jsonl import JsonLines
from bots.terminal.screen import Screen
from deploy.cli.attempt import EMBEDDED, Attempt, notice_of_tiny_model, settings_of
from deploy.cli.failure import BAD_NEWS, STOPPED_BY_HAND
from deploy.cli.preparing import Preparing
from engine import logs
from engine.bootstrap import new_id, open_debates, open_worker, shard_of
from engine.debate.commands import Material, StartDebate
from engine.debate.decide import decide
from engine.debate.events import Budget, DebateClosed, Record
from engine.debate.explained import Explained, reason
from engine.debate.panel import Handoff, Panel
from engine.panels.loader import load_panel
from engine.ports.debates import Debates
from engine.ports.live import LiveText
from engine.runtime.worker import Worker
from engine.settings import Settings


class _Surface(Protocol):
    def show(self, item: Record | LiveText) -> None: ...

    def close(self) -> None: ...


def run(attempt: Attempt) -> int:
    """Debates to the end; answers the process's exit status.

    Raises:
        Explained, OSError
    """
    # The debate is what is shown; of the log, only what is a bug.
    logs.configure("text", "error")
    return asyncio.run(_run(attempt))


async def _run(attempt: Attempt) -> int:
    # A shard of its own, so that no worker but this process's takes the debate up.
    shard = shard_of(attempt.resume) if attempt.resume else f"try{secrets.token_hex(4)}"
    settings = settings_of(attempt, shard)
    command = None if attempt.resume else _command(attempt, settings)
    async with AsyncExitStack() as stack:
        debates = await stack.enter_async_context(open_debates(settings))
        if attempt.resume:
            language = (await debates.load(attempt.resume)).started.language
        else:
            language = command.panel.language if command else "en"
        translate = translator(language)
        with Preparing(translate("Preparing the model …")) as told:
            worker = await stack.enter_async_context(open_worker(settings, told))
        if settings.model.url == EMBEDDED:
            notice_of_tiny_model(translate)
        debate = attempt.resume or new_id(settings)
        if command:
            await debates.start(debate, command)
        surface = _surface(attempt, debate, translate)
        records = await _follow(debates, worker, debate, surface)
    if attempt.out:
        _write(attempt.out, debate, records)
    return _status(attempt, debate, records, translate)


def _command(attempt: Attempt, settings: Settings) -> StartDebate:
    """What starts the debate; checked before anything is fetched or started.

    Raises:
        Rejected, PanelError, MaterialError, OSError
    """
    budget = settings.budget
    command = StartDebate(
        topic=attempt.topic or "",
        panel=_panel(attempt),
        rounds=attempt.rounds,
        material=_material(attempt.context),
        budget=Budget(budget.turns, budget.tokens, budget.seconds),
        seed=attempt.seed,
    )
    decide(None, command)
    return command


def _panel(attempt: Attempt) -> Panel:
    panel = load_panel(attempt.panel or f"ai-{attempt.language or 'es'}")
    return replace(panel, handoff=Handoff(attempt.handoff)) if attempt.handoff else panel


def _material(file: Path | None) -> tuple[Material, ...]:
    if file is None:
        return ()
    try:
        content = file.read_bytes()
    except OSError as error:
        raise MaterialError("{file} cannot be read: {why}", file=file, why=reason(error)) from error
    return (read_material(file.name, content),)


def _surface(attempt: Attempt, debate: str, translate: Translate) -> _Surface:
    if attempt.jsonl:
        return JsonLines(debate, sys.stdout)
    return Screen(Console(highlight=False), translate)


async def _follow(
    debates: Debates, worker: Worker, debate: str, surface: _Surface
) -> Sequence[Record]:
    """Shows the debate until it is closed, or Ctrl-C; answers what was shown of its log."""
    records: list[Record] = []

    async def look() -> None:
        async for item in debates.follow(debate):
            surface.show(item)
            if isinstance(item, Record):
                records.append(item)
                if isinstance(item.event, DebateClosed):
                    return

    loop = asyncio.get_running_loop()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(worker.run())
        looking = tasks.create_task(look())
        loop.add_signal_handler(signal.SIGINT, looking.cancel)
        try:
            await asyncio.wait([looking])
        finally:
            loop.remove_signal_handler(signal.SIGINT)
            surface.close()
            worker.stop()
    return records


def _write(folder: Path, debate: str, records: Sequence[Record]) -> None:
    try:
        for path in write(folder, debate, records):
            _say(f"{path}")
    except OSError as error:
        raise Explained(
            "{file} cannot be written: {why}", file=folder, why=reason(error)
        ) from error


def _status(attempt: Attempt, debate: str, records: Sequence[Record], translate: Translate) -> int:
    closed = records[-1].event if records else None
    if not isinstance(closed, DebateClosed):
        command = shlex.join(["tertulia", "try", "--resume", debate, *_same_servers(attempt)])
        _say(translate("Stopped. To go on: {command}").format(command=command))
        return STOPPED_BY_HAND
    if closed.error:
        _say(f"tertulia: {problem(closed.error, translate)}")
        return BAD_NEWS
    return 0


def _same_servers(attempt: Attempt) -> list[str]:
    flags = {
        "--model": attempt.model,
        "--model-name": attempt.model_name,
        "--redis": attempt.redis,
    }
    return [word for flag, value in flags.items() if value for word in (flag, value)]


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
