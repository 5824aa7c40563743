"""The promises, under any interleaving of speakers, people, failures and endings."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from engine.debate.closing import stand_in
from engine.debate.commands import (
    Command,
    GiveUpOnModel,
    RecordTurn,
    Rejected,
    ReportModelAway,
    Say,
    StopDebate,
)
from engine.debate.decide import decide
from engine.debate.events import (
    Budget,
    DebateClosed,
    Event,
    Kind,
    MessageHeard,
    Reason,
    SynthesisRequested,
    TurnRequested,
    TurnSpoken,
)
from engine.debate.evolve import evolve, fold
from engine.debate.prompt import Message, render
from engine.debate.state import Debate, Phase
from tests.debate.given import PANEL, REFUSED, close, head, speak, start

BUDGETS = st.sampled_from(
    [
        Budget(),
        Budget(turns=1),
        Budget(turns=5),
        Budget(seconds=3.0),
        Budget(tokens=6_000),
        Budget(turns=9, tokens=12_000),
    ]
)


class DebateMachine(RuleBasedStateMachine):
    """Commands as they may come: late, twice, out of order, in the middle of a turn."""

    def __init__(self) -> None:
        super().__init__()
        self.log: list[Event] = []
        self.debate: Debate
        self.asked: tuple[int, list[Message]] | None = None
        self.spoken: list[RecordTurn] = []
        self.said = 0

    def give(self, command: Command) -> list[Event]:
        try:
            events = decide(self.debate, command)
        except Rejected:
            return []
        for event in events:
            self.debate = evolve(self.debate, event)
        self.log += events
        return events

    @initialize(rounds=st.integers(1, 3), budget=BUDGETS)
    def begin(self, rounds: int, budget: Budget) -> None:
        self.log = decide(None, start(rounds=rounds, budget=budget))
        self.debate = fold(None, self.log)

    @precondition(lambda self: self.debate.head is None and self.debate.pending is not None)
    @rule()
    def start_head(self) -> None:
        self.give(head(self.debate))

    @precondition(lambda self: self.debate.pending is not None and self.debate.head is not None)
    @rule()
    def claim(self) -> None:
        """A worker fixes its horizon and asks the model."""
        self.asked = (self.debate.n, render(self.debate, PANEL))

    @precondition(lambda self: self.asked is not None and self.debate.pending is not None)
    @rule(tokens=st.integers(10, 900))
    def reply(self, tokens: int) -> None:
        assert self.asked is not None
        seen, messages = self.asked
        if self.debate.phase is Phase.DEBATING:
            before = render(self.debate, PANEL)[:-1]
            turn = speak(self.debate, tokens=tokens, seen=seen)
            self.spoken.append(turn)
            if before == messages[:-1] and self.give(turn):
                assert render(self.debate, PANEL)[: len(messages)] == messages
        else:
            self.give(close(self.debate))
        self.asked = None

    @precondition(lambda self: bool(self.spoken))
    @rule(data=st.data())
    def reply_again(self, data: st.DataObject) -> None:
        """A worker that was frozen wakes up with a turn recorded long ago."""
        late = data.draw(st.sampled_from(self.spoken))
        recorded = {event.turn for event in self.log if isinstance(event, TurnSpoken)}
        if late.turn in recorded:
            assert self.give(late) == []

    @rule(words=st.text(max_size=30), to=st.sampled_from([None, "ada", "nobody"]))
    def say(self, words: str, to: str | None) -> None:
        self.said += sum(isinstance(e, MessageHeard) for e in self.give(Say("Ana", words, to)))

    @rule()
    def stop(self) -> None:
        self.give(StopDebate("Ana"))

    @precondition(lambda self: self.debate.pending is not None)
    @rule()
    def model_away(self) -> None:
        assert self.debate.pending is not None
        self.give(ReportModelAway(self.debate.pending.turn, 1, REFUSED))

    @precondition(lambda self: self.debate.pending is not None)
    @rule()
    def give_up(self) -> None:
        assert self.debate.pending is not None
        reason = self.debate.reason or Reason.MODEL_AWAY
        written = stand_in(self.debate, reason)
        turn = self.debate.pending.turn
        self.give(GiveUpOnModel(turn, Reason.MODEL_AWAY, REFUSED, written))

    @invariant()
    def every_turn_but_the_last_asks_one_permitted_speaker(self) -> None:
        permitted: tuple[str, ...] = ()
        asked: str | None = None
        for event in self.log:
            if isinstance(event, TurnRequested):
                assert asked in (None, event.persona)
                permitted = event.ask
            elif isinstance(event, TurnSpoken) and event.kind is Kind.ORDER:
                asked = event.next
                assert (event.next in permitted) == bool(permitted)
                assert bool(event.question) == bool(permitted)

    @invariant()
    def turns_are_numbered_without_a_gap(self) -> None:
        turns = [event.turn for event in self.log if isinstance(event, TurnSpoken)]
        assert turns == list(range(1, len(turns) + 1))

    @invariant()
    def an_open_debate_always_has_something_to_do(self) -> None:
        assert (self.debate.pending is None) == (self.debate.phase is Phase.CLOSED)

    @invariant()
    def a_close_is_the_last_thing_and_says_why(self) -> None:
        closes = [event for event in self.log if isinstance(event, DebateClosed)]
        assert len(closes) == (self.debate.phase is Phase.CLOSED)
        if closes:
            assert self.log[-1] is closes[0]
            assert closes[0].synthesis.summary
            requested = [event for event in self.log if isinstance(event, SynthesisRequested)]
            assert [event.reason for event in requested] == [closes[0].reason]

    @invariant()
    def a_budget_of_turns_is_kept(self) -> None:
        most = self.debate.budget.turns
        assert most is None or self.debate.turn <= max(most, 1)

    @invariant()
    def nothing_said_is_lost(self) -> None:
        kept = len(self.debate.unheard)
        kept += sum(len(e.heard) for e in self.debate.head.exchanges) if self.debate.head else 0
        assert kept == self.said

    @invariant()
    def the_log_folds_to_the_state(self) -> None:
        assert fold(None, self.log) == self.debate


DebateMachine.TestCase.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
TestPromises = DebateMachine.TestCase
