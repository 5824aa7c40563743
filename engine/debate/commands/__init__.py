"""What may be asked of a debate. Time, ids and the model's words come in with a command."""

from __future__ import annotations

from engine.debate.commands.report import (
    EndForBudget,
    GiveUpOnModel,
    PassTime,
    RecordSynthesis,
    RecordTurn,
    Report,
    ReportModelAway,
    ReportQueued,
    Review,
    StartHead,
)
from engine.debate.commands.steering import (
    AddRound,
    CallNext,
    PauseDebate,
    ResumeDebate,
    SetPace,
    SkipTurn,
    Steer,
    StopDebate,
    SumUp,
)
from engine.debate.commands.talk import (
    Attach,
    CastVote,
    Correct,
    EndMirror,
    Erase,
    LeaveSeat,
    OpenMirror,
    Say,
    SpeakSeat,
    StartDebate,
    TakeSeat,
    Talk,
)
from engine.debate.commands.values import (
    Actor,
    Material,
    Rejected,
    Spent,
)

__all__ = [
    "Actor",
    "AddRound",
    "Attach",
    "CallNext",
    "CastVote",
    "Command",
    "Correct",
    "EndForBudget",
    "EndMirror",
    "Erase",
    "GiveUpOnModel",
    "LeaveSeat",
    "Material",
    "OpenMirror",
    "PassTime",
    "PauseDebate",
    "RecordSynthesis",
    "RecordTurn",
    "Rejected",
    "Report",
    "ReportModelAway",
    "ReportQueued",
    "ResumeDebate",
    "Review",
    "Say",
    "SetPace",
    "SkipTurn",
    "SpeakSeat",
    "Spent",
    "StartDebate",
    "StartHead",
    "Steer",
    "StopDebate",
    "SumUp",
    "TakeSeat",
    "Talk",
]

Command = StartDebate | Talk | Steer | Report
