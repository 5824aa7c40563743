"""The local Slack's apps: from a prefilled link, and refused where their manifest is wrong."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest

from tests.fakes.slack.protocol import Json
from tests.slackbot.office import Office, manifest


async def test_a_prefilled_link_makes_the_app(place: Office) -> None:
    query = urlencode({"new_app": 1, "manifest_json": json.dumps(manifest())})
    app = place.slack.app_from(f"https://api.slack.com/apps?{query}")
    installed = place.slack.install(app, place.slack.team("other"))
    test = await place.client_of(installed.bot_token).auth_test()
    assert test["user"] == "panel"
    with pytest.raises(ValueError, match="manifest"):
        place.slack.app_from("https://api.slack.com/apps?new_app=1")


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ({"display_information": {"name": "x" * 36}}, "takes 35"),
        ({"display_information": {}}, "name is missing"),
        ({"oauth_config": {"scopes": {"bot": ["commands"]}}}, "app_mention needs the scope"),
        ({"oauth_config": {"scopes": {"bot": []}}}, "need the scope commands"),
        ({"features": {"slash_commands": [{"command": "panel"}]}}, "not a command: panel"),
        ({"features": {"shortcuts": [{"name": "x", "callback_id": "y"}]}}, "message or global"),
        (
            {"settings": {"event_subscriptions": {"bot_events": ["message.everything"]}}},
            "no such bot event",
        ),
        ({"settings": {"interactivity": {"is_enabled": True}}}, "request_url is needed"),
    ],
)
async def test_a_manifest_that_slack_would_not_take_is_refused(
    place: Office, part: Json, told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        place.slack.app(manifest() | part)
