"""Why a debate ended, in words that every surface and transcript uses."""

from __future__ import annotations

from bots.chat.i18n import Translate
from engine.debate.events import Reason, Scope
from engine.debate.explained import marked as _

_ENDINGS = {
    Reason.ROUNDS: _("everybody has spoken"),
    Reason.STOPPED: _("somebody stopped it"),
    Reason.TURN_BUDGET: _("its turns are used up"),
    Reason.TOKEN_BUDGET: _("its tokens are used up"),
    Reason.TIME_BUDGET: _("its time is used up"),
    Reason.MODEL_AWAY: _("the model could not be reached"),
    Reason.MODEL_REFUSED: _("the model refused to go on"),
    Reason.ABANDONED: _("it failed again and again"),
}
_SCOPES = {
    Scope.CHANNEL: _("what the channel may use is used up"),
    Scope.WORKSPACE: _("what the workspace may use is used up"),
}


def ending(reason: Reason, translate: Translate, scope: Scope = Scope.DEBATE) -> str:
    """The reason, to stand after a colon; `scope` tells whose budget, where one is used up."""
    return translate(_SCOPES.get(scope) or _ENDINGS[reason])
