"""The terminal's lines of text, in the reader's language."""

from __future__ import annotations

from bots.chat.endings import ending
from bots.chat.i18n import Translate, problem
from bots.terminal.view import View
from engine.debate.events import (
    DebateClosed,
    HeadReason,
    HeadStarted,
    ModelUnavailable,
)
from engine.debate.explained import marked as _

ModelNews = HeadStarted | ModelUnavailable
LISTS = ("agreements", "disagreements", "open_questions")

TITLES = {
    "agreements": _("Agreements"),
    "disagreements": _("Disagreements"),
    "open_questions": _("Open questions"),
}


def ended(closed: DebateClosed, translate: Translate) -> str:
    """Why it ended."""
    return translate("Ended: {reason}.").format(reason=ending(closed.reason, translate))


def totals(view: View, seconds: float, translate: Translate) -> str:
    """What the debate took, in one line."""
    usage = view.usage
    cached = 100 * usage.cached_tokens / usage.prompt_tokens if usage.prompt_tokens else 0
    parts = [
        translate("{turns} turns").format(turns=view.turns),
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


def model_news(event: HeadStarted | ModelUnavailable, translate: Translate) -> str | None:
    """What a reader may want to know of the model behind the debate."""
    match event:
        case ModelUnavailable():
            text = translate("The model does not answer ({error}); trying again until it does.")
            return text.format(error=problem(event.error, translate))
        case HeadStarted(reason=HeadReason.OVERFLOW):
            return translate("The prompt was full: the moderator summed up, and it goes on.")
    return None


def _grouped(number: int, translate: Translate) -> str:
    """Thousands apart as the language has it."""
    return f"{number:,}".replace(",", translate(","))
