"""Mirrors: one debate in two threads, by a code that is made in one and entered in the other."""

from __future__ import annotations

from collections.abc import Sequence

from bots.chat.desk.here import Here, shown_here
from bots.chat.desk.values import Asker
from engine.debate import commands
from engine.debate.commands import OpenMirror, Rejected
from engine.ports.debates import Debates
from engine.ports.places import CODE_S
from engine.ports.store import UnknownDebate


async def make_code(debates: Debates, here: Here, asker: Asker) -> str:
    """The text that tells the code.

    Raises:
        Rejected: they do not manage this place, or it is a mirror itself.
    """
    _check_manages(asker)
    if asker.place != here.state.started.home:
        raise Rejected("This thread is a mirror; codes are made where the debate started.")
    code = await debates.places.create_code(here.debate)
    text = asker.translate(
        "The code is {code}. Somebody who manages the other channel enters it in a thread there, "
        "once and within {minutes} minutes: mirror {code}"
    )
    return text.format(code=code, minutes=CODE_S // 60)


async def enter_code(debates: Debates, code: str, asker: Asker, payloads: Sequence[str]) -> None:
    """Shows in this thread the debate that the code was made for; entered again, goes on with it.

    Raises:
        Rejected: they do not manage this place, the thread shows a debate, or the code is no good.
    """
    _check_manages(asker)
    here = await shown_here(debates, asker)
    if not asker.place.thread or (here and asker.place not in here.state.mirrors):
        raise _no_free_thread()
    debate = await debates.places.redeem(code, asker.place)
    if debate is None:
        raise Rejected(
            "This code is no good: it was used, or is older than {minutes} minutes. "
            "Have a new one made.",
            minutes=CODE_S // 60,
        )
    if here and here.debate == debate:
        return
    if here or not await debates.places.bind(asker.place, debate):
        raise _no_free_thread()
    try:
        await debates.submit(debate, OpenMirror(asker.actor, asker.place), payloads)
    except (Rejected, UnknownDebate):
        await debates.places.unbind(asker.place, debate)
        raise


async def end(debates: Debates, here: Here, asker: Asker, payloads: Sequence[str]) -> None:
    """Ends the mirror in this thread; where the debate started, all of its mirrors.

    Raises:
        Rejected: they do not manage this place, or there is no mirror.
    """
    _check_manages(asker)
    at_home = asker.place == here.state.started.home
    ended = [place for place in here.state.mirrors if at_home or place == asker.place]
    if not ended:
        raise Rejected("This debate has no mirror.")
    for place in ended:
        # Delivered again after half of them, the rest is still to be done: the last takes them in.
        taken = payloads if place == ended[-1] else ()
        await debates.submit(here.debate, commands.EndMirror(asker.actor, place), taken)


def _no_free_thread() -> Rejected:
    return Rejected("A mirror needs a thread without a debate; enter the code in another.")


def _check_manages(asker: Asker) -> None:
    if not asker.manages:
        raise Rejected("Only those who manage the channel can do that.")
