"""What is to be done by hand once `init` is done, in words. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bots.chat.i18n import Translate
from deploy.cli.output import Part, Verbatim
from deploy.cli.setup.links import Links


def to_make_apps(links: Links, translate: Translate) -> Iterator[Part]:
    """How the apps and the bot come to be, each with its link."""
    if links.slack:
        yield translate(
            "Slack: open the link and create the app. Under Basic Information, generate an"
            " app-level token with connections:write (xapp-…). Under Install App, install it and"
            " copy the bot token (xoxb-…)."
        )
        yield Verbatim(links.slack["app"])
        others = {name: link for name, link in links.slack.items() if name != "app"}
        if others:
            yield translate("Each persona's own app: create it, install it, copy its bot token.")
        yield from (Verbatim(link, name) for name, link in others.items())
    if links.discord_portal:
        yield translate(
            "Discord: make an application at the link. Under Bot, copy its token, and switch on"
            " the Message Content Intent."
        )
        yield Verbatim(links.discord_portal)


def to_invite(links: Links, translate: Translate) -> Iterator[Part]:
    """How the bot comes into a server."""
    if links.discord_invite:
        yield translate("Discord: invite the bot, then publish its commands and roles.")
        yield Verbatim(links.discord_invite)
        yield Verbatim("tertulia discord sync && tertulia discord roles create")


def to_start(lacking: Sequence[str], translate: Translate) -> Iterator[Part]:
    """How it goes on, once the tokens are there."""
    if lacking:
        text = translate("Fill in what .env lacks: {names}")
        yield text.format(names=", ".join(lacking))
    yield translate("Then see whether all is well, and start it:")
    yield Verbatim("tertulia doctor && tertulia up --local")
