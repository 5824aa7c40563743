"""The terminal's lines of text, in the reader's language."""

from __future__ import annotations

from bots.chat.i18n import Translate
from bots.terminal.view import View
from engine.debate.events import (
    DebateClosed,
    HeadReason,
    HeadStarted,
    ModelUnavailable,
    Reason,
)

ModelNews = HeadStarted | ModelUnavailable
LISTS = ("agreements", "disagreements", "open_questions")


def _(text: str) -> str:
    """Marks a text for translation; it is translated where it is shown."""
    return text


TITLES = {
    "agreements": _("Agreements"),
    "disagreements": _("Disagreements"),
    "open_questions": _("Open questions"),
}

REASONS = {
    Reason.ROUNDS: _("everybody has spoken"),
    Reason.STOPPED: _("it was stopped by hand"),
    Reason.TURN_BUDGET: _("its turns are used up"),
    Reason.TOKEN_BUDGET: _("its tokens are used up"),
    Reason.TIME_BUDGET: _("its time is used up"),
    Reason.MODEL_AWAY: _("the model server went away"),
    Reason.MODEL_REFUSED: _("the model server refused to go on"),
}


def ended(closed: DebateClosed, translate: Translate) -> str:
    """Why it ended, and the model's error if that was it."""
    text = translate(_("Ended: {reason}.")).format(reason=translate(REASONS[closed.reason]))
    return f"{text} {closed.error}" if closed.error else text


def totals(view: View, seconds: float, translate: Translate) -> str:
    """What the debate took, in one line."""
    usage = view.usage
    cached = 100 * usage.cached_tokens / usage.prompt_tokens if usage.prompt_tokens else 0
    parts = [
        translate(_("{turns} turns")).format(turns=view.turns),
        translate(_("{tokens} tokens")).format(
            tokens=_grouped(usage.prompt_tokens + usage.completion_tokens, translate)
        ),
        translate(_("{percent} % of the prompts from the cache")).format(percent=f"{cached:.0f}"),
        translate(_("{seconds} s")).format(seconds=f"{seconds:.1f}"),
    ]
    if view.repairs:
        parts.append(translate(_("{n} repaired")).format(n=view.repairs))
    if view.defaults:
        parts.append(translate(_("{n} defaulted")).format(n=view.defaults))
    return " · ".join(parts)


def progress(view: View, translate: Translate) -> str:
    """Cast, seats, rounds and model of a debate, in one line."""
    started = view.started
    rounds = _("{n} round") if started.rounds == 1 else _("{n} rounds")
    return " · ".join(
        [
            started.panel,
            translate(_("{n} seats")).format(n=len(started.seats)),
            translate(rounds).format(n=started.rounds),
        ]
    )


def model_news(event: HeadStarted | ModelUnavailable, translate: Translate) -> str | None:
    """What a reader may want to know of the model behind the debate."""
    match event:
        case ModelUnavailable():
            text = _("The model does not answer ({error}); trying again until it does.")
            return translate(text).format(error=event.error)
        case HeadStarted(reason=HeadReason.OVERFLOW):
            return translate(_("The prompt was full: the moderator summed up, and it goes on."))
    return None


def _grouped(number: int, translate: Translate) -> str:
    """Thousands apart as the language has it."""
    return f"{number:,}".replace(",", translate(","))
