"""`tertulia doctor` names each planted fault and says how to mend it; of good health, nothing."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.cli.doctor import folder
from deploy.cli.doctor.examining import mended
from deploy.cli.doctor.findings import Asked, Finding, Level
from deploy.cli.doctor.machine import disk
from engine.bootstrap import system_clock
from engine.settings import read_settings
from tests.deploy.faults import FAULTS
from tests.deploy.ward import Ward, configured, ward
from tests.fakes.discord.faults import refuses as discord_refuses
from tests.fakes.old_redis import old_redis
from tests.fakes.slack.faults import refuses as slack_refuses
from tests.redis_server import RedisServer, redis_server
from tests.system.program import ran

BUSY_MACHINE = "redis.latency"
"""What is found true of the machine that the tests run on."""


@pytest.fixture(scope="module")
def own_server() -> Iterator[RedisServer]:
    """Whose configuration may be changed."""
    with redis_server() as started:
        yield started


@pytest.fixture
async def patient(
    own_server: RedisServer, shard: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Ward]:
    monkeypatch.chdir(tmp_path)
    async with ward(own_server, shard) as healthy:
        yield healthy
    await configured(own_server.url, appendonly="yes", maxmemory="0", policy="noeviction")


async def test_of_good_health_nothing_is_found_and_nothing_is_left_behind(patient: Ward) -> None:
    found = await patient.found()
    amiss = [one for one in found if one.level is not Level.OK]
    assert [one for one in amiss if one.about != BUSY_MACHINE] == []
    assert {one.about.split(".")[0] for one in found} == {
        *("settings", "panels", "disk", "time", "redis", "model", "slack", "discord")
    }
    assert [m for m in patient.general.messages.values() if m.subtype != "tombstone"] == []
    assert patient.hall.messages == {}
    assert patient.discord.world.webhooks == {}


@pytest.mark.parametrize("name", FAULTS)
async def test_a_planted_fault_is_named_and_the_way_to_mend_it_told(
    patient: Ward, name: str
) -> None:
    fault = FAULTS[name]
    planted = fault.plant(patient)
    if isinstance(planted, Awaitable):
        await planted
    areas = {about.split(".")[0] for about in fault.about}
    found = await patient.ill(*areas)
    assert tuple(one.about for one in found) == fault.about
    assert any(fault.what in str(one.what) for one in found), [str(one.what) for one in found]
    assert any(fault.mend in str(one.mend) for one in found), [str(one.mend) for one in found]
    assert all(one.why for one in found)


async def test_a_redis_too_old_is_named(patient: Ward) -> None:
    async with old_redis() as url:
        patient.set("redis", url=url)
        (finding,) = await patient.ill("redis")
    assert finding.about == "redis.unsuitable"
    assert "6.2.1 is too old" in str(finding.what)
    assert "redis.url" in str(finding.mend)


async def test_a_full_disk_is_named(patient: Ward) -> None:
    asked = Asked(read_settings(**patient.settings), system_clock(), "en")
    (finding,) = [one async for one in disk(asked, lambda _folder: 5_000_000)]
    assert (finding.about, finding.level) == ("disk.room", Level.FAIL)
    assert "5 MB are free" in str(finding.what)
    assert "Make room" in str(finding.mend)


def test_an_unknown_setting_is_named_and_the_right_one_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TERTULIA_REDIS__URI", "redis://x")
    (finding,) = folder.wrong_settings()
    assert finding.about == "settings.mistake"
    assert "did you mean TERTULIA_REDIS__URL?" in str(finding.what)


@pytest.mark.parametrize(
    "name",
    [
        "append-only file off",
        "eviction on",
        ".env open to others",
        "role not mentionable",
        "role missing",
        "commands not published",
    ],
)
async def test_what_can_be_mended_is_mended_once_somebody_agrees(patient: Ward, name: str) -> None:
    fault = FAULTS[name]
    planted = fault.plant(patient)
    if isinstance(planted, Awaitable):
        await planted
    area = fault.about[0].split(".")[0]
    asked: list[Finding] = []

    def no(finding: Finding) -> bool:
        asked.append(finding)
        return False

    await mended(await patient.found(area), no)
    assert [one.about for one in asked] == list(fault.about)
    assert [one.about for one in await patient.ill(area)] == list(fault.about)
    results = await mended(await patient.found(area), lambda _finding: True)
    assert [r.finding.about for r in results if r.mended] == list(fault.about)
    assert await patient.ill(area) == []


async def test_probes_clean_up_where_a_post_is_refused_halfway(patient: Ward) -> None:
    patient.slack.faults.plan(
        "chat.postMessage", slack_refuses("restricted_action"), where=lambda a: "thread_ts" in a
    )
    patient.discord.faults.plan("POST /webhooks/{webhook}/{token}", discord_refuses(50013))
    found = await patient.ill("slack", "discord")
    assert [one.about for one in found] == ["slack.post", "discord.webhook"]
    assert [m for m in patient.general.messages.values() if m.subtype != "tombstone"] == []
    assert patient.discord.world.webhooks == {}


async def test_the_command_tells_people_and_scripts_and_its_status_says_how_it_is(
    patient: Ward, tmp_path: Path
) -> None:
    well = await ran(tmp_path, "doctor", within_s=60, **patient.environment)
    assert (well.status, well.out.splitlines()[-1]) == (0, "All is well."), well
    patient.slack.leave(patient.general, patient.installed.bot)
    ill = await ran(tmp_path, "doctor", "--json", within_s=60, **patient.environment)
    told: list[dict[str, Any]] = json.loads(ill.out)
    assert ill.status == 1
    assert [one["about"] for one in told if one["level"] == "fail"] == ["slack.channel"]
    assert all(one["mend"] for one in told if one["level"] != "ok")
