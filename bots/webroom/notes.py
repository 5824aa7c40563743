"""What the thread says of what happens around the turns: a sentence, or none, for each event.

Most are the sentences of every surface; here are those that a page says otherwise, because it shows
more than a chat can: whose turn it is and the queue for the model stand below the thread, a file
stands in it, and who speaks after the close is told alone.
"""

from __future__ import annotations

from bots.chat.endings import ending
from bots.chat.i18n import Translate, problem
from bots.chat.notices import notice
from engine.debate.events import (
    DebateClosed,
    DebateStarted,
    Event,
    HeadReason,
    HeadStarted,
    LateMessage,
    MaterialAdded,
    MirrorEnded,
    MirrorOpened,
    QuestionPassed,
    SeatReminded,
    SummaryAsked,
    TurnQueued,
    TurnRequested,
)
from engine.debate.explained import one_line
from engine.debate.state import Debate


def note(event: Event, debate: Debate, translate: Translate) -> str | None:
    """The sentence; `debate` is how it stands after the event."""
    match event:
        case DebateStarted() | TurnRequested() | TurnQueued() | MaterialAdded() | LateMessage():
            return None
        case SummaryAsked():
            text = translate("{who} asked for the synthesis so far.")
            who = one_line(event.by.name) if event.by else translate("The admin")
            return text.format(who=who)
        case QuestionPassed():
            text = translate("The question goes on to {name}.")
            return text.format(name=one_line(debate.seat(event.to).name))
        case SeatReminded():
            text = translate("{who}, half of your time is over.")
            return text.format(who=one_line(event.person.name))
        case DebateClosed():
            return _ended(event, debate, translate)
    return _rare(event, translate) or notice(event, debate, translate)


def _ended(event: DebateClosed, debate: Debate, translate: Translate) -> str:
    error = f" ({problem(event.error, translate)})" if event.error else ""
    reason = f"{ending(event.reason, translate, debate.scope)}{error}"
    return translate("Ended: {reason}.").format(reason=reason)


def _rare(event: Event, translate: Translate) -> str | None:
    match event:
        case MirrorOpened():
            return translate("Another thread now shows this debate too.")
        case MirrorEnded():
            return translate("The other thread no longer shows this debate.")
        case HeadStarted(reason=HeadReason.OVERFLOW):
            return translate("The prompt was full: the moderator summed up, and it goes on.")
    return None
