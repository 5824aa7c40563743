"""What Discord refuses, in words that tell people what to do about it."""

from __future__ import annotations

from bots.chat.surface import Refused
from engine.debate.explained import marked as _

UNKNOWN_CHANNEL = 10003
UNKNOWN_MESSAGE = 10008
UNKNOWN_WEBHOOK = 10015
WRONG_WEBHOOK_TOKEN = 50027
TOO_MANY_WEBHOOKS = 30007
OLD_EDITS = 30046
MISSING_PERMISSION = 50013
WRONG_KIND = 50024
THREAD_EXISTS = 160004

_GONE = _("The thread is gone; nothing more is posted to it.")
_LOCKED = _("The thread is archived or locked; it goes on once a moderator opens it again.")

_WHY = {
    UNKNOWN_CHANNEL: _GONE,
    10004: _("The bot is no longer in this server; invite it again."),
    UNKNOWN_MESSAGE: _("The message is gone."),
    UNKNOWN_WEBHOOK: _("The channel's webhook is gone; it is made anew."),
    TOO_MANY_WEBHOOKS: _("The channel has fifteen webhooks, and takes no more; delete one."),
    40005: _("A file is too large for this server."),
    50001: _("The bot cannot see this channel; let it view the channel."),
    50007: _("This person takes no direct messages from the bot."),
    MISSING_PERMISSION: _(
        "The bot lacks a permission in this channel; let it view it, read its history, manage"
        " webhooks, open threads, write in them, and attach files."
    ),
    WRONG_KIND: _("This does not work in a channel of this kind; ask for it in a text channel."),
    WRONG_WEBHOOK_TOKEN: _("The channel's webhook is gone; it is made anew."),
    50083: _LOCKED,
    160005: _LOCKED,
    160006: _("The server has as many open threads as it may; close some."),
}
_UNAUTHORISED = _("Discord does not accept the bot's token; set the right one, and start it again.")
_FORBIDDEN = _("Discord does not let the bot do this here; check its permissions.")
UNAUTHORISED, FORBIDDEN = 401, 403


class DiscordRefused(Refused):
    """Nothing came of the call. `code` is Discord's, or 0 where it gave none."""

    def __init__(self, status: int, code: int, route: str) -> None:
        self.status, self.code = status, code
        if code in _WHY:
            super().__init__(_WHY[code])
        elif status == UNAUTHORISED:
            super().__init__(_UNAUTHORISED)
        elif status == FORBIDDEN:
            super().__init__(_FORBIDDEN)
        else:
            super().__init__("Discord refuses {route}: {code}.", route=route, code=code or status)
