"""The pages by which people install the app in their workspaces: bolt's OAuth flow, on our server.

Nothing here comes from the environment: bolt would take its own variables for settings left out.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import urljoin

import structlog
from aiohttp import ClientError, web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.oauth.async_callback_options import (
    AsyncCallbackOptions,
    AsyncFailureArgs,
    AsyncSuccessArgs,
)
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackClientError

from bots.slackbot.install_page import Outcome, language_of, page
from bots.slackbot.installations import STATE_S, Installations, Installed, States
from bots.slackbot.manifests import SCOPES
from bots.slackbot.renewing import Client
from bots.slackbot.wires import Wires
from engine.ports.store import StoreAway
from engine.ports.vault import VaultLocked
from engine.settings import SlackSettings

INSTALL, REDIRECT = "/slack/install", "/slack/oauth_redirect"
COOKIE = "tertulia-slack-install"
_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

Installing = Callable[[Installed], None]
"""Told of each installation."""

log = structlog.get_logger()


def install_pages(
    slack: SlackSettings,
    client: Client,
    wires: Wires,
    stores: tuple[Installations, States],
    on_installed: Installing,
) -> list[web.RouteDef]:
    """The page that sends people to Slack, and the one that they come back to."""
    flow = _flow(slack, client, wires, stores, on_installed)

    async def install(request: web.Request) -> web.StreamResponse:
        return await _answered(request, flow.handle_installation)

    async def come_back(request: web.Request) -> web.StreamResponse:
        return await _answered(request, flow.handle_callback)

    return [web.get(INSTALL, install), web.get(REDIRECT, come_back)]


def _flow(
    slack: SlackSettings,
    client: Client,
    wires: Wires,
    stores: tuple[Installations, States],
    on_installed: Installing,
) -> AsyncOAuthFlow:
    installations, states = stores

    async def succeeded(args: AsyncSuccessArgs) -> BoltResponse:
        which = Installed.by(args.installation).id
        installed = await installations.find(which)
        if installed is not None:
            log.info("workspace.installed", workspace=installed.id, name=installed.name)
            on_installed(installed)
        return _shown(args.request, Outcome.DONE, 200, args.settings)

    async def failed(args: AsyncFailureArgs) -> BoltResponse:
        outcome = Outcome.DECLINED if args.reason == "access_denied" else Outcome.AGAIN
        log.warning("install.failed", reason=args.reason)
        return _shown(args.request, outcome, args.suggested_status_code, args.settings)

    settings = AsyncOAuthSettings(
        client_id=client.id,
        client_secret=client.secret,
        scopes=SCOPES,
        user_scopes=[],
        redirect_uri=f"{(slack.public_url or '').rstrip('/')}{REDIRECT}",
        install_path=INSTALL,
        redirect_uri_path=REDIRECT,
        install_page_rendering_enabled=False,
        callback_options=AsyncCallbackOptions(success=succeeded, failure=failed),
        authorization_url=urljoin(slack.api_url, "/oauth/v2/authorize"),
        installation_store=installations,
        state_store=states,
        state_cookie_name=COOKIE,
        state_expiration_seconds=STATE_S,
    )
    logger = logging.getLogger("slack_bolt")
    return AsyncOAuthFlow(client=wires.client(), logger=logger, settings=settings)


async def _answered(
    request: web.Request, handle: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]
) -> web.StreamResponse:
    asked = await to_bolt_request(request)
    try:
        answer = await handle(asked)
    except (StoreAway, VaultLocked, ClientError, SlackClientError, TimeoutError) as error:
        log.warning("install.failed", reason=type(error).__name__, error=str(error))
        answer = _shown(asked, Outcome.AGAIN, 503, None)
    return await to_aiohttp_response(answer)


def _shown(
    request: AsyncBoltRequest, outcome: Outcome, status: int, settings: AsyncOAuthSettings | None
) -> BoltResponse:
    language = language_of(",".join(request.headers.get("accept-language", ())))
    headers: dict[str, str | Sequence[str]] = {**_HEADERS}
    if settings is not None:
        headers["Set-Cookie"] = [settings.state_utils.build_set_cookie_for_deletion()]
    return BoltResponse(status=status, body=page(outcome, language), headers=headers)
