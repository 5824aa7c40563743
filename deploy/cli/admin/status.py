"""The whole deployment in one look: servers, workers, bots, debates, queues, and what is amiss."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any

from bots.chat.i18n import Translate
from deploy.cli.admin.workers import percent, worker_data
from deploy.cli.admin.workers import table as workers_table
from deploy.cli.failure import BAD_NEWS
from deploy.cli.local.up import kept_here
from deploy.cli.local.up import table as kept_table
from deploy.cli.output import Answer, Cell, Facts, Part, Table, translation
from engine.bootstrap import Premises
from engine.debate.explained import marked as _
from engine.ports.inspection import BotSeen, OpenDebate, Server, Waiting, WorkerSeen

SILENT_MS = 30_000
"""A bot asks for mail every second."""
LONG_MS = 30_000
"""A wake-up that has waited so long waits for a worker."""


@dataclass(frozen=True, slots=True)
class Seen:
    """All that was looked at."""

    server: Server
    queue: Waiting
    timers: int
    dead: int
    mail: dict[str, Waiting]
    workers: Sequence[WorkerSeen]
    bots: Sequence[BotSeen]
    debates: Sequence[OpenDebate]


async def looked(at: Premises) -> Answer:
    """How it is; the status is 1 if something is to be seen to."""
    look = at.inspection
    seen = Seen(
        server=await look.server(),
        queue=await look.queue(),
        timers=(await look.timers())[0],
        dead=await look.count_dead(),
        mail=await look.mail(),
        workers=await look.workers(),
        bots=await look.bots(),
        debates=await look.open_debates(),
    )
    amiss = list(_amiss(seen, translation()))
    kept = kept_here()
    parts: list[Part] = [
        _facts(seen),
        *([kept_table(kept)] if kept else []),
        workers_table(seen.workers),
        _bots(seen.bots),
        *amiss,
    ]
    data = _data(seen, amiss) | {"processes": [asdict(one) for one in kept]}
    return Answer(data, parts, BAD_NEWS if amiss else 0)


def _amiss(seen: Seen, translate: Translate) -> Iterator[str]:
    """What is to be seen to, each in a line that says what to do."""
    alive = [worker for worker in seen.workers if worker.report]
    if not alive:
        yield translate("No worker answers: debates do not go on. Start one: python -m engine")
    if len({worker.report.version for worker in alive if worker.report}) > 1:
        yield translate(
            "Workers of several versions run; once the upgrade is done: tertulia workers drain OLD"
        )
    if seen.queue.oldest_ms > LONG_MS:
        text = translate("A debate has waited {seconds} s for a worker; start more of them")
        yield text.format(seconds=seen.queue.oldest_ms // 1000)
    for platform, mail in seen.mail.items():
        if not any(bot.platform == platform and bot.idle_ms < SILENT_MS for bot in seen.bots):
            text = translate("{count} letters wait for {platform}, and its bot does not answer")
            if mail.waiting + mail.held:
                yield text.format(count=mail.waiting + mail.held, platform=platform)
    if seen.dead:
        text = translate("Dead letters: {count}. See them: tertulia queue dead")
        yield text.format(count=seen.dead)
    yield from (translate(warning) for warning in seen.server.warnings)


def _data(seen: Seen, amiss: Sequence[str]) -> dict[str, Any]:
    reports = [worker.report for worker in seen.workers if worker.report]
    prompt = sum(report.prompt_tokens for report in reports)
    cached = sum(report.cached_tokens for report in reports)
    return {
        "version": version("tertulia"),
        "server": asdict(seen.server),
        "workers": [worker_data(worker) for worker in seen.workers],
        "bots": [asdict(bot) for bot in seen.bots],
        "debates": {
            "open": len(seen.debates),
            "speaking": sum(debate.holder is not None for debate in seen.debates),
        },
        "queue": asdict(seen.queue) | {"timers": seen.timers, "dead": seen.dead},
        "mail": {platform: asdict(mail) for platform, mail in seen.mail.items()},
        "tokens_per_s": round(sum(report.tokens_per_s for report in reports), 1),
        "cached_share": round(cached / prompt, 4) if prompt else None,
        "amiss": list(amiss),
    }


def _facts(seen: Seen) -> Facts:
    reports = [worker.report for worker in seen.workers if worker.report]
    prompt = sum(report.prompt_tokens for report in reports)
    cached = sum(report.cached_tokens for report in reports)
    speaking = sum(debate.holder is not None for debate in seen.debates)
    server = f"{seen.server.name} {seen.server.version}, {seen.server.memory_bytes / 1e6:.1f} MB"
    lag = f"{seen.queue.oldest_ms / 1000:.1f} s"
    rows: list[tuple[str, Cell]] = [
        (_("version"), version("tertulia")),
        (_("store"), server),
        (_("open debates"), len(seen.debates)),
        (_("being spoken"), speaking),
        (_("waiting"), seen.queue.waiting),
        (_("longest wait"), lag),
        (_("waiting for a time"), seen.timers),
        (_("dead letters"), seen.dead),
        (_("tokens/s"), round(sum(report.tokens_per_s for report in reports), 1)),
        (_("from the cache"), percent(cached, prompt)),
    ]
    translate = translation()
    return Facts([(translate(name), value) for name, value in rows if value is not None])


def _bots(bots: Sequence[BotSeen]) -> Table:
    translate = translation()
    columns = (_("bot"), _("platform"), _("state"), _("holds"))
    rows = [
        (
            bot.name,
            bot.platform,
            translate(_("works") if bot.idle_ms < SILENT_MS else _("does not answer")),
            bot.holds,
        )
        for bot in bots
    ]
    return Table(tuple(map(translate, columns)), rows, nothing=translate("No bot has called."))
