"""The local Slack's installations: OAuth as bolt does it, rotation, revocation, removal."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store import FileInstallationStore
from slack_sdk.oauth.state_store import FileOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack.protocol import Json
from tests.slackbot.office import SCOPES, Office, refusal
from tests.slackbot.serving import served

REDIRECT = "http://127.0.0.1:1/slack/oauth_redirect"

pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")


async def allowed(place: Office, **query: str) -> dict[str, list[str]]:
    """What OAuth's consent page sends back to the app."""
    url = f"{place.slack.url}/oauth/v2/authorize"
    asked = {"client_id": place.app.client_id, "redirect_uri": REDIRECT, **query}
    async with (
        aiohttp.ClientSession() as session,
        session.get(url, params=asked, allow_redirects=False) as response,
    ):
        return parse_qs(urlsplit(response.headers["Location"]).query)


async def test_an_installation_costs_a_code_that_is_good_once(place: Office) -> None:
    team = place.slack.team("other", enterprise_id="E012345678")
    admin = place.slack.person(team, "eva", is_admin=True)
    back = await allowed(place, team=team.id, scope="chat:write,commands", state="s1")
    assert back["state"] == ["s1"]
    args = {
        "client_id": place.app.client_id,
        "client_secret": place.app.client_secret,
        "code": back["code"][0],
        "redirect_uri": REDIRECT,
    }
    wrong = args | {"client_secret": "guessed"}
    with pytest.raises(SlackApiError, match="bad_client_secret"):
        await place.client.oauth_v2_access(**wrong)
    installed = await place.client.oauth_v2_access(**args)
    assert installed["enterprise"]["id"] == "E012345678"
    assert installed["authed_user"]["id"] == admin.user.id
    assert installed["scope"] == "chat:write,commands"
    test = await place.client_of(installed["access_token"]).auth_test()
    assert (test["team_id"], test["user_id"]) == (team.id, installed["bot_user_id"])
    with pytest.raises(SlackApiError, match="invalid_code"):
        await place.client.oauth_v2_access(**args)


async def test_an_installation_can_be_declined(place: Office) -> None:
    back = await allowed(place, scope="chat:write", state="s1", deny="1")
    assert back == {"state": ["s1"], "error": ["access_denied"]}


async def test_a_token_is_renewed_once_or_at_once_again_and_lives_twelve_hours(
    place: Office,
) -> None:
    place.app.manifest["settings"]["token_rotation_enabled"] = True
    team = place.slack.team("other")
    place.slack.person(team, "eva", is_admin=True)
    back = await allowed(place, team=team.id, scope="chat:write")
    who = {"client_id": place.app.client_id, "client_secret": place.app.client_secret}
    first = await place.client.oauth_v2_access(**who, code=back["code"][0], redirect_uri=REDIRECT)
    assert first["expires_in"] == 43_200
    again = who | {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second = await place.client.oauth_v2_access(**again)
    for token in (first["access_token"], second["access_token"]):
        await place.client_of(token).auth_test()
    third = await place.client.oauth_v2_access(**again)
    assert await refusal(place.client_of(first["access_token"]), "auth.test") == "token_revoked"
    place.slack.clock.advance(61)
    with pytest.raises(SlackApiError, match="invalid_refresh_token"):
        await place.client.oauth_v2_access(**again)
    place.slack.clock.advance(43_200)
    assert await refusal(place.client_of(third["access_token"]), "auth.test") == "token_expired"


async def test_a_removed_app_is_told_and_its_token_is_worth_nothing(place: Office) -> None:
    secret = {"client_id": place.app.client_id, "client_secret": place.app.client_secret}
    await place.client.apps_uninstall(**secret)
    types = [d.event["type"] for d in place.slack.deliveries.all]
    assert types == ["tokens_revoked", "app_uninstalled"]
    assert await place.refusal("auth.test") == "account_inactive"
    assert place.installed.bot.id not in place.general.members


async def test_an_org_wide_installation_is_one_token_for_all_its_workspaces(place: Office) -> None:
    teams = [place.slack.team(name, enterprise_id="E012345678") for name in ("north", "south")]
    people = [place.slack.person(team, "eva", is_admin=True) for team in teams]
    scopes = "chat:write,channels:history,users:read"
    back = await allowed(place, team=teams[0].id, scope=scopes, org="1")
    installed = await place.client.oauth_v2_access(
        client_id=place.app.client_id,
        client_secret=place.app.client_secret,
        code=back["code"][0],
        redirect_uri=REDIRECT,
    )
    assert (installed["team"], installed["is_enterprise_install"]) == (None, True)
    client = place.client_of(installed["access_token"])
    assert (await client.auth_test())["team_id"] == "E012345678"
    bot = place.slack.workspaces.users[installed["bot_user_id"]]
    room = place.slack.channel(teams[1], "room", people[1], bot)
    people[1].says(room, "@Panel hello")
    payload = place.slack.deliveries.all[-1].payload
    assert payload["team_id"] == teams[1].id
    assert payload["event"]["text"] == f"<@{bot.id}> hello"
    authorization = payload["authorizations"][0]
    assert (authorization["is_enterprise_install"], authorization["team_id"]) == (True, None)
    await client.chat_postMessage(channel=room.id, text="Good morning.")
    assert people[1].sees(room)[-1].text == "Good morning."
    with pytest.raises(SlackApiError, match="missing_argument"):
        await client.users_list()
    listed = await client.users_list(team_id=teams[1].id)
    assert people[1].user.id in [member["id"] for member in listed["members"]]
    assert people[1].user.id.startswith("W")


async def test_bolts_own_flow_installs_the_app_and_answers_in_that_workspace(
    place: Office, tmp_path: Path
) -> None:
    team = place.slack.team("other")
    eva = place.slack.person(team, "eva", is_admin=True)
    settings = AsyncOAuthSettings(
        client_id=place.app.client_id,
        client_secret=place.app.client_secret,
        scopes=SCOPES,
        installation_store=FileInstallationStore(base_dir=str(tmp_path / "installed")),
        state_store=FileOAuthStateStore(expiration_seconds=60, base_dir=str(tmp_path / "states")),
        authorization_url=f"{place.slack.url}/oauth/v2/authorize",
        install_page_rendering_enabled=False,
    )
    api = AsyncWebClient(base_url=place.slack.api_url)
    bolt = AsyncApp(
        client=api,
        signing_secret=place.app.signing_secret,
        oauth_flow=AsyncOAuthFlow(client=api, settings=settings),
    )

    @bolt.command("/panel")
    async def answer(ack: Any, client: AsyncWebClient, command: Json) -> None:
        await ack()
        await client.chat_postMessage(channel=command["channel_id"], text="Here I am.")

    async def serve(request: web.Request) -> web.StreamResponse:
        asked = await to_bolt_request(request)
        flow = bolt.oauth_flow
        if request.path == "/slack/install" and flow is not None:
            return await to_aiohttp_response(await flow.handle_installation(asked))
        if request.path == "/slack/oauth_redirect" and flow is not None:
            return await to_aiohttp_response(await flow.handle_callback(asked))
        return await to_aiohttp_response(await bolt.async_dispatch(asked))

    async with served(serve) as url, aiohttp.ClientSession() as browser:
        place.app.manifest["settings"]["socket_mode_enabled"] = False
        place.app.manifest["oauth_config"]["redirect_urls"] = [f"{url}/slack/oauth_redirect"]
        place.app.manifest["features"]["slash_commands"][0]["url"] = f"{url}/slack/events"
        install = await browser.get(f"{url}/slack/install", allow_redirects=False)
        # Bolt's cookie is for HTTPS only, so that here it is carried by hand.
        cookie = {"Cookie": install.headers["Set-Cookie"].partition(";")[0]}
        consent = await browser.get(
            f"{install.headers['Location']}&team={team.id}", allow_redirects=False
        )
        done = await browser.get(consent.headers["Location"], headers=cookie)
        assert done.status == 200
        installed = place.slack.registry.installation(place.app, team)
        assert installed is not None
        room = place.slack.channel(team, "room", eva, installed.bot)
        await eva.runs("/panel", "hello", room)
    assert [seen.text for seen in eva.sees(room)] == ["Here I am."]
    assert place.ana.sees(place.general) == []
