"""The queue shown, and its dead letters seen to."""

from __future__ import annotations

from collections.abc import Sequence

from bots.chat.times import rfc3339
from deploy.cli.output import Answer, Cell, Facts, Table, translation
from engine.bootstrap import Premises, system_clock
from engine.debate.explained import Explained
from engine.debate.explained import marked as _
from engine.ports.inspection import Waiting
from engine.ports.upkeep import Retried

ALL = 10_000

RETRIED = {
    Retried.QUEUED: _("{letter}: back in the queue"),
    Retried.IDLE: _("{letter}: its debate has nothing to do; throw the letter away: queue drop"),
    Retried.GONE: _("{letter}: there is no such dead letter"),
}


class WhichLetters(Explained):
    """Neither letters nor all of them were named."""

    def __init__(self) -> None:
        super().__init__("say which dead letters, as `tertulia queue dead` names them, or --all")


async def shown(at: Premises, most: int) -> Answer:
    """What waits, and who holds what."""
    counts, (timers, due_ms) = await at.inspection.queue(), await at.inspection.timers()
    mail = await at.inspection.mail()
    dead, wakeups = await at.inspection.count_dead(), await at.inspection.wakeups(most)
    data = {
        "waiting": counts.waiting,
        "held": counts.held,
        "oldest_s": counts.oldest_ms / 1000,
        "timers": timers,
        "next_timer_at": rfc3339(due_ms) if due_ms else None,
        "dead": dead,
        "mail": {platform: _counted(waiting) for platform, waiting in mail.items()},
        "wakeups": [
            {
                "debate": wakeup.debate,
                "queued_at": rfc3339(wakeup.queued_ms),
                "holder": wakeup.holder,
                "deliveries": wakeup.deliveries,
            }
            for wakeup in wakeups
        ],
    }
    translate = translation()
    facts: list[tuple[str, Cell]] = [
        (translate("waiting"), counts.waiting),
        (translate("longest wait"), f"{counts.oldest_ms / 1000:.1f} s"),
        (translate("being spoken"), counts.held),
        (translate("waiting for a time"), timers),
        (translate("dead letters"), dead),
        *(
            (
                translate("mail for {platform}").format(platform=name),
                translate("{waiting} waiting, {held} being posted").format(
                    waiting=w.waiting, held=w.held
                ),
            )
            for name, w in mail.items()
        ),
    ]
    now_ms = system_clock().now_ms()
    rows = [
        (w.debate, f"{max(0, now_ms - w.queued_ms) / 1000:.0f} s", w.holder, w.deliveries)
        for w in wakeups
    ]
    columns = (_("debate"), _("queued"), _("worker"), _("deliveries"))
    table = Table(tuple(map(translate, columns)), rows, nothing=translate("The queue is empty."))
    return Answer(data, [Facts(facts), table])


async def dead(at: Premises, most: int) -> Answer:
    """The dead letters."""
    letters = await at.inspection.dead(most)
    data = [
        {
            "letter": letter.entry,
            "debate": letter.debate,
            "why": letter.why,
            "buried_at": rfc3339(letter.buried_ms),
        }
        for letter in letters
    ]
    translate = translation()
    columns = (_("letter"), _("debate"), _("when"), _("why"))
    rows = [(le.entry, le.debate, rfc3339(le.buried_ms)[:19], le.why) for le in letters]
    nothing = translate("There are no dead letters.")
    return Answer(data, [Table(tuple(map(translate, columns)), rows, nothing)])


async def retried(at: Premises, letters: Sequence[str], *, all_: bool) -> Answer:
    """Puts them back; the status is 1 if one could not be.

    Raises:
        WhichLetters
    """
    outcomes = {
        letter: await at.upkeep.retry(letter) for letter in await _meant(at, letters, all_=all_)
    }
    translate = translation()
    lines = [translate(RETRIED[how]).format(letter=letter) for letter, how in outcomes.items()]
    bad = any(how is not Retried.QUEUED for how in outcomes.values())
    return Answer(outcomes, lines or [translate("There are no dead letters.")], int(bad))


def dropping(letters: Sequence[str], *, all_: bool) -> str:
    """What is asked before letters are thrown away.

    Raises:
        WhichLetters
    """
    if not letters and not all_:
        raise WhichLetters
    if all_:
        return translation()(_("Throw all dead letters away?"))
    return translation()(_("Throw {letters} away?")).format(letters=", ".join(letters))


async def dropped(at: Premises, letters: Sequence[str], *, all_: bool) -> Answer:
    """Throws them away.

    Raises:
        WhichLetters
    """
    count = await at.upkeep.drop(await _meant(at, letters, all_=all_))
    line = translation()(_("Thrown away: {count}"))
    return Answer({"dropped": count}, [line.format(count=count)])


async def _meant(at: Premises, letters: Sequence[str], *, all_: bool) -> Sequence[str]:
    if not letters and not all_:
        raise WhichLetters
    return [letter.entry for letter in await at.inspection.dead(ALL)] if all_ else letters


def _counted(waiting: Waiting) -> dict[str, float]:
    return {
        "waiting": waiting.waiting,
        "held": waiting.held,
        "oldest_s": waiting.oldest_ms / 1000,
    }
