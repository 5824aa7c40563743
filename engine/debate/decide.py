"""The rules of a debate: a command and the debate so far give new events.

1. Every rule about who may do what, and when, lives in `rules/`; this is the way in.
2. What comes too late (a turn already spoken, a close already written) gives no events, and is no
   error: two workers, or a worker and a person, may race.
3. In the order, every turn but the last puts one question to one permitted speaker; a command that
   would break this is a bug of its sender and is not recorded.
4. Nothing here knows the platform, the model or the time.
"""

from __future__ import annotations

from engine.debate.commands import Command, Rejected, StartDebate, Steer, Talk
from engine.debate.events import Event
from engine.debate.rules.reports import report
from engine.debate.rules.start import start
from engine.debate.rules.steering import steer
from engine.debate.rules.talk import talk
from engine.debate.state import Debate


def decide(debate: Debate | None, command: Command) -> list[Event]:
    """The events that a command calls for; none, if it comes too late.

    Raises:
        Rejected: the person who asked may not, or not so.
    """
    if isinstance(command, StartDebate):
        return [] if debate is not None else start(command)
    if debate is None:
        raise Rejected("There is no such debate.")
    if isinstance(command, Talk):
        return talk(debate, command)
    if isinstance(command, Steer):
        return steer(debate, command)
    return report(debate, command)
