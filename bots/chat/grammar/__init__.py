"""What a person's written words ask for: one grammar for every surface."""

from __future__ import annotations

from bots.chat.grammar.asks import (
    Ask,
    CodeMirror,
    Control,
    EndMirror,
    Export,
    Help,
    LeaveSeat,
    MakeMirror,
    Options,
    SetPace,
    Settings,
    Start,
    TakeSeat,
    Verb,
    VoteOn,
)
from bots.chat.grammar.known import Known
from bots.chat.grammar.misunderstood import Misunderstood
from bots.chat.grammar.parse import control, parse

__all__ = [
    "Ask",
    "CodeMirror",
    "Control",
    "EndMirror",
    "Export",
    "Help",
    "Known",
    "LeaveSeat",
    "MakeMirror",
    "Misunderstood",
    "Options",
    "SetPace",
    "Settings",
    "Start",
    "TakeSeat",
    "Verb",
    "VoteOn",
    "control",
    "parse",
]
