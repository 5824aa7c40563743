"""The manifests of the apps are such as Slack takes, and ask for no more than is needed."""

from __future__ import annotations

import pytest

from bots.slackbot.manifests import (
    COMMAND,
    MANIFEST,
    SHORTCUT,
    app_manifest,
    as_text,
    install_link,
    persona_manifest,
)
from engine.debate.panel import Language
from engine.panels.loader import bundled, load_panel
from tests.fakes.slack.manifests import from_link, problems


def test_the_file_is_what_is_generated() -> None:
    assert MANIFEST.read_text("utf-8") == as_text(app_manifest()), (
        "write it anew: python -m bots.slackbot.manifests"
    )


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("public_url", [None, "https://bot.example/"])
def test_slack_takes_the_app_from_one_link(language: Language, public_url: str | None) -> None:
    manifest = app_manifest(language, public_url)
    link = install_link(manifest)
    assert from_link(link) == manifest
    assert problems(manifest) == []
    assert link.startswith("https://api.slack.com/apps?new_app=1&manifest_json=%7B")
    assert manifest["settings"]["socket_mode_enabled"] is (public_url is None)


def test_the_app_has_the_command_and_the_shortcut_that_the_bot_listens_to() -> None:
    features = app_manifest("es")["features"]
    assert [found["command"] for found in features["slash_commands"]] == [COMMAND]
    assert [found["callback_id"] for found in features["shortcuts"]] == [SHORTCUT]
    assert features["shortcuts"][0]["name"] == "Debatir esto"


@pytest.mark.parametrize("panel", bundled())
def test_a_personas_app_speaks_and_hears_nothing(panel: str) -> None:
    for persona in load_panel(panel).personas:
        manifest = persona_manifest(persona)
        assert problems(from_link(install_link(manifest))) == []
        assert manifest["oauth_config"]["scopes"]["bot"] == ["channels:join", "chat:write"]
        assert "event_subscriptions" not in manifest["settings"]
        assert manifest["features"]["bot_user"]["display_name"] == persona.name
        assert manifest["display_information"]["description"].startswith(persona.emoji)
