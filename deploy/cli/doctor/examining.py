"""The whole examination: every probe, what each found, and what was mended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from deploy.cli.doctor import folder
from deploy.cli.doctor.findings import Asked, Finding, Level, Probe, fail
from engine.debate.explained import Explained

LIMIT_S = 120.0
"""Of one probe; the slowest asks a model that is only being loaded."""

AskFirst = Callable[[Finding], bool]
"""Whether this may be mended."""


@dataclass(frozen=True, slots=True)
class Result:
    """A finding, and what came of mending it."""

    finding: Finding
    mended: bool = False
    not_mended: Explained | None = None
    """Why not, where it was tried."""

    @property
    def is_bad(self) -> bool:
        """Something is to be seen to."""
        return self.finding.level is Level.FAIL and not self.mended


def probes() -> list[tuple[str, Probe]]:
    """In the order in which they are told."""
    from deploy.cli.doctor.discord_bot import bot
    from deploy.cli.doctor.discord_channels import channels
    from deploy.cli.doctor.machine import clock, disk
    from deploy.cli.doctor.model_probe import model
    from deploy.cli.doctor.redis_probe import redis
    from deploy.cli.doctor.slack_posts import posts
    from deploy.cli.doctor.slack_tokens import reached

    return [
        ("settings", folder.settings),
        ("panels", folder.panels),
        ("disk", disk),
        ("time", clock),
        ("redis", redis),
        ("model", model),
        ("slack", reached),
        ("slack.post", posts),
        ("discord", bot),
        ("discord.channels", channels),
    ]


async def examined(asked: Asked, chosen: Iterable[tuple[str, Probe]]) -> list[Finding]:
    """What all of them find, in their order; they look at the same time."""
    found = await asyncio.gather(*(_findings(name, probe, asked) for name, probe in chosen))
    return [finding for several in found for finding in several]


async def mended(findings: list[Finding], may: AskFirst) -> list[Result]:
    """Mends what it can and may."""
    return [await _mended(finding, may) for finding in findings]


async def _mended(finding: Finding, may: AskFirst) -> Result:
    if finding.level is Level.OK or finding.mending is None or not may(finding):
        return Result(finding)
    try:
        await finding.mending()
    except Explained as error:
        return Result(finding, not_mended=error)
    return Result(finding, mended=True)


async def _findings(name: str, probe: Probe, asked: Asked) -> list[Finding]:
    found: list[Finding] = []
    try:
        async with asyncio.timeout(LIMIT_S):
            async for finding in probe(asked):
                found.append(finding)  # noqa: PERF401 - what was found before an error is kept
    except TimeoutError:
        found.append(_broken_off(name, Explained("it took longer than {s} s", s=LIMIT_S)))
    except Explained as error:
        found.append(_broken_off(name, error))
    return found


def _broken_off(name: str, what: Explained) -> Finding:
    return fail(
        name,
        what,
        Explained("What follows it could not be looked at."),
        Explained("See to this first, then ask the doctor again."),
    )
