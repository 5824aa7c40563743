"""What other records of a log say of a record: who asked, who voted, what was taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bots.chat.transcript.values import Votes
from engine.debate.events import (
    DebateClosed,
    MessageEdited,
    MessageErased,
    Record,
    SeatLapsed,
    SummaryGiven,
    SynthesisRequested,
    TurnRequested,
    TurnSpoken,
    Vote,
    VoteCast,
)


@dataclass(slots=True)
class References:
    """Looked up by a record's number in the log; votes by turn and person."""

    calls: dict[int, TurnRequested] = field(default_factory=dict)
    """The call that a turn, a summary or a seat's lapse answers."""
    ends: dict[int, SynthesisRequested] = field(default_factory=dict)
    """What called for a close."""
    edits: dict[int, Record] = field(default_factory=dict)
    """The last correction of a message or a person's turn."""
    erased: set[int] = field(default_factory=set)
    votes: dict[int, dict[str, Vote]] = field(default_factory=dict)

    def tally(self, turn: int) -> Votes:
        """How many liked this turn, and how many did not."""
        votes: Mapping[str, Vote] = self.votes.get(turn, {})
        return Votes(
            sum(vote > 0 for vote in votes.values()), sum(vote < 0 for vote in votes.values())
        )


def references(records: Sequence[Record]) -> References:
    """The references of a whole log."""
    found = References()
    call: TurnRequested | None = None
    end: SynthesisRequested | None = None
    for record in records:
        match record.event:
            case TurnRequested() as call:
                pass
            case SynthesisRequested() as end:
                pass
            case TurnSpoken() | SummaryGiven() | SeatLapsed() if call is not None:
                found.calls[record.n] = call
            case DebateClosed() if end is not None:
                found.ends[record.n] = end
            case _:
                _people(found, record)
    return found


def _people(found: References, record: Record) -> None:
    match record.event:
        case MessageEdited(of=of):
            found.edits[of] = record
        case MessageErased(of=of):
            found.erased.add(of)
        case VoteCast(turn=turn, by=by, vote=vote):
            found.votes.setdefault(turn, {})[by.id] = vote
