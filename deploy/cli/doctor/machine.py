"""This machine: room on its disks, and its clock against those of Slack and Discord."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable
from email.utils import parsedate_to_datetime
from pathlib import Path

from aiohttp import ClientError, ClientSession, ClientTimeout

from deploy.cli.doctor.findings import Asked, Finding, fail, ok, warn
from deploy.cli.local.plan import platforms
from engine.adapters.user_folders import cache_folder, data_folder
from engine.debate.explained import Explained

LEAST_BYTES, FEW_BYTES = 100_000_000, 1_000_000_000
OFF_S, FAR_OFF_S = 5, 60
ASKED_WITHIN_S = 10

Free = Callable[[Path], int]
"""How many bytes may still be written below this folder."""


def free_bytes(folder: Path) -> int:
    """The file system's."""
    return shutil.disk_usage(folder).free


async def disk(asked: Asked, free: Free = free_bytes) -> AsyncIterator[Finding]:
    """Room for logs, backups, and what comes along."""
    folders = {Path.cwd()}
    if "embedded" in (asked.settings.redis.url, asked.settings.model.url):
        folders |= {_there(data_folder()), _there(cache_folder())}
    is_well = True
    for folder in sorted(folders):
        left = free(folder)
        if left >= FEW_BYTES:
            continue
        is_well = False
        found = fail if left < LEAST_BYTES else warn
        yield found(
            "disk.room",
            Explained("{folder}: {left} MB are free", folder=folder, left=left // 1_000_000),
            Explained("What cannot be written to disk is lost, or not done at all."),
            Explained("Make room: delete old logs, backups and models."),
        )
    if is_well:
        yield ok("disk.room", Explained("there is room on the disk"))


async def clock(asked: Asked) -> AsyncIterator[Finding]:
    """This machine's time against the platforms', as their answers tell it."""
    where = {"slack": asked.settings.slack.api_url, "discord": asked.settings.discord.api_url}
    for platform in platforms(asked.settings):
        theirs = await _time_of(where[platform])
        if theirs is not None:
            off_s = round(asked.clock.now_ms() / 1000 - theirs)
            yield clock_finding("time.clock", off_s, platform.title())


def clock_finding(about: str, off_s: int, against: str) -> Finding:
    """What it means that this machine's clock is so many seconds before another."""
    if abs(off_s) < OFF_S:
        return ok(about, Explained("this machine's clock agrees with {other}'s", other=against))
    found = fail if abs(off_s) >= FAR_OFF_S else warn
    return found(
        about,
        Explained(
            "this machine's clock is {seconds} s off {other}'s", seconds=off_s, other=against
        ),
        Explained(
            "Timers fire at the wrong time, days of budgets end at the wrong time, and requests"
            " that are more than 5 minutes old are refused."
        ),
        Explained("Set the clocks by NTP: timedatectl set-ntp true"),
    )


async def _time_of(url: str) -> float | None:
    """Unix time, in seconds; `None`: it does not tell."""
    try:
        async with (
            ClientSession(timeout=ClientTimeout(total=ASKED_WITHIN_S)) as session,
            session.get(url, allow_redirects=False) as answer,
        ):
            return parsedate_to_datetime(answer.headers["Date"]).timestamp()
    except (ClientError, TimeoutError, LookupError, ValueError):
        return None


def _there(folder: Path) -> Path:
    """The folder, or the nearest above it that is there."""
    return next(one for one in (folder, *folder.parents) if one.exists())
