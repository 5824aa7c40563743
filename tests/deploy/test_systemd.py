"""The systemd units, as systemd itself reads them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from engine.settings import Settings
from tests.deploy.composed import DEPLOY

UNITS = DEPLOY / "systemd"
STARTED = ("tertulia-worker@9464.service", "tertulia-slack.service", "tertulia-discord.service")
EXPOSED_AT_MOST = 20
"""In tenths, of 100; a unit without any protection has 96."""


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units, as if the program were installed where this one is."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("needs systemd-analyze")
    for file in UNITS.rglob("*"):
        if file.is_file():
            here = tmp_path / file.relative_to(UNITS)
            here.parent.mkdir(exist_ok=True)
            text = file.read_text().replace("/opt/tertulia/bin/python", sys.executable)
            here.write_text(text.replace("WorkingDirectory=/etc/tertulia", "WorkingDirectory=/"))
    (tmp_path / STARTED[0]).symlink_to(tmp_path / "tertulia-worker@.service")
    return tmp_path


def analyzed(units: Path, *words: str) -> tuple[int, str]:
    done = subprocess.run(
        ["systemd-analyze", *words],
        env=os.environ | {"SYSTEMD_UNIT_PATH": f"{units}:/usr/lib/systemd/system"},
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("unit", STARTED)
def test_systemd_has_nothing_to_say_against_it(units: Path, unit: str) -> None:
    _, said = analyzed(units, "verify", "--man=no", unit)
    assert [line for line in said.splitlines() if "tertulia" in line] == []


def test_a_mistake_in_a_unit_would_be_noticed(units: Path) -> None:
    with (units / "tertulia-slack.service").open("a") as unit:
        unit.write("[Service]\nProtectSystm=strict\n")
    assert "ProtectSystm" in analyzed(units, "verify", "--man=no", "tertulia-slack.service")[1]


@pytest.mark.parametrize("unit", STARTED)
def test_it_is_shut_in(units: Path, unit: str) -> None:
    status, said = analyzed(
        units, "security", "--offline=yes", f"--threshold={EXPOSED_AT_MOST}", unit
    )
    if "unrecognized option" in said:
        pytest.skip("this systemd-analyze is too old to look at a unit that is not loaded")
    assert status == 0, said


def test_a_process_is_given_the_time_to_end_in_good_order() -> None:
    settings = Settings()
    for name, drain_s in (
        ("worker@", settings.worker.drain_s),
        ("slack", settings.slack.drain_s),
        ("discord", settings.discord.drain_s),
    ):
        text = (UNITS / f"tertulia-{name}.service").read_text()
        (told,) = (line for line in text.splitlines() if line.startswith("TimeoutStopSec="))
        assert float(told.partition("=")[2]) > drain_s
