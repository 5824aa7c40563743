"""The texts that the room's scripts show, by the names that the scripts know them by."""

from __future__ import annotations

from bots.chat.i18n import Translate
from engine.debate.explained import marked as _

_COMMON = {
    "lost": _("The room does not answer. It will be tried again."),
    "not_sent": _("That could not be sent: the room does not answer."),
    "remove": _("Remove {name}"),
    "unknown_kind": _("{name} is of a kind that cannot be read; hand in a .txt, .md or .pdf file."),
    "too_large": _(
        "{name} has {size} MB; at most {most} MB are read. Hand in the part that matters."
    ),
}

_START = {
    "starting": _("Starting …"),
    "open": _("going on"),
    "closed": _("closed"),
    "nothing_yet": _("No debate was held here yet. Yours is the first."),
    "seats": _("{n} seats"),
    "one_round": _("{n} round"),
    "more_rounds": _("{n} rounds"),
    "no_topic": _("Say what to debate."),
    "no_name": _("Say what you are called."),
    "unreadable": _("{name} cannot be read any more; add it again."),
    "too_large_together": _(
        "Together the files have {size} MB; at most {most} MB fit. Leave one out: it can be handed "
        "in once the debate has begun."
    ),
}

_ROOM = {
    "moderator": _("moderator"),
    "aside": _("aside"),
    "step_in": _("steps in"),
    "by_person": _("spoken by {name}"),
    "filled_in": _("partly filled in"),
    "turn": _("Turn {n}"),
    "turn_of": _("Turn {n} of {of}"),
    "copy_link": _("Copy a link to turn {n}"),
    "copied": _("Copied"),
    "thinking": _("is thinking"),
    "summing_up": _("is summing up"),
    "speaking": _("speaking"),
    "next": _("next"),
    "interrupted": _("Interrupted. What was begun is not kept."),
    "asks": _("asks {name}"),
    "asked": _("{name} asked"),
    "answers": _("answers {name}"),
    "you": _("you"),
    "edited": _("edited"),
    "erased": _("{name} took this message back."),
    "erased_file": _("{name} took this file back."),
    "erased_turn": _("The words of this turn were taken back."),
    "edit": _("Edit"),
    "delete": _("Delete"),
    "delete_really": _("Really delete?"),
    "save": _("Save"),
    "cancel": _("Cancel"),
    "show_all": _("Show all"),
    "like": _("Good turn"),
    "dislike": _("Weak turn"),
    "synthesis": _("Synthesis"),
    "so_far": _("Synthesis so far"),
    "agreements": _("Agreements"),
    "disagreements": _("Disagreements"),
    "open_questions": _("Open questions"),
    "from_the_log": _("Written from the log, without the model."),
    "only_you": _("Only you see this"),
    "dismiss": _("Close this message"),
    "new_turns": _("New below"),
    "pause": _("Pause"),
    "resume": _("Go on"),
    "next_now": _("Next"),
    "skip": _("Skip"),
    "stop": _("Stop"),
    "stop_really": _("Really stop?"),
    "summary": _("Sum up"),
    "round": _("Another round"),
    "add_round": _("Add round"),
    "take_seat": _("Take seat"),
    "take_seat_of": _("Take the seat of {name}"),
    "leave_seat": _("Leave seat"),
    "in_seat": _("{name} sits here"),
    "your_seat": _("your seat"),
    "time_left": _("{time} left"),
    "budget_turns": _("Turns"),
    "budget_tokens": _("Tokens"),
    "budget_seconds": _("Speaking time"),
    "used_of": _("{used} of {of}"),
    "floor": _("You have the floor, in {name}'s seat"),
    "floor_short": _("Your turn"),
    "your_question_to": _("Your question to {name}"),
    "your_question": _("Your question"),
    "your_answer": _("Your answer"),
    "asked_whom": _("Whom the question goes to"),
    "speak": _("Speak"),
    "transcript": _("Transcript"),
    "material": _("Material"),
    "characters": _("{n} characters"),
    "handed_in": _("{who} handed in material: «{name}»."),
    "reconnecting": _("The line is down. Trying again …"),
    "command_help": _("Commands"),
    "people_help": _("Tag a persona: it answers next"),
    "download": _("Download"),
}


def start_texts(translate: Translate) -> dict[str, str]:
    """What the first page's script shows."""
    return _translated({**_COMMON, **_START}, translate)


def room_texts(translate: Translate) -> dict[str, str]:
    """What the room's script shows."""
    return _translated({**_COMMON, **_ROOM}, translate)


def _translated(texts: dict[str, str], translate: Translate) -> dict[str, str]:
    return {name: translate(text) for name, text in texts.items()}
