"""Whether the settings have what the bot needs, said before anything is opened."""

from __future__ import annotations

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
    _check("bot_token", slack.bot_token, "xoxb-")
    if slack.mode == "socket":
        _check("app_token", slack.app_token, "xapp-")
    else:
        _check("signing_secret", slack.signing_secret, "")
    return slack


def secret(value: SecretStr | None) -> str:
    """A secret that `checked` has seen."""
    return value.get_secret_value().strip() if value else ""


def _check(name: str, value: SecretStr | None, begins: str) -> None:
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
