"""What Slack refuses, in words that tell people what to do about it."""

from __future__ import annotations

from bots.chat.surface import Refused
from engine.debate.explained import marked as _

NOT_INSTALLED = _("The app was removed from the workspace; install it again.")
GONE = _("The thread is gone; nothing more is posted to it.")

_WHY = {
    "account_inactive": NOT_INSTALLED,
    "cannot_reply_to_message": GONE,
    "channel_not_found": _("The channel is gone, or the app cannot see it; invite the app."),
    "invalid_auth": _("Slack does not accept the app's token; check it."),
    "is_archived": _("The channel is archived; it goes on once the channel is opened again."),
    "message_not_found": GONE,
    "missing_scope": _("The app lacks a permission; install it again from its manifest."),
    "not_in_channel": _("The app is not in the channel; invite it."),
    "posting_to_channel_denied": _("The channel does not take the app's posts."),
    "thread_not_found": GONE,
    "token_expired": _("The app's token has expired; install the app again."),
    "token_revoked": _("The app's token was revoked; install the app again."),
}
_RESTRICTED = _("Who manages the channel does not let the app post there.")


class SlackRefused(Refused):
    """`ok: false`: nothing came of the call. `code` is Slack's."""

    def __init__(self, code: str, method: str) -> None:
        self.code = code
        if code.startswith("restricted_action"):
            super().__init__(_RESTRICTED)
        elif code in _WHY:
            super().__init__(_WHY[code])
        else:
            super().__init__("Slack refuses {method}: {code}.", method=method, code=code)
