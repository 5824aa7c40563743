"""`oauth.v2.access`: a code, or a refresh token, for a token."""

from __future__ import annotations

from tests.fakes.slack.apps import TOKEN_LIFE_S, App, Installation
from tests.fakes.slack.limits import Tier
from tests.fakes.slack.protocol import Json, Refused
from tests.fakes.slack.web_api.call import Call, Method


def _access(call: Call) -> Json:
    app = _app(call)
    if call.text("grant_type") == "refresh_token":
        given, grace_s = call.text("refresh_token"), call.slack.timing.grace_s
        return _answer(call, call.slack.registry.refresh(given, app, grace_s))
    code = call.slack.registry.codes.pop(call.text("code"), None)
    if code is None or code.app is not app or call.slack.clock.seconds() > code.expires_at:
        raise Refused("invalid_code")
    if call.text("redirect_uri") != code.redirect_uri:
        raise Refused("bad_redirect_uri")
    installed = call.slack.registry.install(app, code.team, code.installer, code.scopes)
    if code.is_org_wide:
        call.slack.registry.spread(installed)
    return _answer(call, installed)


def _app(call: Call) -> App:
    apps = call.slack.registry.apps.values()
    app = next((a for a in apps if a.client_id == call.text("client_id")), None)
    if app is None:
        raise Refused("invalid_client_id")
    if call.text("client_secret") != app.client_secret:
        raise Refused("bad_client_secret")
    return app


def _answer(call: Call, installed: Installation) -> Json:
    team = installed.team
    answer: Json = {
        "access_token": installed.bot_token,
        "token_type": "bot",
        "scope": ",".join(sorted(installed.scopes)),
        "bot_user_id": installed.bot.id,
        "app_id": installed.app.id,
        "team": None if installed.is_org_wide else {"id": team.id, "name": team.name},
        "enterprise": None
        if team.enterprise_id is None
        else {"id": team.enterprise_id, "name": "Enterprise"},
        "authed_user": {"id": installed.installer},
        "is_enterprise_install": installed.is_org_wide,
    }
    if installed.refresh_token:
        answer |= {"refresh_token": installed.refresh_token, "expires_in": TOKEN_LIFE_S}
    return answer


METHODS = {"oauth.v2.access": Method(_access, Tier.SPECIAL, tokens=(), takes_json=False)}
