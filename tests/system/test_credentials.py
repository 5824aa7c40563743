"""Secrets in files: each named as its variable, in the folder that systemd or a container names."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.settings import SettingsError, read_settings
from engine.settings.credentials import UnreadableCredential


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder, with nothing in it yet."""
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_file_stands_for_its_variable(folder: Path) -> None:
    (folder / "TERTULIA_SLACK__BOT_TOKEN").write_text("xoxb-1\n")
    token = read_settings().slack.bot_token
    assert token is not None
    assert token.get_secret_value() == "xoxb-1"


def test_the_environment_goes_before_files_and_files_before_the_toml(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "tertulia.toml").write_text('[redis]\nurl = "redis://toml"\nshard = "toml"\n')
    (folder / "TERTULIA_REDIS__URL").write_text("redis://file")
    assert read_settings().redis.url == "redis://file"
    assert read_settings().redis.shard == "toml"
    monkeypatch.setenv("TERTULIA_REDIS__URL", "redis://variable")
    assert read_settings().redis.url == "redis://variable"


def test_other_files_there_are_others(folder: Path) -> None:
    (folder / "..data").mkdir()
    (folder / "database-password").write_text("x")
    assert read_settings().slack.bot_token is None


def test_a_misspelt_name_is_an_error_that_suggests_the_right_one(folder: Path) -> None:
    (folder / "TERTULIA_SLACK__BOT_TOKN").write_text("x")
    with pytest.raises(SettingsError, match="TERTULIA_SLACK__BOT_TOKEN"):
        read_settings()


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_cannot_be_read_is_named(folder: Path, content: bytes | None) -> None:
    file = folder / "TERTULIA_REDIS__URL"
    if content is None:
        file.mkdir()
    else:
        file.write_bytes(content)
    with pytest.raises(UnreadableCredential, match="TERTULIA_REDIS__URL"):
        read_settings()
