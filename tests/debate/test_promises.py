"""The promises, under any interleaving of speakers, people, timers, failures and endings."""

from __future__ import annotations

import json
from dataclasses import replace

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
    Actor,
    AddRound,
    Attach,
    CallNext,
    CastVote,
    Command,
    Correct,
    EndForBudget,
    Erase,
    GiveUpOnModel,
    LeaveSeat,
    Material,
    PassTime,
    PauseDebate,
    RecordSynthesis,
    RecordTurn,
    Rejected,
    ReportClear,
    ReportModelAway,
    ReportObstacle,
    ReportQueued,
    ResumeDebate,
    Review,
    Say,
    SetPace,
    SkipTurn,
    SpeakSeat,
    StopDebate,
    SumUp,
    TakeSeat,
)
from engine.debate.context import new_head_for
from engine.debate.decide import decide
from engine.debate.events import (
    Budget,
    DebateClosed,
    DebateReopened,
    Event,
    HeadReason,
    HeadStarted,
    Kind,
    MessageEdited,
    MessageErased,
    MessageHeard,
    Pace,
    Reason,
    Scope,
    Steering,
    TurnRequested,
    TurnSkipped,
    TurnSpoken,
    Vote,
)
from engine.debate.evolve import evolve, fold
from engine.debate.folded import as_fields, from_fields
from engine.debate.limits import ASIDES
from engine.debate.pace import due_in_s
from engine.debate.panel import Handoff
from engine.debate.prompt import Grown, Message, render
from engine.debate.state import Cue, Debate, Phase
from tests.debate.given import (
    ANA,
    BEA,
    CONTEXT,
    HOME,
    MODEL,
    PANEL,
    REFUSED,
    close,
    head,
    speak,
    start,
)

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
PEOPLE = st.sampled_from([ANA, BEA])
PERSONAS = st.sampled_from([None, "mod", "ada", "bel", "cri", "nobody"])
STEERS = st.sampled_from(
    [PauseDebate, ResumeDebate, CallNext, SkipTurn, SumUp, AddRound, StopDebate]
)


class DebateMachine(RuleBasedStateMachine):
    """Commands as they may come: late, twice, out of order, in the middle of a turn."""

    def __init__(self) -> None:
        super().__init__()
        self.log: list[Event] = []
        self.debate: Debate
        self.asked: tuple[Cue, int, list[Message]] | None = None
        self.said: dict[int, str] = {}
        self.messages: list[str] = []
        self.grown = Grown()

    def give(self, command: Command) -> list[Event]:
        try:
            events = decide(self.debate, command)
        except Rejected:
            return []
        for event in events:
            self.debate = evolve(self.debate, event)
            self.log.append(event)
            if isinstance(event, MessageHeard | MessageEdited):
                self.said[self.debate.n] = event.text
            elif isinstance(event, HeadStarted) and event.reason is HeadReason.OVERFLOW:
                waiting = {heard.n for heard in self.debate.unheard}  # the rest is summed up
                self.said = {n: text for n, text in self.said.items() if n in waiting}
            elif isinstance(event, MessageErased):
                for n in (event.of, *event.others):
                    self.said.pop(n, None)
        if self.asked and self.asked[0] != self.debate.pending:
            self.asked = None  # the epoch was raised: whoever speaks now speaks in vain
        return events

    @initialize(
        rounds=st.integers(1, 3),
        budget=BUDGETS,
        rule=st.sampled_from(Handoff),
        pace=st.sampled_from(Pace),
        steering=st.sampled_from(Steering),
    )
    def begin(
        self, rounds: int, budget: Budget, rule: Handoff, pace: Pace, steering: Steering
    ) -> None:
        panel = replace(PANEL, handoff=rule)
        self.panel = panel
        command = replace(
            start(panel=panel, rounds=rounds, budget=budget), by=ANA, pace=pace, steering=steering
        )
        self.log = decide(None, command)
        self.debate = fold(None, self.log)

    @precondition(lambda self: self.debate.pending is not None)
    @rule()
    def claim(self) -> None:
        """A worker takes the debate up: it reviews the call, begins a head, fixes its horizon."""
        assert self.debate.pending is not None
        turn = self.debate.pending.turn
        if due_in_s(self.debate) is None or self.give(Review(turn)):
            return
        if self.debate.waiting.person is not None:
            self.give(PassTime(turn))
            return
        messages = render(self.debate, self.panel, self.grown)
        assert messages == render(self.debate, self.panel), "what was kept is as good as new"
        if reason := new_head_for(self.debate, messages, MODEL, CONTEXT):
            self.give(replace(head(self.debate), reason=reason))
            messages = render(self.debate, self.panel, self.grown)
        assert messages == render(self.debate, self.panel), "what was kept is as good as new"
        assert self.debate.pending is not None
        self.asked = (self.debate.pending, self.debate.n, messages)

    @precondition(lambda self: self.asked is not None)
    @rule(tokens=st.integers(10, 900), same=st.booleans())
    def reply(self, tokens: int, same: bool) -> None:
        assert self.asked is not None
        cue, seen, messages = self.asked
        erased = self.debate.head.erased
        spoken: RecordTurn | RecordSynthesis
        if cue.kind.is_synthesis:
            spoken = replace(close(self.debate), seen=seen)
        else:
            spoken = speak(self.debate, tokens=tokens, seen=seen)
            spoken = replace(spoken, answer="The same as ever.") if same else spoken
        assert self.give(spoken), "the reply to the pending cue is recorded"
        if self.debate.pending is not None and not erased:
            assert render(self.debate, self.panel)[: len(messages)] == messages
        assert self.give(spoken) == [] or cue.turn == 0, "and only once"
        self.asked = None

    @precondition(lambda self: self.debate.pending is not None)
    @rule(turns=st.integers(1, 4), tokens=st.integers(10, 900), same=st.booleans())
    def speak_on(self, turns: int, tokens: int, same: bool) -> None:
        """A worker that nobody disturbs."""
        for _ in range(turns):
            if self.debate.pending is not None:
                self.claim()
            if self.asked is not None:
                self.reply(tokens, same)

    @rule(by=PEOPLE, words=st.text(max_size=30), to=PERSONAS, known=st.booleans())
    def say(self, by: Actor, words: str, to: str | None, known: bool) -> None:
        message = f"m{len(self.log)}" if known else None
        before = self.debate
        events = self.give(Say(by, words, to, message))
        if events and message and isinstance(events[0], MessageHeard):
            self.messages.append(message)
        if before.pending and events and before.waiting.person is None:
            assert self.debate.pending == before.pending, "nobody is interrupted by a message"

    @precondition(lambda self: bool(self.messages))
    @rule(by=PEOPLE, words=st.text(max_size=30), data=st.data())
    def correct(self, by: Actor, words: str, data: st.DataObject) -> None:
        self.give(Correct(by, data.draw(st.sampled_from(self.messages)), words))

    @precondition(lambda self: bool(self.messages))
    @rule(by=PEOPLE, data=st.data())
    def erase(self, by: Actor, data: st.DataObject) -> None:
        self.give(Erase(by, data.draw(st.sampled_from(self.messages))))

    @rule(by=PEOPLE, command=STEERS)
    def steer(self, by: Actor, command: type[PauseDebate]) -> None:
        self.give(command(by))

    @rule(can_be_shown=st.booleans())
    def show(self, can_be_shown: bool) -> None:
        home = self.debate.started.home or HOME
        self.give(ReportClear(home) if can_be_shown else ReportObstacle(home, REFUSED))

    @rule(by=PEOPLE, pace=st.sampled_from(Pace))
    def change_pace(self, by: Actor, pace: Pace) -> None:
        self.give(SetPace(pace, by))

    @rule(by=PEOPLE, seat=PERSONAS)
    def take_seat(self, by: Actor, seat: str | None) -> None:
        self.give(TakeSeat(by, seat or ""))

    @rule(by=PEOPLE)
    def leave_seat(self, by: Actor) -> None:
        self.give(LeaveSeat(by))

    @rule(by=PEOPLE, question=st.sampled_from([None, "Why?"]))
    def speak_seat(self, by: Actor, question: str | None) -> None:
        self.give(SpeakSeat(by, "My own words.", question))

    @rule(by=PEOPLE, turn=st.integers(0, 6), vote=st.sampled_from((-1, 0, 1)))
    def vote(self, by: Actor, turn: int, vote: Vote) -> None:
        self.give(CastVote(by, turn, vote))

    @rule(by=PEOPLE)
    def attach(self, by: Actor) -> None:
        self.give(Attach(by, Material("notes.md", "Facts.")))

    @rule(queued=st.booleans())
    def model_away_or_full(self, queued: bool) -> None:
        turn = self.debate.pending.turn if self.debate.pending else 0
        self.give(ReportQueued(turn, 3) if queued else ReportModelAway(turn, 1, REFUSED))

    @precondition(lambda self: self.debate.pending is not None and self.debate.turn % 4 == 3)
    @rule()
    def give_up(self) -> None:
        assert self.debate.pending is not None
        reason = self.debate.reason or Reason.MODEL_AWAY
        written = stand_in(self.debate, reason)
        turn = self.debate.pending.turn
        self.give(GiveUpOnModel(turn, Reason.MODEL_AWAY, REFUSED, written))

    @precondition(lambda self: self.debate.turn % 4 == 2)
    @rule()
    def workspace_budget(self) -> None:
        self.give(EndForBudget(Reason.TOKEN_BUDGET, Scope.WORKSPACE))

    @invariant()
    def whoever_is_asked_speaks_next_in_the_order_and_asks_whom_they_may(self) -> None:
        permitted: tuple[str, ...] = ()
        asked: str | None = None
        for event in self.log:
            if isinstance(event, TurnRequested) and event.kind in (Kind.ORDER, Kind.STEP_IN):
                if event.kind is Kind.ORDER:
                    assert asked in (None, event.persona)
                permitted = event.ask
            elif isinstance(event, TurnSkipped | DebateReopened):
                asked = None
            elif isinstance(event, TurnSpoken) and event.kind is not Kind.SIDE:
                asked = event.next
                assert (event.next in permitted) == bool(permitted)
                assert bool(event.question) == bool(permitted)

    @invariant()
    def a_debate_that_was_put_away_is_taken_out_as_it_was(self) -> None:
        assert from_fields(json.loads(json.dumps(as_fields(self.debate)))) == self.debate

    @invariant()
    def turns_are_numbered_without_a_gap(self) -> None:
        turns = [event.turn for event in self.log if isinstance(event, TurnSpoken)]
        assert turns == list(range(1, len(turns) + 1))

    @invariant()
    def an_open_debate_always_has_somebody_called_on(self) -> None:
        if self.debate.phase is not Phase.CLOSED:
            assert self.debate.pending is not None
        elif self.debate.pending is not None:
            assert self.debate.pending.kind in (Kind.SIDE, Kind.SUMMARY)

    @invariant()
    def only_a_pause_a_step_or_a_person_keeps_a_debate_waiting_for_ever(self) -> None:
        if self.debate.pending is not None and due_in_s(self.debate) is None:
            assert self.debate.paused or self.debate.waiting.next_call
            assert self.debate.pending.kind in (Kind.ORDER, Kind.STEP_IN)

    @invariant()
    def every_close_says_why(self) -> None:
        closes = [event for event in self.log if isinstance(event, DebateClosed)]
        assert all(event.synthesis.summary for event in closes)
        if self.debate.phase is Phase.CLOSED:
            assert self.debate.reason is closes[-1].reason

    @invariant()
    def a_budget_of_turns_is_kept_but_for_those_who_were_let_wait(self) -> None:
        most = self.debate.budget.turns
        assert most is None or self.debate.turn <= max(most, 1) + ASIDES

    @invariant()
    def nothing_said_is_lost_and_nothing_erased_is_kept(self) -> None:
        exchanged = [heard for e in self.debate.head.exchanges for heard in e.heard]
        kept = {
            heard.n: heard.words.text
            for heard in (*exchanged, *self.debate.unheard)
            if isinstance(heard.words, MessageHeard | MessageEdited)
        }
        assert kept == self.said

    @invariant()
    def at_most_three_people_wait_for_an_answer(self) -> None:
        assert sum(aside.kind is Kind.SIDE for aside in self.debate.asides) <= ASIDES

    @invariant()
    def nobody_waits_when_nobody_is_called_on_and_nobody_asks_themselves(self) -> None:
        if self.debate.pending is None:
            assert self.debate.asides == ()
        else:
            assert self.debate.pending.persona not in self.debate.pending.ask

    @invariant()
    def nobody_has_two_seats(self) -> None:
        people = [person.id for person in self.debate.seats.values()]
        assert len(people) == len(set(people))
        assert "mod" not in self.debate.seats

    @invariant()
    def the_log_folds_to_the_state(self) -> None:
        assert fold(None, self.log) == self.debate


DebateMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestPromises = DebateMachine.TestCase
