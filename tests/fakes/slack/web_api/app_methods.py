"""`auth.*`, `apps.*` and `team.info`: what a token is, connections, and being removed."""

from __future__ import annotations

from tests.fakes.slack.limits import Tier
from tests.fakes.slack.protocol import Json, Refused
from tests.fakes.slack.web_api.call import Call, Method
from tests.fakes.slack.web_api.pages import page


def _test(call: Call) -> Json:
    user, team = call.user, call.installation.team
    is_org_wide = call.installation.is_org_wide
    answer: Json = {
        "url": team.url,
        "team": "Enterprise" if is_org_wide else team.name,
        "user": user.name,
        "team_id": team.enterprise_id if is_org_wide else team.id,
        "user_id": user.id,
        "is_enterprise_install": is_org_wide,
    }
    if user.is_bot:
        answer["bot_id"] = user.bot_id
    if team.enterprise_id is not None:
        answer["enterprise_id"] = team.enterprise_id
    return answer


def _revoke(call: Call) -> Json:
    is_test = call.flag("test")
    if not is_test:
        call.slack.revoke(call.installation)
    return {"revoked": not is_test}


def _open_connection(call: Call) -> Json:
    if call.caller is None:
        raise Refused("missing_args")
    return {"url": call.slack.sockets.open_url(call.caller.app)}


def _uninstall(call: Call) -> Json:
    app = call.installation.app
    if call.text("client_id") not in {a.client_id for a in call.slack.registry.apps.values()}:
        raise Refused("invalid_client_id")
    if call.text("client_id") != app.client_id:
        raise Refused("client_id_token_mismatch")
    if call.text("client_secret") != app.client_secret:
        raise Refused("bad_client_secret")
    call.slack.uninstall(call.installation)
    return {}


def _team(call: Call) -> Json:
    team = call.team
    if call.text("team") not in ("", team.id):
        raise Refused("team_not_found")
    shown: Json = {"id": team.id, "name": team.name, "domain": team.domain, "url": team.url}
    if team.enterprise_id is not None:
        shown["enterprise_id"] = team.enterprise_id
    return {"team": shown}


def _teams(call: Call) -> Json:
    own = call.installation
    grid = own.team.enterprise_id if own.is_org_wide else None
    teams = [
        {"id": team.id, "name": team.name}
        for team in call.slack.workspaces.teams.values()
        if team is own.team or (grid is not None and team.enterprise_id == grid)
    ]
    shown, following = page(teams, call.text("cursor"), call.number("limit", 100, 1_000))
    return {"teams": shown, "response_metadata": following}


METHODS = {
    "auth.teams.list": Method(_teams, Tier.TWO, takes_json=False),
    "auth.test": Method(_test, Tier.SPECIAL),
    "auth.revoke": Method(_revoke, Tier.THREE),
    "apps.connections.open": Method(
        _open_connection, Tier.THREE, ("connections:write",), tokens=("app",), post_only=True
    ),
    "apps.uninstall": Method(
        _uninstall, Tier.ONE, required=("client_id", "client_secret"), takes_json=False
    ),
    "team.info": Method(_team, Tier.THREE, ("team:read",)),
}
