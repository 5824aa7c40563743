"""`tertulia config …`: where each setting comes from, and every mistake at once."""

from __future__ import annotations

from tests.deploy.admin import Admin

TOML = """
[model]
url = "http://gpu:8000/v1"
api_key = "sk-very-secret"

[redis]
keep_days = 30
"""


async def test_every_setting_tells_where_it_comes_from_and_no_secret_is_shown(
    admin: Admin,
) -> None:
    (admin.home / "tertulia.toml").write_text(TOML)
    credentials = admin.home / "credentials"
    credentials.mkdir()
    (credentials / "TERTULIA_SLACK__BOT_TOKEN").write_text("xoxb-very-secret\n")
    more = {
        "TERTULIA_REDIS__URL": "redis://user:very-secret@host/0",
        "TERTULIA_WORKER": '{"drain_s": 5}',
        "TERTULIA_DISCORD__PERSONA_TOKENS": '{"skeptic": "very-secret"}',
        "CREDENTIALS_DIRECTORY": str(credentials),
    }
    shown = {it["name"]: it for it in await admin.json("config", "show", status=0, **more)}
    told = {name: (it["value"], it["origin"]) for name, it in shown.items()}
    assert told["model.url"] == ("http://gpu:8000/v1", "file")
    assert told["model.api_key"] == ("…", "file")
    assert told["redis.keep_days"] == (30, "file")
    assert told["redis.url"] == ("redis://…@host/0", "environment")
    assert told["worker.drain_s"] == (5, "environment")
    assert told["worker.lease_s"] == (10, "default")
    assert told["slack.bot_token"] == ("…", "credential")
    assert told["discord.persona_tokens"] == ({"skeptic": "…"}, "environment")
    assert shown["redis.url"]["variable"] == "TERTULIA_REDIS__URL"
    plain = await admin.does("config", "show", **more)
    assert "very-secret" not in plain
    assert "model.url\thttp://gpu:8000/v1\ttertulia.toml\n" in plain


async def test_every_mistake_is_named_and_none_twice(admin: Admin) -> None:
    (admin.home / "tertulia.toml").write_text('[model]\nurls = "x"\n[redis]\nkeep_days = -1\n')
    wrong = {"TERTULIA_MODLE__URL": "http://x", "TERTULIA_WORKER__LEASE_S": "long"}
    found = await admin.json("config", "check", status=2, **wrong)
    assert not found["ok"]
    assert sorted(found["mistakes"]) == [
        "redis.keep_days (TERTULIA_REDIS__KEEP_DAYS): must be more than 0",
        "tertulia.toml: there is no setting model.urls; did you mean model.url?",
        "there is no setting TERTULIA_MODLE__URL; did you mean TERTULIA_MODEL__URL?",
        "worker.lease_s (TERTULIA_WORKER__LEASE_S): must be a number",
    ]


async def test_a_variable_misspelt_in_a_known_part_is_named_once(admin: Admin) -> None:
    found = await admin.json("config", "check", status=2, TERTULIA_MODEL__URI="http://x")
    assert found["mistakes"] == [
        "there is no setting TERTULIA_MODEL__URI; did you mean TERTULIA_MODEL__URL?"
    ]


async def test_what_cannot_be_read_at_all_is_named(admin: Admin) -> None:
    found = await admin.json("config", "check", status=2, TERTULIA_MODEL__SAMPLING="{warm")
    assert found["mistakes"] == ["TERTULIA_MODEL__SAMPLING: write a table as JSON"]
    (admin.home / "tertulia.toml").write_text("[model\n")
    (mistake,) = (await admin.json("config", "check", status=2))["mistakes"]
    assert mistake.startswith("tertulia.toml: Expected ']'")


async def test_right_settings_are_said_to_be_right(admin: Admin) -> None:
    assert await admin.json("config", "check") == {"ok": True, "mistakes": []}
    assert await admin.does("config", "check", LANG="es") == "Los ajustes están bien.\n"
