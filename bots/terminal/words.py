"""The terminal's lines of text, in the reader's language."""

from __future__ import annotations

from bots.chat.endings import ending
from bots.chat.i18n import Translate
from bots.chat.notices import notice
from bots.chat.transcript.cleaning import named
from bots.terminal.view import Speaking, View
from engine.debate.events import (
    DebateClosed,
    Event,
    HeadReason,
    HeadStarted,
    Kind,
    LateMessage,
    MessageErased,
    MirrorEnded,
    MirrorOpened,
    QuestionPassed,
    SeatReminded,
    TurnRequested,
    TurnSpoken,
    VoteCast,
)
from engine.debate.explained import marked as _
from engine.debate.state import Debate

LISTS = ("agreements", "disagreements", "open_questions")

TITLES = {
    "agreements": _("Agreements"),
    "disagreements": _("Disagreements"),
    "open_questions": _("Open questions"),
}

_NEWS: dict[type[Event], str] = {
    MessageErased: _("A message was taken back."),
    MirrorOpened: _("Another thread now shows this debate too."),
    MirrorEnded: _("The other thread no longer shows this debate."),
}
_FOR_ONE = (LateMessage, SeatReminded, TurnRequested)
"""A thread tells the one person whom they are for; nobody answers here."""


def ended(closed: DebateClosed, view: View, translate: Translate) -> str:
    """Why it ended."""
    why = ending(closed.reason, translate, view.debate.scope)
    return translate("Ended: {reason}.").format(reason=why)


def totals(view: View, seconds: float, translate: Translate) -> str:
    """What the debate took, in one line."""
    usage = view.debate.usage
    cached = 100 * usage.cached_tokens / usage.prompt_tokens if usage.prompt_tokens else 0
    parts = [
        translate("{turns} turns").format(turns=view.debate.turn),
        translate("{tokens} tokens").format(
            tokens=_grouped(usage.prompt_tokens + usage.completion_tokens, translate)
        ),
        translate("{percent} % of the prompts from the cache").format(percent=f"{cached:.0f}"),
        translate("{seconds} s").format(seconds=f"{seconds:.1f}".replace(".", translate("."))),
    ]
    if view.repairs:
        parts.append(translate("{n} repaired").format(n=view.repairs))
    if view.defaults:
        parts.append(translate("{n} defaulted").format(n=view.defaults))
    return " · ".join(parts)


def progress(view: View, translate: Translate) -> str:
    """Cast, seats, rounds and model of a debate, in one line."""
    started = view.started
    rounds = translate("{n} round") if started.rounds == 1 else translate("{n} rounds")
    return " · ".join(
        [
            started.panel,
            translate("{n} seats").format(n=len(started.seats)),
            rounds.format(n=started.rounds),
        ]
    )


def marks(spoken: TurnSpoken, view: View, translate: Translate) -> list[str]:
    """What is out of the ordinary about a turn; mostly nothing."""
    noted = []
    if spoken.person:
        noted.append(named(spoken.person))
    if spoken.kind is Kind.SIDE and view.call and view.call.answers:
        noted.append(translate("answers {name}").format(name=named(view.call.answers)))
    if spoken.kind is Kind.STEP_IN:
        noted.append(translate("the last two said the same"))
    return noted


def waits(now: Speaking, view: View, translate: Translate) -> str:
    """What is waited for while nothing is heard."""
    waiting = view.debate.waiting
    if waiting.person:
        return translate("waiting for {name} …").format(name=named(waiting.person))
    if waiting.next_call:
        return translate("waiting for “next” …")
    return translate("is summing up …") if now.turn == 0 else translate("is thinking …")


def news(event: Event, before: Debate, after: Debate, translate: Translate) -> str | None:
    """What is told of an event in one line; `None`: nothing."""
    match event:
        case HeadStarted(reason=HeadReason.OVERFLOW):
            return translate("The prompt was full: the moderator summed up, and it goes on.")
        case QuestionPassed():
            text = translate("{asker}'s question went on to {name}.")
            asker, name = after.seat(event.asked_by).name, after.seat(event.to).name
            return text.format(asker=asker, name=name)
        case VoteCast():
            return _tally(event.turn, after, translate)
        case MessageErased(of=0):
            return None  # it never came
        case _ if isinstance(event, _FOR_ONE):
            return None
    text = _NEWS.get(type(event), "")
    return translate(text) if text else notice(event, before, translate)


def _tally(turn: int, debate: Debate, translate: Translate) -> str:
    votes = debate.votes[turn].values()
    up, down = sum(vote > 0 for vote in votes), sum(vote < 0 for vote in votes)
    return translate("Turn {turn}: {votes}").format(turn=turn, votes=f"👍 {up} 👎 {down}")


def _grouped(number: int, translate: Translate) -> str:
    """Thousands apart as the language has it."""
    return f"{number:,}".replace(",", translate(","))
