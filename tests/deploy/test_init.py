"""`tertulia init`: two files, never a secret in the wrong one, and nothing lost by a second run."""

from __future__ import annotations

import json
import stat
from typing import Any

import pytest

from deploy.cli import dotenv
from deploy.cli.setup.env_text import changes, with_variables
from deploy.cli.setup.toml_text import CannotChange, read, with_settings
from engine.debate.explained import Explained
from engine.panels.loader import load_panel
from tests.deploy.admin import Admin
from tests.deploy.composed import asked
from tests.fakes.slack.manifests import from_link, problems


async def init(admin: Admin, *words: str, status: int = 0) -> Any:
    """Runs it with `--json`, without settings of the environment's."""
    ended = await admin.bare("init", *words, "--json")
    assert ended.status == status, ended
    return json.loads(ended.out if status == 0 else ended.err)


async def test_an_empty_folder_gets_settings_secrets_and_links(admin: Admin) -> None:
    told = await init(
        admin, "--slack", "--discord", "--redis", "redis://:hush@host/0", "--set", "worker.port=0"
    )
    assert told["written"] == ["tertulia.toml", ".env"]
    assert told["lacking"] == [
        "TERTULIA_SLACK__BOT_TOKEN",
        "TERTULIA_SLACK__APP_TOKEN",
        "TERTULIA_DISCORD__TOKEN",
    ]
    assert problems(from_link(told["slack"]["app"])) == []
    toml, env = admin.home / "tertulia.toml", admin.home / ".env"
    assert read(toml.read_text()) == {"worker": {"port": 0}}
    said = dotenv.parse(env.read_text())
    passwords = [said.pop("REDIS_PASSWORD"), said.pop("REDIS_ADMIN_PASSWORD")]
    assert said == {"TERTULIA_REDIS__URL": "redis://:hush@host/0"}
    assert len({*passwords}) == 2
    assert all(len(word) == 64 for word in passwords)
    assert "#TERTULIA_DISCORD__TOKEN=" in env.read_text().splitlines()
    assert stat.S_IMODE(env.stat().st_mode) == 0o600


async def test_what_it_writes_is_all_that_compose_needs(admin: Admin) -> None:
    await init(admin, "--slack")
    env = dotenv.parse((admin.home / ".env").read_text())
    assert asked(("compose.yaml",), env).returncode == 0
    await init(admin, "--slack", "--discord", "--yes")
    again = dotenv.parse((admin.home / ".env").read_text())
    assert again == env, "Redis keeps the passwords that it began with"


async def test_a_second_run_keeps_what_is_there_and_changes_nothing_unasked(admin: Admin) -> None:
    toml, env = admin.home / "tertulia.toml", admin.home / ".env"
    toml.write_text("# ours\n[redis] # here\nurl = 'redis://a/0'\n\n[log]\nlevel = 'debug'\n")
    env.write_text("# mine\nOTHER=1\nTERTULIA_SLACK__BOT_TOKEN=xoxb-1\n")
    before = toml.read_text(), env.read_text()
    refused = await init(admin, "--redis", "redis://b/0", status=2)
    assert "tertulia.toml would be changed" in refused["error"]
    assert (toml.read_text(), env.read_text()) == before
    await init(admin, "--redis", "redis://b/0", "--slack", "--yes")
    assert toml.read_text() == before[0].replace("'redis://a/0'", '"redis://b/0"')
    assert env.read_text() == f"{before[1]}#TERTULIA_SLACK__APP_TOKEN=\n"
    assert (await init(admin, "--redis", "redis://b/0", "--slack"))["written"] == []


async def test_a_persona_each_an_app_gets_a_link_each(admin: Admin) -> None:
    told = await init(admin, "--slack", "--slack-identity", "apps", "--panel", "decision-en")
    assert len(told["slack"]) == 1 + len(load_panel("decision-en").personas)
    assert all(problems(from_link(link)) == [] for link in told["slack"].values())
    assert "TERTULIA_SLACK__PERSONAS" in told["lacking"]


async def test_what_will_not_do_is_said_before_anything_is_written(admin: Admin) -> None:
    for words in (
        ("--set", "worker.prot=1"),
        ("--set", "nonsense"),
        ("--set", "worker.port=eighty"),
        ("--slack", "--slack-identity", "apps", "--panel", "nobody"),
    ):
        await init(admin, *words, status=2)
    assert list(admin.home.glob("*.toml")) == []


async def test_what_env_says_is_heard_and_the_real_environment_goes_first(admin: Admin) -> None:
    (admin.home / ".env").write_text("TERTULIA_LOG__LEVEL='debug'\nPATH=/nowhere\n")
    shown = await admin.bare("config", "show", "--json")
    told = {it["name"]: (it["value"], it["origin"]) for it in json.loads(shown.out)}
    assert told["log.level"] == ("debug", "environment")
    shown = await admin.bare("config", "show", "--json", TERTULIA_LOG__LEVEL="error")
    assert {it["name"]: it["value"] for it in json.loads(shown.out)}["log.level"] == "error"


async def test_a_line_of_env_that_says_nothing_is_named_but_not_shown(admin: Admin) -> None:
    (admin.home / ".env").write_text("\nxoxb-very-secret\n")
    ended = await admin.bare("config", "show")
    assert (ended.status, ended.out) == (2, "")
    assert ended.err == "tertulia: .env, line 2: write NAME=value\n"


@pytest.mark.parametrize("value", ["x", "", "a b", "it's", 'a"b\\c$d`e', '{"a": "b"}', "#x", "ñ"])
def test_a_value_written_to_env_is_read_back(value: str) -> None:
    assert dotenv.parse(dotenv.line_for("NAME", value)) == {"NAME": value}


def test_env_is_read_as_a_shell_would() -> None:
    text = "export A=1\n# B=2\nC = 3\n"
    with pytest.raises(Explained, match="line 3"):
        dotenv.parse(text)
    assert dotenv.parse('export A=1 # one\nB=\'x # y\' # two\n\nC="a\\"b"\n') == {
        "A": "1",
        "B": "x # y",
        "C": 'a"b',
    }


def test_a_diff_of_secrets_shows_names_alone() -> None:
    before = "A=1\nB=2\n"
    after = with_variables(before, {"B": "hush", "C": "hush"}, ["D"])
    assert after == "A=1\nB=hush\nC=hush\n#D=\n"
    assert list(changes(before, after)) == ["-B=…", "+B=…", "+C=…", "+#D="]


def test_a_file_written_in_a_way_of_its_own_is_not_guessed_at() -> None:
    for text in ("redis.url = 'x'\n", "[redis]\nurl = '''\nx\n'''\n", "redis = {url = 'x'}\n"):
        with pytest.raises(CannotChange, match="write it yourself"):
            with_settings(text, {("redis", "url"): "y"})
    with pytest.raises(CannotChange, match=r"tertulia\.toml"):
        with_settings("[redis", {("redis", "url"): "y"})
