"""Whether the settings have what the bot needs, said before anything is opened."""

from __future__ import annotations

from urllib.parse import urlsplit

from pydantic import SecretStr

from engine.debate.explained import Explained
from engine.settings import SlackSettings


class NotSetUp(Explained):
    """A setting is missing or cannot be right; the text says which, and what would do."""


def checked(slack: SlackSettings) -> SlackSettings:
    """The same settings.

    Raises:
        NotSetUp
    """
    if slack.client_id or slack.client_secret:
        _check_many(slack)
    else:
        _check("bot_token", slack.bot_token, "xoxb-")
    if slack.mode == "socket":
        _check("app_token", slack.app_token, "xapp-")
    else:
        _check("signing_secret", slack.signing_secret, "")
    if slack.identity == "apps":
        _check_personas(slack)
    return slack


def _check_personas(slack: SlackSettings) -> None:
    if not slack.bot_token:
        raise NotSetUp('slack.identity = "apps" is for one workspace: set slack.bot_token.')
    if not slack.personas:
        raise NotSetUp(
            'slack.identity is "apps" and slack.personas is empty: give each persona\'s bot token, '
            "by the persona's id."
        )


def _check_many(slack: SlackSettings) -> None:
    if slack.bot_token:
        raise NotSetUp(
            "slack.bot_token is for one workspace, slack.client_id for many: set one of them."
        )
    _check("client_id", slack.client_id, "")
    _check("client_secret", slack.client_secret, "")
    url = urlsplit(slack.public_url or "")
    if url.scheme not in ("http", "https") or not url.netloc:
        raise NotSetUp(
            "slack.public_url (TERTULIA_SLACK__PUBLIC_URL): give the address at which browsers "
            "reach the bot, https://HOST."
        )


def secret(value: SecretStr | str | None) -> str:
    """A secret that `checked` has seen."""
    text = value.get_secret_value() if isinstance(value, SecretStr) else value
    return (text or "").strip()


def _check(name: str, value: SecretStr | str | None, begins: str) -> None:
    found, variable = secret(value), f"TERTULIA_SLACK__{name.upper()}"
    if not found:
        raise NotSetUp(
            "slack.{name} ({variable}) is not set; it is on the app's page at api.slack.com/apps.",
            name=name,
            variable=variable,
        )
    # A token that is renewed begins with xoxe.xoxb-.
    if begins and not found.startswith((begins, f"xoxe.{begins}")):
        raise NotSetUp(
            "slack.{name} ({variable}) begins with {begins}; another token was given.",
            name=name,
            variable=variable,
            begins=begins,
        )
