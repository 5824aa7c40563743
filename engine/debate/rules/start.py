"""What a debate may be started with."""

from __future__ import annotations

from engine.debate.budget import head_tokens, least_tokens
from engine.debate.commands import Rejected, StartDebate
from engine.debate.events import DebateStarted, Event, MaterialAdded, Seat
from engine.debate.evolve import fold
from engine.debate.rules.course import go_on

TOPIC_CHARS = 2_000
MOST_ROUNDS = 20


def start(command: StartDebate) -> list[Event]:
    """A debate's first events: it is started, and the moderator called on.

    Raises:
        Rejected: the topic, the rounds or the budget will not do.
    """
    panel, by = command.panel, command.by
    topic = command.topic.strip()
    rounds = command.rounds or panel.rounds
    _check(topic, rounds)
    _check_budget(command)
    started = DebateStarted(
        topic=topic,
        panel=panel.id,
        panel_hash=command.panel_hash,
        language=panel.language,
        handoff=panel.handoff,
        rounds=rounds,
        answer_words=panel.answer_words,
        question_words=panel.question_words,
        seats=tuple(Seat(p.id, p.name, p.emoji, p.colour) for p in panel.personas),
        budget=command.budget,
        seed=command.seed,
        started_by=by.person if by else None,
        home=by.place if by else None,
        pace=command.pace,
        steering=command.steering,
        seat_wait_s=command.seat_wait_s,
        repeats_at=panel.repeats_at,
    )
    material = [MaterialAdded(m.name, m.text) for m in command.material]
    return [started, *material, *go_on(fold(None, [started, *material]))]


def _check(topic: str, rounds: int) -> None:
    if not topic:
        raise Rejected("The topic is empty. Say what to debate.")
    if len(topic) > TOPIC_CHARS:
        raise Rejected(
            "The topic has {length} characters; at most {most} fit. "
            "Put the rest into a file and hand it in as material.",
            length=len(topic),
            most=TOPIC_CHARS,
        )
    check_rounds(rounds)


def check_rounds(rounds: int) -> None:
    """Raises `Rejected` where nobody would read so many."""
    if not 1 <= rounds <= MOST_ROUNDS:
        raise Rejected(
            "A debate has 1 to {most} rounds, not {rounds}.", most=MOST_ROUNDS, rounds=rounds
        )


def _check_budget(command: StartDebate) -> None:
    budget, panel = command.budget, command.panel
    cards = sum(len(p.card) for p in panel.personas)
    head = head_tokens(command.topic, cards, (m.text for m in command.material))
    least = least_tokens(head, panel.answer_words, panel.question_words)
    if budget.tokens is not None and budget.tokens < least:
        raise Rejected(
            "A budget of {tokens} tokens does not pay for one turn and the close; "
            "this panel needs at least {least}.",
            tokens=budget.tokens,
            least=least,
        )
