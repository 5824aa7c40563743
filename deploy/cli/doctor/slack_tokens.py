"""Slack's tokens: of the right kind, taken, and with every scope that the bot uses."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

from bots.slackbot.manifests import PERSONA_SCOPES, SCOPES
from bots.slackbot.refusals import SlackRefused
from bots.slackbot.setup import secret
from deploy.cli.chat.slack_api import SlackApi, Told
from deploy.cli.doctor.findings import Asked, Finding, fail, ok, warn
from deploy.cli.failure import PlatformAway
from engine.debate.explained import Explained
from engine.debate.explained import marked as _
from engine.panels.loader import bundled, load_panel
from engine.settings import SlackSettings

SILENT = Explained("The bot does not start, and no debate is shown in Slack.")
AGAIN = Explained(
    "Put the new manifest (tertulia slack manifest) into the app's App Manifest page, then install"
    " it again."
)
_LOST: Mapping[str, str] = {
    "chat:write.customize": _("Personas then all speak under the app's own name."),
    "channels:history": _("What people say in a debate's thread is then not heard."),
    "files:write": _("The transcript is then not put into the thread."),
    "files:read": _("Files that people share cannot be debate material then."),
    "usergroups:read": _("User groups can then neither be tagged nor let in."),
    "users:read": _("People are then called by their ids, and answered in English."),
    "reactions:read": _("A ❓ or a thumb on a post then does nothing."),
}


async def tokens(asked: Asked) -> AsyncIterator[Finding]:
    """Each token of the settings, asked for at Slack."""
    slack = asked.settings.slack
    if slack.client_id and not slack.bot_token:
        yield ok("slack.token", Explained("each workspace has a token of its own, by OAuth"))
        return
    async for finding in _bot(slack):
        yield finding
    if slack.mode == "socket":
        yield await _app(slack)
    else:
        yield _signing_secret(slack)
    if slack.identity == "apps":
        async for finding in _personas(slack):
            yield finding


async def _bot(slack: SlackSettings) -> AsyncIterator[Finding]:
    token = secret(slack.bot_token)
    if wrong := _kind("slack.bot_token", token, "xoxb-"):
        yield wrong
        return
    try:
        told = await _tested(slack, token)
    except SlackRefused as refused:
        yield fail("slack.bot_token", refused, SILENT, _anew("slack.bot_token", "Install App"))
        return
    team = str(told.data.get("team", ""))
    yield ok("slack.bot_token", Explained("the app is in the workspace {team}", team=team))
    lacks = sorted(set(SCOPES) - told.scopes)
    for scope in lacks:
        why = Explained(_LOST.get(scope, _("What needs it is refused by Slack then.")))
        yield fail("slack.scopes", Explained("the app lacks {scope}", scope=scope), why, AGAIN)
    if not lacks:
        yield ok("slack.scopes", Explained("it has all {number} scopes", number=len(SCOPES)))


async def _app(slack: SlackSettings) -> Finding:
    token = secret(slack.app_token)
    if wrong := _kind("slack.app_token", token, "xapp-"):
        return wrong
    try:
        async with SlackApi.open(slack, token) as api:
            await api.call("apps.connections.open")
    except SlackRefused as refused:
        what: Explained = refused
        if refused.code == "missing_scope":
            what = Explained("the app-level token lacks connections:write")
        elif refused.code == "socket_mode_disabled":
            what = Explained("Socket Mode is off in the app")
        return fail(
            "slack.app_token",
            what,
            Explained("Slack cannot reach the bot, which hears nothing."),
            Explained(
                "On the app's page: switch on Socket Mode, and under Basic Information generate an"
                " app-level token with connections:write; then set slack.app_token."
            ),
        )
    return ok("slack.app_token", Explained("Slack lets it connect"))


def _signing_secret(slack: SlackSettings) -> Finding:
    found = secret(slack.signing_secret)
    if len(found) >= 16 and found.isalnum():
        return ok("slack.signing_secret", Explained("there is a signing secret"))
    what = (
        Explained("slack.signing_secret looks like none: it has 32 letters and digits")
        if found
        else Explained("slack.signing_secret is not set, and slack.mode is http")
    )
    return fail(
        "slack.signing_secret",
        what,
        Explained("The bot takes no request that Slack has not signed: it hears nothing."),
        Explained("Copy it from the app's Basic Information page: slack.signing_secret."),
    )


async def _personas(slack: SlackSettings) -> AsyncIterator[Finding]:
    known = {persona.id for name in bundled() for persona in load_panel(name).personas}
    for persona, given in slack.personas.items():
        about, token = f"slack.personas.{persona}", secret(given)
        if persona not in known:
            yield warn(
                about,
                Explained("no panel has a persona {persona}", persona=persona),
                Explained("Its app never speaks."),
                Explained("Check the id: tertulia panels list."),
            )
        if wrong := _kind(about, token, "xoxb-"):
            yield wrong
            continue
        try:
            told = await _tested(slack, token)
        except SlackRefused as refused:
            yield fail(about, refused, SILENT, _anew(about, "Install App"))
            continue
        lacks = ", ".join(sorted(set(PERSONA_SCOPES) - told.scopes))
        if lacks:
            why = Explained("It cannot speak; the app that listens does so in its place.")
            yield warn(about, Explained("its app lacks {scope}", scope=lacks), why, AGAIN)
        else:
            yield ok(about, Explained("the app of {persona} works", persona=persona))


def _kind(about: str, token: str, begins: str) -> Finding | None:
    """`None`: it is a token of this kind, by its looks."""
    if token.startswith((begins, f"xoxe.{begins}")):
        return None
    kinds = {
        "xoxb-": _("a bot token"),
        "xapp-": _("an app-level token"),
        "xoxp-": _("a user's token"),
        "xoxe-": _("a refresh token"),
    }
    found = next((name for start, name in kinds.items() if token.startswith(start)), _("no token"))
    return fail(
        about,
        Explained(
            "{setting} begins with {begins}; what was given is {found}",
            setting=about,
            begins=begins,
            found=Explained(found),
        ),
        SILENT,
        _anew(about, "Install App" if begins == "xoxb-" else "Basic Information"),
    )


def _anew(setting: str, page: str) -> Explained:
    return Explained(
        "Copy it from the app's {page} page at api.slack.com/apps, into .env: {setting}.",
        page=page,
        setting=setting,
    )


async def _tested(slack: SlackSettings, token: str) -> Told:
    async with SlackApi.open(slack, token) as api:
        return await api.told("auth.test")


async def reached(asked: Asked) -> AsyncIterator[Finding]:
    """The tokens; or that Slack does not answer at all."""
    try:
        async for finding in tokens(asked):
            yield finding
    except PlatformAway as error:
        yield away("slack.away", error)


def away(about: str, error: PlatformAway) -> Finding:
    """Nobody answers."""
    return fail(
        about,
        error,
        Explained("While it is so, nothing is heard and nothing is shown there."),
        Explained("Check this machine's way to the Internet: DNS, proxy, firewall."),
    )
