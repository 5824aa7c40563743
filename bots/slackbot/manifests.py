"""The manifests that Slack makes the apps from: the one that listens, and one for each persona.

`python -m bots.slackbot.manifests` writes the first of them anew, beside this file.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bots.chat.i18n import Translate, translator
from engine.debate.explained import one_line
from engine.debate.panel import Language, Persona

MANIFEST = Path(__file__).with_name("manifest.json")
NEW_APP = "https://api.slack.com/apps"
COMMAND = "/debate"
SHORTCUT = "debate_this"
_NAME_CHARS = 35
_ABOUT_CHARS = 140

SCOPES = (
    "app_mentions:read",
    "channels:history",
    "channels:join",
    "channels:read",
    "chat:write",
    "chat:write.customize",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "mpim:history",
    "mpim:read",
    "reactions:read",
    "usergroups:read",
    "users:read",
)
EVENTS = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "channel_archive",
    "channel_unarchive",
    "group_archive",
    "group_unarchive",
    "member_joined_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "message.mpim",
    "reaction_added",
    "reaction_removed",
    "tokens_revoked",
    "user_change",
)
PERSONA_SCOPES = ("channels:join", "chat:write")
"""What a persona's own app may: it speaks, and hears nothing."""

Json = dict[str, Any]


def app_manifest(language: Language = "en", public_url: str | None = None) -> Json:
    """The app that listens, and that all speak through unless personas have apps of their own.

    `public_url`: where Slack's requests reach the bot, `https://HOST`; `None`: by Socket Mode.
    """
    translate = translator(language)
    manifest: Json = {
        "display_information": {
            "name": "Tertulia",
            "description": translate(
                "A panel of AI personas debates your team's question in a thread."
            ),
            "background_color": "#2b3a4a",
        },
        "features": _features(translate),
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True},
            "org_deploy_enabled": False,
            "socket_mode_enabled": public_url is None,
            "token_rotation_enabled": False,
        },
    }
    return manifest if public_url is None else _with_urls(manifest, public_url.rstrip("/"))


def persona_manifest(persona: Persona) -> Json:
    """The app that one persona speaks through."""
    about = one_line(f"{persona.emoji} {persona.stance}")
    name = one_line(persona.name)[:_NAME_CHARS]
    return {
        "display_information": {"name": name, "description": _cut(about, _ABOUT_CHARS)},
        "features": {"bot_user": {"display_name": name, "always_online": True}},
        "oauth_config": {"scopes": {"bot": list(PERSONA_SCOPES)}},
        "settings": {
            "org_deploy_enabled": False,
            "socket_mode_enabled": False,
            "token_rotation_enabled": False,
        },
    }


def install_link(manifest: Json) -> str:
    """Opens Slack's page for a new app, with this manifest filled in."""
    given = json.dumps(manifest, ensure_ascii=False, separators=(",", ":"))
    return f"{NEW_APP}?{urlencode({'new_app': 1, 'manifest_json': given})}"


def as_text(manifest: Json) -> str:
    """The manifest as a file has it."""
    return json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"


def _features(translate: Translate) -> Json:
    return {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": "Tertulia", "always_online": True},
        "shortcuts": [
            {
                "name": translate("Debate this"),
                "type": "message",
                "callback_id": SHORTCUT,
                "description": translate("Debate a message, with its thread and files as material"),
            }
        ],
        "slash_commands": [
            {
                "command": COMMAND,
                "description": translate("Debate a topic, or «help»"),
                "usage_hint": translate("Should we …? [panel=ai-en] [rounds=2] [pace=live]"),
                "should_escape": True,
            }
        ],
    }


def _with_urls(manifest: Json, public_url: str) -> Json:
    events = f"{public_url}/slack/events"
    settings = manifest["settings"]
    settings["event_subscriptions"] = {"request_url": events, **settings["event_subscriptions"]}
    settings["interactivity"]["request_url"] = events
    manifest["features"]["slash_commands"][0]["url"] = events
    manifest["oauth_config"]["redirect_urls"] = [f"{public_url}/slack/oauth_redirect"]
    return manifest


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


if __name__ == "__main__":
    MANIFEST.write_text(as_text(app_manifest()), encoding="utf-8")
