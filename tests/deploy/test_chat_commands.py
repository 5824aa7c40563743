"""`tertulia slack …` and `tertulia discord …`, at a local Slack and a local Discord."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from cryptography.fernet import Fernet

from bots.slackbot.installations import Installations, Installed
from deploy.cli.chat.permissions import Who, in_channel
from engine.bootstrap import open_vault, system_clock
from engine.panels.loader import load_panel
from engine.settings import read_settings
from tests.deploy.admin import Admin
from tests.deploy.ward import Ward, ward
from tests.fakes.slack.manifests import from_link, problems
from tests.redis_server import RedisServer
from tests.slackbot.apps import installed


@pytest.fixture
async def place(server: RedisServer, shard: str) -> AsyncIterator[Ward]:
    async with ward(server, shard) as opened:
        yield opened


async def asked(admin: Admin, place: Ward, *words: str, status: int = 0) -> Any:
    ended = await admin.bare(*words, "--json", **place.environment)
    assert ended.status == status, ended
    return json.loads(ended.out or ended.err)


async def test_manifests_and_links_make_apps_that_slack_takes(admin: Admin) -> None:
    app = json.loads(await admin.does("slack", "manifest", LANG="es"))
    assert problems(app) == []
    assert app["features"]["shortcuts"][0]["name"] == "Debatir esto"
    persona = json.loads(await admin.does("slack", "manifest", "ai-doomer", "--panel", "ai-en"))
    assert persona["display_information"]["name"] == "AI Doomer"
    links = await admin.json("slack", "install-link", "--panel", "ai-en")
    assert list(links) == ["app", *(one.id for one in load_panel("ai-en").personas)]
    assert from_link(links["ai-doomer"]) == persona
    assert "ai-en has no persona nobody" in await admin.fails("slack", "manifest", "nobody")


async def test_apps_tell_whether_each_works_and_which_are_missing(
    admin: Admin, place: Ward
) -> None:
    apps = installed(place.slack, place.team, {"ai-doomer": "AI Doomer"})
    tokens = {"ai-doomer": apps["ai-doomer"].bot_token, "ai-enthusiast": "xoxb-none"}
    place.set("slack", identity="apps", personas=json.dumps(tokens))
    told = {one["app"]: one for one in await asked(admin, place, "slack", "apps", status=1)}
    assert (told["app"]["works"], told["app"]["team"]) == (True, "Acme")
    assert told["ai-doomer"]["works"]
    assert (told["ai-enthusiast"]["works"], told["ai-enthusiast"]["why"]) == (
        False,
        "Slack does not accept the app's token; check it.",
    )
    assert "install-link ai-newcomer" in told["ai-newcomer"]["why"]


async def test_of_an_app_for_many_workspaces_each_is_looked_at(admin: Admin, place: Ward) -> None:
    key = Fernet.generate_key().decode()
    place.settings["slack"] = {"client_id": "1.2", "api_url": place.slack.api_url}
    place.settings["secrets"] = {"keys": json.dumps([key])}
    settings = read_settings(**place.settings | {"secrets": {"keys": [key]}})
    async with open_vault(settings) as vault:
        installations = Installations(vault, system_clock())
        await installations.keep(Installed(place.team.id, "Acme", place.installed.bot_token))
        (seen,) = await asked(admin, place, "slack", "apps")
        assert (seen["app"], seen["works"]) == (place.team.id, True)
        place.slack.uninstall(place.installed)
        (seen,) = await asked(admin, place, "slack", "apps", status=1)
        assert "install it again" in seen["why"]
        await installations.remove(Installed(place.team.id, "Acme", "x"))


async def test_an_invitation_asks_for_what_is_needed_and_no_more(admin: Admin, place: Ward) -> None:
    told = await asked(admin, place, "discord", "invite")
    assert told["link"] == (
        f"https://discord.com/oauth2/authorize?client_id={place.bot.id}"
        "&permissions=327222938624&scope=bot+applications.commands"
    )
    assert "Manage Webhooks" in told["permissions"]
    assert "Administrator" not in told["permissions"]


async def test_commands_are_published_when_they_are_others_and_only_then(
    admin: Admin, place: Ward
) -> None:
    assert (await asked(admin, place, "discord", "sync"))["published"] is False
    place.bot.commands.clear()
    assert (await asked(admin, place, "discord", "sync"))["published"] is True
    assert place.bot.commands[""]
    assert (await asked(admin, place, "discord", "sync"))["published"] is False


async def test_roles_are_made_given_taken_and_deleted(admin: Admin, place: Ward) -> None:
    ours = ("--panel", "decision-en")
    personas = load_panel("decision-en").personas
    made = await asked(admin, place, "discord", "roles", "create", *ours)
    assert [one["done"] for one in made] == ["made"] * len(personas)
    role = place.guild.roles[made[1]["role"]]
    assert (role.name, role.is_mentionable, int(role.permissions)) == (personas[1].name, True, 0)
    role.is_mentionable = False
    again = await asked(admin, place, "discord", "roles", "create", *ours)
    assert [one["done"] for one in again].count("made_mentionable") == 1
    assert role.is_mentionable
    eva = next(iter(place.guild.members.values()))
    who = (personas[1].id, eva.user.id, *ours)
    await asked(admin, place, "discord", "roles", "give", *who)
    assert role.id in eva.roles
    await asked(admin, place, "discord", "roles", "take", *who)
    assert role.id not in eva.roles
    refused = await asked(admin, place, "discord", "roles", "remove", *ours, status=2)
    assert "--yes" in refused["error"]
    await asked(admin, place, "discord", "roles", "remove", *ours, "--yes")
    assert role.id not in place.guild.roles
    refused = await asked(admin, place, "discord", "roles", "give", *who, status=2)
    assert "tertulia discord roles create" in refused["error"]


async def test_a_server_is_named_where_there_are_several(admin: Admin, place: Ward) -> None:
    other = place.discord.guild("other", place.discord.person("max"))
    place.discord.install(place.bot, other)
    words = ("discord", "roles", "create")
    assert "--server" in (await asked(admin, place, *words, status=2))["error"]
    assert await asked(admin, place, *words, "--server", place.guild.id)
    assert (
        "is not in the server 7"
        in (await asked(admin, place, *words, "--server", "7", status=2))["error"]
    )


async def test_a_platform_that_is_away_is_a_status_of_its_own(admin: Admin, place: Ward) -> None:
    place.set("slack", api_url="http://127.0.0.1:9/api/")
    told = await asked(admin, place, "slack", "apps", status=3)
    assert told == {"error": "Slack cannot be reached", "status": 3}


@pytest.mark.parametrize(
    ("roles", "overwrites", "left"),
    [
        ([0b11], [], 0b11),
        ([0b11], [{"id": "guild", "allow": "0", "deny": "1"}], 0b10),
        (
            [0b11],
            [{"id": "guild", "deny": "3", "allow": "0"}, {"id": "r", "allow": "1", "deny": "0"}],
            0b01,
        ),
        (
            [0b01],
            [{"id": "r", "deny": "1", "allow": "0"}, {"id": "u", "allow": "1", "deny": "0"}],
            0b01,
        ),
        ([0b01], [{"id": "x", "deny": "1", "allow": "0"}], 0b01),
    ],
)
def test_a_channels_overwrites_count_in_discords_order(
    roles: list[int], overwrites: list[dict[str, Any]], left: int
) -> None:
    assert in_channel(roles, overwrites, Who("guild", "u", {"r"})) == left
